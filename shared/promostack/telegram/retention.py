"""How long what is finished is kept.

Updates: as long as Telegram may deliver one again, and the parked ones for support. Messages: for the lists, the chat
histories and a second sending of dead letters; those of a channel post as long as the post, which is edited and deleted
by them. Figures do not suffer: they come from usage events, which are kept.
"""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

# Telegram delivers for 24 hours; ids must be known for 48 (its documentation of update_id).
FINISHED_KEPT = timedelta(hours=48)
PARKED_KEPT = timedelta(days=30)
MESSAGES_KEPT = timedelta(days=90)

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


def sweep_messages(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` messages that ended long ago; returns how many."""
    with unit_of_work(tenant_id) as tx:
        return tx.run(_sql.drop_finished_messages, tenant_id=tenant_id, before=now - MESSAGES_KEPT, most=most)
