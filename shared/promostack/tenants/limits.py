"""How often one actor may do a thing: fixed windows in Postgres, shared by all containers."""

import math
from datetime import datetime, timedelta

from promostack.core.errors import TooManyRequests
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work

_sql = load(__package__)


def count(
    tx: Transaction,
    tenant_id: str,
    *,
    action: str,
    actor: str,
    limit: int,
    window_s: float,
    now: datetime,
    message: str,
) -> None:
    """Counts one call of `actor`; raises TooManyRequests with the seconds until the window ends.

    The window starts with the actor's first call. The caller's rollback takes the count back.
    """
    row = tx.row(
        _sql.count_hit,
        tenant_id=tenant_id,
        action=action,
        actor=actor,
        now=now,
        window_ends_at=now + timedelta(seconds=window_s),
    )
    if row is not None and row["hits"] > limit:
        wait_s = (row["window_ends_at"] - now).total_seconds()
        raise TooManyRequests(message, retry_after_s=math.ceil(wait_s))


def uncount(tx: Transaction, tenant_id: str, *, action: str, actor: str, now: datetime) -> None:
    """Gives the actor one call back."""
    tx.run(_sql.uncount_hit, tenant_id=tenant_id, action=action, actor=actor, now=now)


def sweep(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` counts whose window is over; returns how many."""
    with unit_of_work(tenant_id) as tx:
        return tx.run(_sql.drop_ended_limits, tenant_id=tenant_id, now=now, most=most)
