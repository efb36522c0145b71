"""A thousand bars of each interval decide as the full history does: what runs live sees no more than that."""

from __future__ import annotations

import numpy as np
import pytest

from promostack.signals.bars import History
from promostack.signals.contract import SignalPlan
from promostack.signals.evaluation import decide, is_warm
from promostack.signals.intervals import WARMUP_BARS
from promostack.signals.plans import to_cent
from strategies.base_strategy import BaseStrategy
from strategies.strategy_loader import load_strategies
from tests.strategies.market import market

KEYS = ("aggressive", "conservative", "impulse_breakout", "trend_pullback_multi_tp")
STRATEGIES, _ = load_strategies()


def differing(key: str, *, seed: int, days: int, samples: int) -> tuple[int, list[int]]:
    """How many ends were compared, a third of them with a plan where there are so many, and those that differ."""
    strategy = STRATEGIES[key]()
    history = History(market(seed, days))
    warm = [end for end in range(WARMUP_BARS, len(history) + 1) if is_warm(strategy, history.until(end))]
    planned = [end for end in warm if decide(strategy, history.until(end)) is not None]
    chance = np.random.default_rng(seed)
    some = chance.choice(planned, min(len(planned), samples // 3), replace=False).tolist()
    ends = [*some, *chance.choice(sorted({*warm} - {*some}), samples - len(some), replace=False).tolist()]
    return len(ends), [end for end in ends if _decided(strategy, history, end) != _at_window(strategy, history, end)]


def _at_window(strategy: BaseStrategy, history: History, end: int) -> object:
    window = history.window(end, WARMUP_BARS, tuple(strategy.intervals))
    return _decided(strategy, window, len(window))


def _decided(strategy: BaseStrategy, history: History, end: int) -> object:
    """As subscribers would see it: to the cent."""
    plan: SignalPlan | None = decide(strategy, history.until(end))
    if plan is None:
        return None
    return plan.side, to_cent(float(plan.stop)), tuple(to_cent(float(price)) for price in plan.targets), plan.split


@pytest.mark.parametrize("key", KEYS)
def test_a_window_decides_as_the_full_history(key: str) -> None:
    assert differing(key, seed=11, days=80, samples=40) == (40, [])


@pytest.mark.long
@pytest.mark.parametrize("key", KEYS)
def test_a_thousand_windows_decide_as_the_full_history(key: str) -> None:
    assert differing(key, seed=12, days=400, samples=1000) == (1000, [])
