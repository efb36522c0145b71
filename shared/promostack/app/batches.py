"""work/batch: makes pictures of many codes, and clears away archives whose time is over.

One tenant's failure keeps no other waiting, and what is left is found again by its state with the next tick.
"""

import time
from collections.abc import Callable

from promostack.app import services
from promostack.core import log
from promostack.core.clock import SystemClock
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.integrations import spaces
from promostack.publishing import batches

MOST_TENANTS = 50
# Of the time budget: so long one tenant's batch may keep the others waiting.
TURN_S = 120.0

_sql = load("promostack.publishing")
_log = log.get("batches")


def run(seconds: float) -> dict[str, int]:
    """Does what is due within `seconds`; returns counts by kind of work, and how many tenants' work failed."""
    deadline = time.monotonic() + seconds
    counts = {"made": 0, "cleared": 0, "failed": 0}
    with unit_of_work(None) as tx:
        tenants = [row["tenant_id"] for row in tx.rows(_sql.tenants_with_batches, most=MOST_TENANTS)]
    for tenant_id in tenants:
        if time.monotonic() > deadline:
            break
        try:
            counts["cleared"] += batches.clear(tenant_id, SystemClock().now(), private=spaces.private_bucket())
            counts["made"] += services.batch_maker().run(tenant_id, _until(min(deadline, time.monotonic() + TURN_S)))
        except PromoError as error:
            counts["failed"] += 1
            _log.error("batch_failed", tenant=tenant_id, code=error.code, reason=error.message)
    return counts


def _until(end: float) -> Callable[[], bool]:
    return lambda: time.monotonic() < end
