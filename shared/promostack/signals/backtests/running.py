"""Makes the backtests that tenants asked for, by the engine that also works live."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from promostack.core import ids, log
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.signals import market, repository, stored
from promostack.signals.backtests.report import report_of
from promostack.signals.contract import Strategy
from promostack.signals.results import result_of
from promostack.signals.statistics import Sample

if TYPE_CHECKING:
    from promostack.core.clock import Clock
    from promostack.signals.models import Signal

_sql = load(__package__)
_log = log.get("backtests")

LEASE_S, MOST_ATTEMPTS, MOST_LIVE = 120, 3, 1_000
QUARTERS_A_DAY = 96

StrategyOf = Callable[[str, Mapping[str, Any]], Strategy]


class TakenOver(Exception):
    """Somebody else makes it now."""


@dataclass(frozen=True)
class _Held:
    tenant_id: str
    id: str
    lease_token: str

    def note(self, progress: int) -> None:
        """Keeps the lease. Raises TakenOver."""
        with unit_of_work(self.tenant_id) as tx:
            if not tx.run(_sql.note_progress, **self._key(), progress=progress, lease_s=LEASE_S):
                raise TakenOver

    def finish(self, now: datetime, *, report: Mapping[str, Any] | None = None, problem: str | None = None) -> None:
        state, told = ("done", json.dumps(report)) if report is not None else ("failed", None)
        with unit_of_work(self.tenant_id) as tx:
            tx.run(_sql.finish_backtest, **self._key(), state=state, report=told, problem=problem, now=now)

    def _key(self) -> dict[str, str]:
        return {"tenant_id": self.tenant_id, "id": self.id, "lease_token": self.lease_token}


def make(tenant_id: str, strategy_of: StrategyOf, clock: Clock) -> bool:
    """Makes the tenant's backtest; False when there is none, or somebody else makes it."""
    token = ids.opaque_id()
    with unit_of_work(tenant_id) as tx:
        taken = tx.row(_sql.take_backtest, tenant_id=tenant_id, lease_token=token, lease_s=LEASE_S)
    if taken is None:
        return False
    held = _Held(tenant_id, str(taken["id"]), token)
    if taken["attempts"] > MOST_ATTEMPTS:
        held.finish(clock.now(), problem="It was begun three times and never came to its end. Try fewer days.")
        return True
    try:
        report = _report(tenant_id, taken, strategy_of, clock.now(), held.note)
    except TakenOver:
        return False
    except PromoError as error:
        _log.warning("backtest_failed", backtest=held.id, code=error.code, reason=error.message)
        held.finish(clock.now(), problem=error.message)
    else:
        held.finish(clock.now(), report=report)
    return True


def _report(
    tenant_id: str,
    taken: Mapping[str, Any],
    strategy_of: StrategyOf,
    now: datetime,
    note: Callable[[int], None],
) -> dict[str, Any]:
    strategy, since = strategy_of(taken["strategy"], taken["params"]), now - timedelta(days=taken["days"])
    most = taken["days"] * QUARTERS_A_DAY + market.HISTORY_BARS
    with unit_of_work(None) as tx:
        quarters = market.load_candles(tx, market.SYMBOL, market.BASE, before=now, most=most)
        finer = market.load_candles(tx, market.SYMBOL, market.WATCH, before=now, since=since, most=3 * most)
    with unit_of_work(tenant_id) as tx:
        settings = repository.find_settings(tx, tenant_id)
        closed = repository.list_signals(tx, tenant_id, state="closed", strategy=taken["strategy"], most=MOST_LIVE)
    return report_of(
        strategy,
        quarters,
        finer,
        since=since,
        rails=settings.rails if settings else None,
        costs=stored.costs_from(taken["costs"]),
        live=[_sample(each) for each in closed if each.bar_closed_at >= since],
        note=note,
    )


def _sample(signal: Signal) -> Sample:
    position = signal.position
    assert position is not None
    assert position.outcome is not None
    assert position.closed_at is not None
    result = result_of(signal.plan, position.legs, signal.costs)
    return Sample(
        closed_at=position.closed_at,
        outcome=position.outcome,
        hit=position.hit,
        net_r=result.net_r,
        net_usd=result.net_usd,
        net_pips=result.net_pips,
        ambiguous=position.ambiguous,
        gap_fills=position.gap_fills,
    )
