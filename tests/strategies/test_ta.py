"""The faults of the package `ta`: found by the methods of the suite, and kept away from plug-ins."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import ta
import talib

from promostack.signals.frame import UnfitIndicator, guard_ta
from strategies.base_strategy import Bars, BaseStrategy, SignalPlan
from tests.strategies.market import market
from tests.strategies.suite import Ground, faults, first_difference

BARS = market(3, 12)
END = 900


def _unguarded(name: str) -> ModuleType:
    """A module of `ta` of its own, whatever was guarded before."""
    path = importlib.util.find_spec(f"ta.{name}").origin
    spec = importlib.util.spec_from_file_location(f"unguarded_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TREND, VOLATILITY = _unguarded("trend"), _unguarded("volatility")
Compute = Callable[[object, object, object], object]


def _ahead(compute: Compute) -> tuple[bool, bool]:
    """Whether truncation changes an earlier value, and whether it changes the last one."""
    frame = _frame(len(BARS))
    cut = _frame(END)
    whole = np.asarray(compute(frame.high, frame.low, frame.close))[:END]
    short = np.asarray(compute(cut.high, cut.low, cut.close))
    return bool(first_difference(whole, short)), bool(first_difference(whole[-1:], short[-1:]))


def _frame(end: int) -> object:
    import pandas

    return pandas.DataFrame({"high": BARS.high[:end], "low": BARS.low[:end], "close": BARS.close[:end]})


@pytest.mark.parametrize(
    "compute",
    [
        lambda high, low, close: TREND.KSTIndicator(close).kst(),
        lambda high, low, close: TREND.IchimokuIndicator(high, low, visual=True).ichimoku_a(),
        lambda high, low, close: TREND.IchimokuIndicator(high, low, visual=True).ichimoku_b(),
    ],
    ids=["kst", "ichimoku_a", "ichimoku_b"],
)
def test_kst_and_visual_ichimoku_look_ahead_where_the_last_bar_does_not_show_it(compute: Compute) -> None:
    assert _ahead(compute) == (True, False)


@pytest.mark.parametrize(
    "compute",
    [
        lambda high, low, close: TREND.ADXIndicator(high, low, close).adx(),
        lambda high, low, close: TREND.MACD(close).macd(),
        lambda high, low, close: TREND.IchimokuIndicator(high, low).ichimoku_a(),
        lambda high, low, close: TREND.PSARIndicator(high, low, close).psar(),
    ],
    ids=["adx", "macd", "ichimoku", "psar"],
)
def test_the_others_do_not(compute: Compute) -> None:
    assert _ahead(compute) == (False, False)


class _ByKst(BaseStrategy):
    """Reads only the last value of a column whose first values know the future."""

    key, name, description = "by_kst", "By KST", "Buys when KST turns up."

    def columns(self, bars: Bars) -> dict[str, np.ndarray]:
        return {"kst": TREND.KSTIndicator(bars.frame["close"]).kst().to_numpy()}

    def decide(self, bars: Bars) -> SignalPlan | None:
        kst, close, atr = bars.column("kst"), bars.close[-1], bars.atr()[-1]
        if not kst[-1] > 0 >= kst[-2]:
            return None
        return SignalPlan("buy", close - atr, (close + atr, close + 2 * atr, close + 3 * atr))


def test_the_suite_finds_kst_in_a_strategy_by_its_earlier_values_alone() -> None:
    found = faults(_ByKst, Ground(market(1, 16), market(2, 16), 11 * 92))
    assert [fault.split(" at bar")[0] for fault in found] == ["looks ahead (truncation): column kst"]


def test_psar_is_known_by_its_difference_from_talib() -> None:
    frame = _frame(len(BARS))
    theirs = TREND.PSARIndicator(frame.high, frame.low, frame.close).psar().to_numpy()
    assert np.nanmax(np.abs(theirs - talib.SAR(BARS.high, BARS.low))[200:]) > 1.0


def test_unfit_indicators_refuse_to_be_used() -> None:
    guard_ta()
    guard_ta()  # a second time changes nothing
    frame = _frame(200)
    with pytest.raises(UnfitIndicator, match="parabolic"):
        ta.trend.PSARIndicator(frame.high, frame.low, frame.close)
    with pytest.raises(UnfitIndicator, match="future"):
        ta.trend.kst(frame.close)
    with pytest.raises(UnfitIndicator, match="visual=False"):
        ta.trend.IchimokuIndicator(frame.high, frame.low, visual=True)
    assert ta.trend.IchimokuIndicator(frame.high, frame.low).ichimoku_a().notna().any()


def test_zeros_of_the_warm_up_are_not_numbers() -> None:
    guard_ta()
    frame = _frame(300)
    raw = VOLATILITY.AverageTrueRange(frame.high, frame.low, frame.close).average_true_range()
    guarded = ta.volatility.AverageTrueRange(frame.high, frame.low, frame.close).average_true_range()
    assert (raw.iloc[:13] == 0).all()
    assert guarded.iloc[:13].isna().all()
    assert guarded.iloc[13:].equals(raw.iloc[13:])
    adx = ta.trend.ADXIndicator(frame.high, frame.low, frame.close).adx()
    assert adx.iloc[:20].isna().all()
    assert (adx.dropna() > 0).all()
