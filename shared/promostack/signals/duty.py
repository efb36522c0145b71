"""What the tick asks each minute, without numpy: is a bar due, is a signal alive, does a message wait too long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import outbox
from promostack.signals import market_calendar

_sql = load(__package__)

SYMBOL, BASE = "XAUUSD", "15min"
QUARTER = timedelta(minutes=15)
# A scan that died after it had stored the bar is made up for within these minutes; later the bar is stale.
LOOK_AGAIN = timedelta(minutes=5)
# So long after its end a signal's message is still brought up to date, whatever was down meanwhile.
MENDS_WITHIN = timedelta(days=3)


def withdraw_stale(now: datetime) -> int:
    """Takes back messages of signals that are too late, before any sender starts; returns how many."""
    withdrawn = 0
    for tenant_id in _tenants():
        with unit_of_work(tenant_id) as tx:
            for row in tx.rows(_sql.stale_drafts, tenant_id=tenant_id, now=now):
                withdrawn += outbox.withdraw(tx, tenant_id, id=row["outbox_id"], reason="stale")
    return withdrawn


def is_scan_due(now: datetime) -> bool:
    """When a quarter-hour of market hours has just closed, or one that closed is not stored."""
    closed_at = datetime.fromtimestamp(int(now.timestamp()) // 900 * 900, UTC)
    if not market_calendar.is_open(closed_at - QUARTER) or not _tenants():
        return False
    if now < closed_at + LOOK_AGAIN:
        return True
    with unit_of_work(None) as tx:
        newest = tx.value(_sql.newest_bar, symbol=SYMBOL, bar_interval=BASE)
    return newest is None or newest + QUARTER < closed_at


def is_track_due(now: datetime) -> bool:
    """While any signal has not ended, or its end was not told."""
    for tenant_id in _tenants():
        with unit_of_work(tenant_id) as tx:
            if tx.value(_sql.count_living, tenant_id=tenant_id, since=now - MENDS_WITHIN):
                return True
    return False


def has_tenants() -> bool:
    """Whether any tenant's signals are on, or not yet ended."""
    return bool(_tenants())


def _tenants() -> list[str]:
    with unit_of_work(None) as tx:
        return [str(row["tenant_id"]) for row in tx.rows(_sql.tenants_with_signals)]
