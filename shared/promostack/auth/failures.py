"""Refused callers, counted by minute, reason and caller: what support reads when somebody cannot get in."""

from promostack.core import log
from promostack.core.errors import Unavailable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work

_sql = load(__package__)
_log = log.get("auth")


def record(*, reason: str, function: str, host: str, actor: str, request_id: str) -> None:
    """Counts one refusal; never raises, because the refusal itself matters more."""
    facts = {"reason": reason, "function": function, "host": host[:100], "actor": actor[:100]}
    _log.warning("refused", **facts)
    try:
        with unit_of_work(None) as tx:
            tx.run(_sql.record_failure, **facts, request_id=request_id)
    except Unavailable as error:
        _log.warning("refusal_not_recorded", code=error.code)
