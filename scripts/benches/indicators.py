"""How long the indicators of 100 000 bars take, beside the packages `ta` and TA-Lib; and how far from TA-Lib they are.

EMA, RSI, MACD, Bollinger, ATR, ADX and slow stochastic. Speed is of a market made of real days; the difference is the
largest on that, on a constant, a gapped and a spiked series, and a NaN at another place counts as infinite. Nothing is
kept between runs. Times are the processor's, of one thread. Ours and TA-Lib are measured 300 times, `ta`, which takes
seconds, in every tenth of those rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd
import ta
import talib

from promostack.signals import indicators
from scripts.benches.statistics_ms import percentile
from tests.strategies.market import market

BARS = 100_000
WARMUPS, ROUNDS, TA_EVERY = 20, 300, 10
Series = tuple[np.ndarray, np.ndarray, np.ndarray]


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    real = _real()
    frame = pd.DataFrame(dict(zip(("high", "low", "close"), real, strict=True)))
    difference = max(_difference(series) for series in _hard(real))
    progress(f"largest difference {difference:.1e}")
    times: dict[str, list[float]] = {"ours": [], "talib": [], "ta": []}
    _ta(frame)
    for number in range(WARMUPS + ROUNDS):
        if number % 50 == 0:
            progress(f"round {number}")
        measured = {"ours": lambda: _ours(*real), "talib": lambda: _talib(*real)}
        if number >= WARMUPS and number % TA_EVERY == 0:
            measured["ta"] = lambda: _ta(frame)
        for name, work in measured.items():
            seconds = _timed(work)
            if number >= WARMUPS:
                times[name].append(seconds)
    middle = {name: percentile(seconds, 0.5) for name, seconds in times.items()}
    return {
        "bars": BARS,
        "ours_ms": middle["ours"],
        "ta_ms": middle["ta"],
        "talib_ms": middle["talib"],
        "max_abs_diff": difference,
        "times_faster_than_ta": round(middle["ta"] / middle["ours"], 1),
        "counts": {name: len(seconds) for name, seconds in times.items()},
        "peers": {name: metadata.version(name) for name in ("ta", "TA-Lib", "numpy", "pandas")},
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _real() -> Series:
    candles = market(5, BARS // 92 + 1)
    return candles.high[:BARS].copy(), candles.low[:BARS].copy(), candles.close[:BARS].copy()


def _hard(real: Series) -> list[Series]:
    constant = tuple(np.full(BARS, 1900.13) for _ in range(3))
    gapped = tuple(np.concatenate([column[: BARS // 2], column[BARS // 2 :] + 120]) for column in real)
    spiked = tuple(column.copy() for column in real)
    for place in range(1000, BARS, 7001):
        spiked[0][place] *= 1.4
        spiked[2][place] *= 1.3
        spiked[1][place + 500] *= 0.6
    return [real, constant, gapped, spiked]


def _difference(series: Series) -> float:
    worst = 0.0
    for ours, theirs in zip(_ours(*series), _talib(*series), strict=True):
        if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
            return float("inf")
        worst = max(worst, float(np.nanmax(np.abs(ours - theirs))))
    return worst


def _ours(high: np.ndarray, low: np.ndarray, close: np.ndarray) -> list[np.ndarray]:
    return [
        indicators.ema(close, 200),
        indicators.rsi(close),
        *indicators.macd(close),
        *indicators.bollinger(close),
        indicators.atr(high, low, close),
        indicators.adx(high, low, close),
        *indicators.stochastic(high, low, close),
    ]


def _talib(high: np.ndarray, low: np.ndarray, close: np.ndarray) -> list[np.ndarray]:
    return [
        talib.EMA(close, 200),
        talib.RSI(close),
        *talib.MACD(close),
        *talib.BBANDS(close, 20, 2.0, 2.0),
        talib.ATR(high, low, close),
        talib.ADX(high, low, close),
        *talib.STOCH(high, low, close, 14, 3, 0, 3, 0),
    ]


def _ta(frame: pd.DataFrame) -> list[pd.Series]:
    high, low, close = frame["high"], frame["low"], frame["close"]
    macd, bands = ta.trend.MACD(close), ta.volatility.BollingerBands(close)
    slow = ta.momentum.StochasticOscillator(high, low, close).stoch_signal()
    return [
        ta.trend.EMAIndicator(close, 200).ema_indicator(),
        ta.momentum.RSIIndicator(close).rsi(),
        *(macd.macd(), macd.macd_signal(), macd.macd_diff()),
        *(bands.bollinger_hband(), bands.bollinger_mavg(), bands.bollinger_lband()),
        ta.volatility.AverageTrueRange(high, low, close).average_true_range(),
        ta.trend.ADXIndicator(high, low, close).adx(),
        *(slow, slow.rolling(3).mean()),
    ]
