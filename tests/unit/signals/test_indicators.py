"""Equal to TA-Lib within 1e-9 on every bar, with the same NaN warm-up, and never changed by later bars."""

from __future__ import annotations

import numpy as np
import pytest
import talib

from promostack.signals import indicators
from tests.unit.signals.series import all_series

MARK = 1e-9
SERIES = all_series()
INDICATORS = {
    "sma": (lambda h, lo, c: indicators.sma(c, 20), lambda h, lo, c: talib.SMA(c, 20)),
    "ema20": (lambda h, lo, c: indicators.ema(c, 20), lambda h, lo, c: talib.EMA(c, 20)),
    "ema200": (lambda h, lo, c: indicators.ema(c, 200), lambda h, lo, c: talib.EMA(c, 200)),
    "rsi": (lambda h, lo, c: indicators.rsi(c), lambda h, lo, c: talib.RSI(c)),
    "atr": (indicators.atr, talib.ATR),
    "adx": (indicators.adx, talib.ADX),
    "di": (indicators.directional, lambda h, lo, c: (talib.PLUS_DI(h, lo, c), talib.MINUS_DI(h, lo, c))),
    "macd": (lambda h, lo, c: indicators.macd(c), lambda h, lo, c: talib.MACD(c)),
    "bollinger": (lambda h, lo, c: indicators.bollinger(c), lambda h, lo, c: talib.BBANDS(c, 20, 2.0, 2.0)),
    "stochastic": (indicators.stochastic, lambda h, lo, c: talib.STOCH(h, lo, c, 14, 3, 0, 3, 0)),
    "highest": (lambda h, lo, c: indicators.highest(h, 20), lambda h, lo, c: talib.MAX(h, 20)),
    "lowest": (lambda h, lo, c: indicators.lowest(lo, 20), lambda h, lo, c: talib.MIN(lo, 20)),
}


def _all(values: object) -> tuple[np.ndarray, ...]:
    return values if isinstance(values, tuple) else (values,)


@pytest.mark.parametrize("name", INDICATORS)
def test_every_bar_equals_talib(name: str) -> None:
    ours, oracle = INDICATORS[name]
    for kind, columns in SERIES.items():
        for mine, theirs in zip(_all(ours(*columns)), _all(oracle(*columns)), strict=True):
            assert np.array_equal(np.isnan(mine), np.isnan(theirs)), f"{name} on {kind}: another warm-up"
            assert np.nanmax(np.abs(mine - theirs), initial=0.0) <= MARK, f"{name} on {kind}"


@pytest.mark.parametrize("name", INDICATORS)
def test_later_bars_change_no_bit_of_earlier_values(name: str) -> None:
    ours, _ = INDICATORS[name]
    columns = SERIES["spiked"]
    whole = _all(ours(*columns))
    for end in (60, 501, 1200):
        cut = _all(ours(*(column[:end].copy() for column in columns)))
        assert all(np.array_equal(a[:end], b, equal_nan=True) for a, b in zip(whole, cut, strict=True))


def test_an_empty_series_has_empty_indicators() -> None:
    nothing = np.empty(0)
    for ours, _ in INDICATORS.values():
        assert all(len(column) == 0 for column in _all(ours(nothing, nothing, nothing)))
