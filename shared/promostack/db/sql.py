"""Named SQL: every statement lives in a `queries.sql`, under a name and one line of purpose.

-- name: find_template
-- The published template of that slug.
SELECT ...
"""

import importlib.resources
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
    return Queries(importlib.resources.files(package).joinpath("queries.sql").read_text("utf-8"))
