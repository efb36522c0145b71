"""What the limiter no longer needs: chats that nobody has written to lately are free, with or without a row."""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

# A group's last sends count for a minute; the rest is for clocks that differ.
IDLE_KEPT = timedelta(minutes=10)

_sql = load(__package__)


def sweep_chats(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` idle chats; returns how many."""
    with unit_of_work(tenant_id, is_durable=False) as tx:
        return tx.run(_sql.drop_idle_chats, tenant_id=tenant_id, before=now - IDLE_KEPT, most=most)
