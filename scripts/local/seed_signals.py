"""Two weeks of the demo tenant's signals: what its strategy would have posted, by the same code, on made-up candles.

The candles are those that the vendor's stand-in tells, so that the pages show the same market as a signal of today.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from promostack.core import config
from promostack.core.clock import SystemClock
from promostack.db.uow import Transaction, unit_of_work
from promostack.integrations.twelve_data import TwelveData
from promostack.signals import backtest, baselines, ledger, market, repository
from promostack.signals.backtest import Trade
from promostack.signals.bars import History
from promostack.signals.candles import Candles
from promostack.signals.evaluation import Evaluation
from promostack.signals.models import Signal
from promostack.signals.positions import publish
from promostack.signals.results import Costs, result_of
from strategies.aggressive import Aggressive

WEEKS = timedelta(weeks=2)
JUMP = 0.01
SENT_AFTER = timedelta(seconds=2)


def seed_signals(tenant_id: str, *, now: datetime) -> int:
    """Writes them, oldest first, unless the tenant has any; returns how many."""
    with unit_of_work(tenant_id) as tx:
        if repository.list_signals(tx, tenant_id, most=1):
            return 0
    feed = TwelveData(config.require("TWELVE_DATA_API_BASE"), config.require("TWELVE_DATA_API_KEY"))
    market.Market(feed, SystemClock()).refresh()
    with unit_of_work(None) as tx:
        candles = market.load_candles(tx, market.SYMBOL, market.BASE, before=now)
    candles, since = _span(candles, now)
    strategy = Aggressive()
    report = backtest.run(strategy, History(candles), since=since)
    ended = {trade.bar_closed_at: trade for trade in report.trades}
    with unit_of_work(tenant_id) as tx:
        repository.hold(tx, tenant_id)
        known = [each for each in report.plans if each.bar_closed_at in ended or each.fate == "blocked"]
        for found in known:
            _write(tx, tenant_id, strategy, found, ended.get(found.bar_closed_at))
        baselines.refresh(tx, tenant_id, History(candles), now=now)
    return len(known)


def _span(candles: Candles, now: datetime) -> tuple[Candles, datetime]:
    """(candles, from when). The stand-in's candles begin anew every four weeks, and there the price jumps, as no market
    does: of the last weeks the longer side of it."""
    since = now - WEEKS
    steps = np.abs(candles.open[1:] / candles.close[:-1] - 1)
    jumps = [datetime.fromtimestamp(int(stamp), UTC) for stamp in candles.stamps[1:][steps > JUMP]]
    seam = max((at for at in jumps if at > since), default=None)
    if seam is None or now - seam >= WEEKS / 2:
        return candles, seam or since
    return candles.take(candles.stamps < seam.timestamp()), since


def _write(tx: Transaction, tenant_id: str, strategy: Aggressive, found: Evaluation, trade: Trade | None) -> None:
    """A plan with all that came of it, in the record too."""
    assert found.plan is not None
    at = found.bar_closed_at
    signal = Signal(
        id=f"{strategy.key}-{at:%Y%m%dT%H%M}",
        symbol=market.SYMBOL,
        strategy=strategy.key,
        bar_interval=strategy.interval,
        bar_closed_at=at,
        plan=found.plan,
        costs=Costs(),
        state="closed" if trade else "unpublished",
        draft=publish(found.plan, strategy.terms, at=at, readings=found.readings),
        reason="" if trade else found.reason,
    )
    repository.add_signal(tx, tenant_id, signal, fingerprint=strategy.fingerprint)
    body = ledger.plan_body(signal.id, strategy, found, symbol=market.SYMBOL, costs=signal.costs)
    repository.append(tx, tenant_id, at=at, kind="plan", body=body)
    if trade is None:
        repository.append(
            tx, tenant_id, at=at, kind="fate", body=ledger.fate_body(signal.id, "blocked", reason=signal.reason)
        )
        return
    _write_life(tx, tenant_id, signal, trade)


def _write_life(tx: Transaction, tenant_id: str, signal: Signal, trade: Trade) -> None:
    position = trade.position
    body = ledger.fate_body(signal.id, "published", published_at=position.published_at)
    repository.append(tx, tenant_id, at=position.published_at + SENT_AFTER, kind="fate", body=body)
    repository.save_signal(tx, tenant_id, replace(signal, position=position))
    repository.add_events(tx, tenant_id, signal.id, trade.events)
    for event in trade.events:
        if event.kind != "closed":
            body = ledger.event_body(signal.id, event)
            repository.append(tx, tenant_id, at=event.at + SENT_AFTER, kind="event", body=body)
    result = result_of(signal.plan, position.legs, signal.costs)
    repository.append(
        tx,
        tenant_id,
        at=trade.closed_at + SENT_AFTER,
        kind="closed",
        body=ledger.closed_body(signal.id, position, result),
    )
