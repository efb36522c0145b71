"""What checking codes leaves behind, and how long it is kept."""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

# Guesses count for an hour.
MISSES_KEPT = timedelta(hours=2)

_sql = load(__package__)


def sweep_checks(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` expired answers of providers; returns how many."""
    with unit_of_work(tenant_id) as tx:
        return tx.run(_sql.drop_expired_checks, tenant_id=tenant_id, now=now, most=most)


def sweep_misses(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` wrong codes that no limit counts any more; returns how many."""
    with unit_of_work(tenant_id) as tx:
        return tx.run(_sql.drop_old_misses, tenant_id=tenant_id, before=now - MISSES_KEPT, most=most)
