"""work/backtest: makes the backtests that tenants asked for. What is left is found again by its state."""

import time
from typing import Any

from promostack.core.clock import SystemClock
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.signals.backtests import running
from promostack.signals.backtests.running import StrategyOf

MOST_TENANTS = 50

_sql = load("promostack.signals.backtests")


def run(strategy_of: StrategyOf, seconds: float) -> dict[str, Any]:
    """Tenant by tenant within the time; returns how many were made."""
    deadline, made = time.monotonic() + seconds, 0
    with unit_of_work(None) as tx:
        tenants = [str(row["tenant_id"]) for row in tx.rows(_sql.tenants_with_backtests, most=MOST_TENANTS)]
    for tenant_id in tenants:
        if time.monotonic() < deadline:
            made += running.make(tenant_id, strategy_of, SystemClock())
    return {"made": made}
