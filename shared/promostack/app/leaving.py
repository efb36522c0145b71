"""work/leaving: makes exports, forgets people, deletes tenants whose time has come.

One tenant's failure keeps no other waiting, and what is left is found again by its state with the next tick.
"""

import time
from collections.abc import Callable

from promostack.core import log
from promostack.core.clock import SystemClock
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.integrations import spaces
from promostack.leaving import erasure, exports
from promostack.leaving.closing import Eraser
from promostack.leaving.exports import Exporter
from promostack.telegram import goodbye

MOST_TENANTS = 50

_sql = load("promostack.leaving")
_log = log.get("leaving")


def run(seconds: float) -> dict[str, int]:
    """Does what is due within `seconds`; returns counts by kind of work, and how many tenants' work failed."""
    deadline = time.monotonic() + seconds
    counts = {"exported": 0, "exports_cleared": 0, "forgotten": 0, "deleted": 0, "failed": 0}
    with unit_of_work(None) as tx:
        tenants = dict.fromkeys(row["tenant_id"] for row in tx.rows(_sql.tenants_leaving, most=MOST_TENANTS))
    for tenant_id in tenants:
        if time.monotonic() > deadline:
            break
        try:
            for name, done in _work(tenant_id, lambda: time.monotonic() < deadline):
                counts[name] += done()
        except PromoError as error:
            counts["failed"] += 1
            _log.error("leaving_failed", tenant=tenant_id, code=error.code, reason=error.message)
    return counts


def _work(tenant_id: str, is_time_left: Callable[[], bool]) -> list[tuple[str, Callable[[], int]]]:
    """What may be due for a tenant, in this order: whoever is to be forgotten gets into no export any more, and the
    data are saved before they are deleted."""
    clock = SystemClock()
    private, public = spaces.private_bucket(), spaces.public_bucket()
    return [
        ("forgotten", lambda: erasure.run(tenant_id, clock.now(), private=private)),
        ("exported", lambda: Exporter(private, public, clock).run(tenant_id)),
        ("exports_cleared", lambda: exports.clear_expired(tenant_id, clock.now(), private=private)),
        ("deleted", lambda: Eraser((private, public), _unhook, clock).run(tenant_id, is_time_left=is_time_left)),
    ]


def _unhook(tenant_id: str, bot_id: str) -> None:
    from promostack.integrations import telegram_bot

    goodbye.unhook(tenant_id, bot_id, call=telegram_bot.call)
