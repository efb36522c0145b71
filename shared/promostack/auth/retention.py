"""What signing in leaves behind, and how long it is kept."""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

FAILURES_KEPT = timedelta(days=90)

_sql = load(__package__)


def sweep_tries(now: datetime, most: int) -> int:
    """Forgets up to `most` counts of password tries whose window is over; returns how many."""
    with unit_of_work(None) as tx:
        return tx.run(_sql.drop_ended_tries, now=now, most=most)


def sweep_failures(now: datetime, most: int) -> int:
    """Forgets up to `most` recorded refusals of more than 90 days ago; returns how many."""
    with unit_of_work(None) as tx:
        return tx.run(_sql.drop_old_failures, before=now - FAILURES_KEPT, most=most)
