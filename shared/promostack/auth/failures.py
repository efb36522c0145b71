"""Refused callers, counted by minute, reason and caller: what support reads when somebody cannot get in."""

from dataclasses import dataclass
from datetime import datetime

from promostack.core import cursors, log
from promostack.core.errors import Unavailable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work

_sql = load(__package__)
_log = log.get("auth")

# What a page's last item is found again by.
_PLACE = ("at", "reason", "function", "host", "actor")
# What somebody asks for is cut to this; all that is kept is ours and shorter.
_LONGEST = 253


@dataclass(frozen=True)
class Failure:
    """Calls refused in the minute `at` for one reason; `request_id` is that of the latest."""

    at: datetime
    reason: str
    function: str
    host: str
    actor: str
    times: int
    request_id: str | None


def record(*, reason: str, function: str, host: str, actor: str, request_id: str) -> None:
    """Counts one refusal. `host` is one of ours or `other`, so that no caller chooses how many rows he fills.

    An unreachable database is logged and not raised, because the refusal itself matters more.
    """
    facts = {"reason": reason, "function": function, "host": host, "actor": actor}
    _log.warning("refused", **facts)
    try:
        with unit_of_work(None, is_durable=False) as tx:
            tx.run(_sql.record_failure, **facts, request_id=request_id)
    except Unavailable as error:
        _log.warning("refusal_not_recorded", code=error.code)


def list_failures(*, limit: int, cursor: str | None, reason: str | None) -> tuple[list[Failure], str | None]:
    """A page, newest first, and the cursor of the next one. Raises Unprocessable for a cursor of somebody's own."""
    place = cursors.decode(cursor, cursors.moment, *[cursors.text] * 4) if cursor else (None,) * len(_PLACE)
    after = dict(zip(_PLACE, place, strict=True))
    with unit_of_work(None) as tx:
        rows = tx.rows(_sql.list_failures, **after, wanted=reason and _stored(reason), most=limit + 1)
    page = [Failure(**row) for row in rows[:limit]]
    following = [getattr(page[-1], name) for name in _PLACE] if len(rows) > limit else None
    return page, cursors.encode(*following) if following else None


def _stored(text: str) -> str:
    """As Postgres can keep it: bounded, and without NUL and half characters."""
    return text[:_LONGEST].replace("\0", "").encode(errors="replace").decode()
