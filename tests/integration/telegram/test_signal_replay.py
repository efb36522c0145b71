"""A day of live functions on a feed that lags, with ticks that are missed or doubled, against the batch backtest."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from promostack.db.uow import unit_of_work
from promostack.signals import backtest, duty, market, repository
from promostack.signals.backtest import Moment
from promostack.signals.bars import History
from strategies.strategy_loader import load_strategies
from tests.integration.signals.conftest import _vendor_server, client, vendor  # noqa: F401  # fixtures
from tests.integration.signals.conftest import market as market_fixture  # noqa: F401
from tests.integration.telegram.test_signals import Tenant, tenant  # noqa: F401

BEGIN = datetime(2024, 3, 5, 7, 45, tzinfo=UTC)
HOURS = 12
STRATEGIES, _ = load_strategies()
KEY = "aggressive"
FAULTY = {"lag_s": 75.0, "missed": 0.05, "doubled": 0.05}
PERFECT = {"lag_s": 0.0, "missed": 0.0, "doubled": 0.0}


def strategy_of(key: str, params: Mapping[str, Any]) -> Any:
    return STRATEGIES[key](params)


def live(tenant: Tenant, *, lag_s: float, missed: float, doubled: float) -> Counter[str]:  # noqa: F811
    """Each minute as the tick does: a scan while the newest bar is not stored, and a look at what is open."""
    chance, counted = random.Random(5), Counter()
    tenant.clock.answer(lag_s=lag_s, doubled=0.02)
    for minute in range(HOURS * 60):
        if chance.random() < missed:
            counted["missed"] += 1
            continue
        tenant.clock.stand_at(BEGIN + timedelta(minutes=minute, seconds=5))
        times = 2 if chance.random() < doubled else 1
        counted["doubled"] += times - 1
        for _ in range(times):
            tenant.forget_waits()
            if duty.is_scan_due(tenant.clock.at):
                tenant.forex.scan(strategy_of, 30)
            if duty.is_track_due(tenant.clock.at):
                tenant.forex.track(30)
    return counted


def lived(tenant: Tenant) -> list[tuple]:  # noqa: F811
    """Each closed signal: plan, publication, legs, end, events."""
    with unit_of_work(tenant.id) as tx:
        found = repository.list_signals(tx, tenant.id, state="published", most=200)
        return [
            (each.plan, each.position.published_at, each.position.legs, each.position.outcome,
             repository.list_events(tx, tenant.id, each.id))
            for each in reversed(found) if each.state == "closed"
        ]  # fmt: skip


def batch(tenant: Tenant, recorded: bool) -> tuple[list[tuple], Counter[str]]:  # noqa: F811
    """The same bars in one go; `recorded`: with the times at which they were evaluated and published."""
    with unit_of_work(None) as tx:
        quarters = market.load_candles(tx, "XAUUSD", "15min", before=tenant.clock.at)
        finer = market.load_candles(tx, "XAUUSD", "5min", before=tenant.clock.at)
    rows = tenant.house.database.query(
        "SELECT e.bar_closed_at, e.evaluated_at, s.published_at FROM signal_evaluations AS e"
        " LEFT JOIN signals AS s ON s.tenant_id = e.tenant_id AND s.bar_closed_at = e.bar_closed_at"
        " WHERE e.tenant_id = %s",
        tenant.id,
    )
    schedule = {at: Moment(evaluated if recorded else at, published and (published if recorded else at))
                for at, evaluated, published in rows}  # fmt: skip
    report = backtest.run(STRATEGIES[KEY](), History(quarters), finer=finer, schedule=schedule)
    trades = [
        (each.position.plan, each.position.published_at, each.position.legs, each.position.outcome, list(each.events))
        for each in report.trades
    ]
    return trades, report.fates


@pytest.mark.long
def test_a_day_with_lag_and_lost_ticks_equals_the_batch_with_the_recorded_times(tenant: Tenant) -> None:  # noqa: F811
    tenant.clock.stand_at(BEGIN)
    tenant.choose(strategy=KEY)
    tenant.house.database.query("UPDATE signal_settings SET params = '{}' WHERE tenant_id = %s", tenant.id)
    counted = live(tenant, **FAULTY)
    trades, fates = batch(tenant, recorded=True)

    assert counted["missed"] > 20
    assert counted["doubled"] > 20
    assert len(trades) >= 3
    assert lived(tenant) == trades
    assert Counter(tenant.fates().values()) == fates
    closes = [BEGIN + timedelta(minutes=15 * n) for n in range(1, HOURS * 4 - 2)]
    assert [at for at in closes if at not in tenant.fates()] == [], "no closed bar was passed over"
    keys = tenant.house.database.query("SELECT idempotency_key FROM outbox WHERE tenant_id = %s", tenant.id)
    assert len(keys) == len(set(keys))
    texts = Counter(text for text in tenant.texts() if "ENTRY" in text)
    assert len(texts) == len(lived(tenant)) + len([1 for (state,) in tenant.signals("state") if state == "open"])


@pytest.mark.long
def test_a_day_without_faults_equals_the_batch_without_any_times(tenant: Tenant) -> None:  # noqa: F811
    tenant.clock.stand_at(BEGIN)
    tenant.choose(strategy=KEY)
    tenant.house.database.query("UPDATE signal_settings SET params = '{}' WHERE tenant_id = %s", tenant.id)
    live(tenant, **PERFECT)
    trades, fates = batch(tenant, recorded=False)

    found = [(plan, legs, outcome, events) for plan, _, legs, outcome, events in lived(tenant)]
    assert len(found) >= 3
    assert found == [(plan, legs, outcome, events) for plan, _, legs, outcome, events in trades]
    assert Counter(tenant.fates().values()) == fates
