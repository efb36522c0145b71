"""The reference agrees to the cent on every signal of the real excerpt, and knows nothing of ours."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from promostack.signals import backtest
from promostack.signals.contract import Strategy
from promostack.signals.rails import Rails
from strategies.strategy_loader import load_strategies
from tests.strategies.market import real
from tests.unit.signals import reference_pnl

REFERENCE = Path(reference_pnl.__file__)
STRATEGIES, _ = load_strategies()
BARS = reference_pnl.load()
# Loosened so that there are many signals of each outcome; a thesis is not the reference's business.
ALWAYS = Rails(session_from=0, session_to=24, daily_loss_pips=Decimal(100_000))
OPEN = {"revalidates": False, "throttle_min": 0}
CASES = [
    STRATEGIES["aggressive"](OPEN),
    STRATEGIES["aggressive"]({**OPEN, "adx": 0, "rsi": 50, "max_hold_min": 60}),
    STRATEGIES["aggressive"]({**OPEN, "adx": 0, "rsi": 50, "stop_atr": 0.4, "targets_atr": (0.4, 0.8, 1.2)}),
    STRATEGIES["impulse_breakout"]({**OPEN, "per_day": None, "spacing_min": 0, "hours": ((0, 24),)}),
]


def test_the_reference_is_short_and_imports_nothing_of_ours() -> None:
    tree = ast.parse(REFERENCE.read_text())
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert names == {"__future__", "csv", "datetime", "pathlib", "zoneinfo"}
    assert len(REFERENCE.read_text().splitlines()) <= 150


@pytest.mark.parametrize("strategy", CASES, ids=lambda strategy: strategy.fingerprint)
def test_every_result_agrees_to_the_cent(strategy: Strategy) -> None:
    trades = backtest.run(strategy, real(), rails=ALWAYS).trades
    assert len(trades) > 30
    for trade in trades:
        outcome, end, money = reference_pnl.pnl(_as_reference(trade, strategy), BARS)
        assert (outcome, end) == (trade.position.outcome, trade.closed_at)
        assert Decimal(money) / 10_000 == trade.result.net_usd


def test_the_cases_hold_every_outcome_that_bars_alone_decide() -> None:
    outcomes = {trade.position.outcome for each in CASES for trade in backtest.run(each, real(), rails=ALWAYS).trades}
    assert outcomes == {"tp3", "stopped", "breakeven", "locked_profit", "timeout"}


def _as_reference(trade: backtest.Trade, strategy: Strategy) -> dict:
    plan = trade.position.plan
    return {
        "side": plan.side,
        "entry": str(plan.entry),
        "stop": str(plan.stop),
        "targets": [str(price) for price in plan.targets],
        "split": plan.split,
        "published": trade.position.published_at,
        "hold_min": strategy.terms.max_hold.total_seconds() / 60,
        "spread_cents": 20,
    }
