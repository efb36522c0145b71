"""Named SQL: every statement lives in a `queries.sql`, under a name and one line of purpose.

-- name: find_template
-- The published template of that slug.
SELECT ...
"""

import pkgutil
import re
from functools import cache

_HEAD = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)\n-- (?P<purpose>.+)\n", re.M)


class Queries:
    """The statements of one file as attributes; an unknown name raises AttributeError where it is used."""

    def __init__(self, source: str) -> None:
        heads = list(_HEAD.finditer(source))
        ends = [head.start() for head in heads[1:]] + [len(source)]
        self._statements = {
            head["name"]: source[head.start() : end].strip() for head, end in zip(heads, ends, strict=True)
        }

    def __getattr__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(f"no query named {name}") from None

    def names(self) -> list[str]:
        """All names, in the file's order."""
        return list(self._statements)


@cache
def load(package: str) -> Queries:
    """The queries of a package's `queries.sql`; call as `load(__package__)`."""
    # Not importlib.resources, which takes longer to import than all the rest of a short call.
    source = pkgutil.get_data(package, "queries.sql")
    assert source is not None
    return Queries(source.decode())
