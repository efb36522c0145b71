"""How long finished updates are kept: as long as Telegram may deliver one again, and the parked ones for support."""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

# Telegram delivers for 24 hours; ids must be known for 48 (its documentation of update_id).
FINISHED_KEPT = timedelta(hours=48)
PARKED_KEPT = timedelta(days=30)

_sql = load(__package__)


def sweep_updates(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` updates that were finished long ago; returns how many."""
    with unit_of_work(tenant_id) as tx:
        return tx.run(
            _sql.drop_finished_updates,
            tenant_id=tenant_id,
            before=now - FINISHED_KEPT,
            parked_before=now - PARKED_KEPT,
            most=most,
        )
