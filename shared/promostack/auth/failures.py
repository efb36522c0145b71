"""Refused callers, counted by minute, reason and caller: what support reads when somebody cannot get in."""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from promostack.core import log
from promostack.core.errors import Unavailable, Unprocessable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work

_sql = load(__package__)
_log = log.get("auth")

# No host name is longer than a name of DNS; the others are ours.
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
    """Counts one refusal; an unreachable database is logged and not raised, because the refusal itself matters more."""
    facts = {"reason": reason, "function": function, "host": _stored(host), "actor": actor}
    _log.warning("refused", **facts)
    try:
        with unit_of_work(None, is_durable=False) as tx:
            tx.run(_sql.record_failure, **facts, request_id=request_id)
    except Unavailable as error:
        _log.warning("refusal_not_recorded", code=error.code)


def list_failures(*, limit: int, cursor: str | None, reason: str | None) -> tuple[list[Failure], str | None]:
    """A page, newest first, and the cursor of the next one. Raises Unprocessable for a cursor of somebody's own."""
    after = _position(cursor) if cursor else dict.fromkeys(_KEY)
    with unit_of_work(None) as tx:
        rows = tx.rows(_sql.list_failures, **after, wanted=reason and _stored(reason), most=limit + 1)
    page = [Failure(**row) for row in rows[:limit]]
    return page, _cursor(page[-1]) if len(rows) > limit else None


_KEY = ("at", "reason", "function", "host", "actor")


def _cursor(last: Failure) -> str:
    key: list[Any] = [asdict(last)[name] for name in _KEY]
    return base64.urlsafe_b64encode(json.dumps([key[0].isoformat(), *key[1:]]).encode()).decode()


def _position(cursor: str) -> dict[str, Any]:
    try:
        at, *rest = json.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or len(rest) != len(_KEY) - 1 or any(part != _stored(part) for part in rest):
            raise ValueError("not a place in the list")
        moment = moment.astimezone(UTC)
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error, RecursionError) as error:
        message = "give what `next` said, or leave it out"
        raise Unprocessable(f"Check the cursor: {message}.", fields={"cursor": message}) from error
    return dict(zip(_KEY, [moment, *rest], strict=True))


def _stored(text: str) -> str:
    """As Postgres can keep it: bounded, and without NUL and half characters."""
    return text[:_LONGEST].replace("\0", "").encode(errors="replace").decode()
