"""Indicators on numpy, equal to TA-Lib within 1e-9 on every bar, with its NaN warm-up.

Inputs are float64 (n,), oldest first, without NaN; outputs have the same length. Sums run in TA-Lib's order, one bar
after the other, because rounding depends on it: a value never changes when bars are added behind it, which a blocked
or convolved sum cannot promise. `itertools.accumulate` is such a loop at 60 ns a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

# TA-Lib's TA_EPSILON: what lies nearer to zero counts as zero.
EPSILON = 1e-14


def sma(values: Values, period: int) -> Values:
    """Mean of the last `period` values; NaN before bar period - 1."""
    return _blank(len(values), _running_sum(values, period) / period)


def ema(values: Values, period: int) -> Values:
    """Exponential mean, k = 2 / (period + 1), seeded by the mean of the first `period` values."""
    return _blank(len(values), _ema_from(values, period))


def rsi(values: Values, period: int = 14) -> Values:
    """Wilder's relative strength, 0 to 100; 0 when nothing moved, as TA-Lib says. NaN before bar `period`."""
    change = np.diff(values)
    gain = _wilder_mean(np.where(change > 0, change, 0.0), period)
    loss = _wilder_mean(np.where(change < 0, -change, 0.0), period)
    return _blank(len(values), 100 * _ratio(gain, gain + loss))


def atr(high: Values, low: Values, close: Values, period: int = 14) -> Values:
    """Wilder's average true range, seeded by a plain mean. NaN before bar `period`."""
    return _blank(len(close), _wilder_mean(true_range(high, low, close), period))


def true_range(high: Values, low: Values, close: Values) -> Values:
    """(n - 1,): of each bar but the first, with the close before it."""
    before = close[:-1]
    reach = np.maximum(high[1:] - low[1:], np.abs(high[1:] - before))
    return cast(Values, np.maximum(reach, np.abs(low[1:] - before)))


def adx(high: Values, low: Values, close: Values, period: int = 14) -> Values:
    """Average directional index, 0 to 100. NaN before bar 2 * period - 1."""
    return adx_of(*directional(high, low, close, period), period)


def adx_of(plus: Values, minus: Values, period: int = 14) -> Values:
    """The same from +DI and -DI of that period. Where there is no direction at all, it stays as it was."""
    length = len(plus)
    plus, minus = plus[period:], minus[period:]
    dx = 100 * _ratio(np.abs(minus - plus), minus + plus)
    counts = np.abs(minus + plus) >= EPSILON
    if len(dx) < period:
        return _blank(length, dx[:0])
    seed = _sum_in_order(dx[:period][counts[:period]]) / period
    pairs = zip(dx[period:].tolist(), counts[period:].tolist(), strict=True)
    smoothed = accumulate(pairs, _adx_step(period), initial=seed)
    return _blank(length, _array(smoothed))


def directional(high: Values, low: Values, close: Values, period: int = 14) -> tuple[Values, Values]:
    """+DI and -DI, 0 to 100. NaN before bar `period`."""
    plus, minus = _directional(high, low, close, period)
    return _blank(len(close), plus), _blank(len(close), minus)


def macd(values: Values, fast: int = 12, slow: int = 26, signal: int = 9) -> tuple[Values, Values, Values]:
    """Line, signal and histogram, all NaN before bar slow + signal - 2; both means start at the slow one's."""
    slow_mean = _ema_from(values, slow)
    fast_mean = _ema_from(values[slow - fast :], fast)
    line = fast_mean[: len(slow_mean)] - slow_mean
    signal_line = _ema_from(line, signal)
    line = line[len(line) - len(signal_line) :]
    n = len(values)
    return _blank(n, line), _blank(n, signal_line), _blank(n, line - signal_line)


def bollinger(values: Values, period: int = 20, width: float = 2.0) -> tuple[Values, Values, Values]:
    """Upper, middle and lower band: the mean and `width` population deviations around it."""
    n = len(values)
    middle = _running_sum(values, period) / period
    squares = np.zeros_like(middle)
    for age in range(period if n >= period else 0):  # mean of squares minus square of mean would lose eight digits
        squares += (values[age : age + len(middle)] - middle) ** 2
    variance = squares / period
    deviation = np.sqrt(np.where(variance < EPSILON, 0.0, variance)) * width
    return _blank(n, middle + deviation), _blank(n, middle), _blank(n, middle - deviation)


def stochastic(
    high: Values, low: Values, close: Values, period: int = 14, smooth: int = 3, signal: int = 3
) -> tuple[Values, Values]:
    """Slow %K and %D, 0 to 100, both NaN before bar period + smooth + signal - 3."""
    top, bottom = _extreme(high, period, np.max), _extreme(low, period, np.min)
    span = (top - bottom) / 100.0
    fast = np.divide(close[period - 1 :] - bottom, span, out=np.zeros_like(span), where=span != 0)
    slow = _running_sum(fast, smooth) / smooth
    mean = _running_sum(slow, signal) / signal
    return _blank(len(close), slow[len(slow) - len(mean) :]), _blank(len(close), mean)


def highest(values: Values, period: int) -> Values:
    """Largest of the last `period` values; NaN before bar period - 1."""
    return _blank(len(values), _extreme(values, period, np.max))


def lowest(values: Values, period: int) -> Values:
    """Smallest of the last `period` values; NaN before bar period - 1."""
    return _blank(len(values), _extreme(values, period, np.min))


def _extreme(values: Values, period: int, pick: Callable[..., Any]) -> Values:
    if len(values) < period:
        return values[:0]
    windows = np.lib.stride_tricks.sliding_window_view(values, period)
    return cast(Values, pick(windows, axis=1))


def _running_sum(values: Values, period: int) -> Values:
    """(n - period + 1,): add the newest, take the sum, drop the oldest, as TA-Lib does, rounding included."""
    n = len(values)
    if n < period:
        return values[:0]
    steps = np.empty(2 * n - period)
    steps[:period] = values[:period]
    steps[period::2] = -values[: n - period]
    steps[period + 1 :: 2] = values[period:]
    return np.cumsum(steps)[period - 1 :: 2]


def _ema_from(values: Values, period: int) -> Values:
    """(n - period + 1,), from the seed on."""
    if len(values) < period:
        return values[:0]
    k = 2.0 / (period + 1)
    seed = _sum_in_order(values[:period]) / period
    return _array(accumulate(values[period:].tolist(), lambda mean, value: (value - mean) * k + mean, initial=seed))


def _wilder_mean(values: Values, period: int) -> Values:
    """(n - period + 1,), seeded by the plain mean of the first `period`."""
    if len(values) < period:
        return values[:0]
    keep = period - 1
    seed = _sum_in_order(values[:period]) / period
    rest = values[period:].tolist()
    return _array(accumulate(rest, lambda mean, value: (mean * keep + value) / period, initial=seed))


def _wilder_sum(values: Values, period: int) -> Values:
    """(n - period + 1,): decayed sums whose seed holds one value less than the period, as Wilder wrote it down."""
    if len(values) < period:
        return values[:0]
    seed = _sum_in_order(values[: period - 1])
    rest = values[period - 1 :].tolist()
    return _array(accumulate(rest, lambda total, value: total - total / period + value, initial=seed))[1:]


def _directional(high: Values, low: Values, close: Values, period: int) -> tuple[Values, Values]:
    """+DI and -DI (n - period,), from bar `period` on."""
    up, down = np.diff(high), -np.diff(low)
    reach = _wilder_sum(true_range(high, low, close), period)
    plus = _wilder_sum(np.where((up > 0) & (up > down), up, 0.0), period)
    minus = _wilder_sum(np.where((down > 0) & (down > up), down, 0.0), period)
    return 100 * _ratio(plus, reach), 100 * _ratio(minus, reach)


def _adx_step(period: int) -> Callable[[float, tuple[float, bool]], float]:
    keep = period - 1

    def step(before: float, bar: tuple[float, bool]) -> float:
        return (before * keep + bar[0]) / period if bar[1] else before

    return step


def _ratio(part: Values, whole: Values) -> Values:
    """part / whole, 0 where the whole is nothing."""
    return np.divide(part, whole, out=np.zeros_like(part), where=np.abs(whole) >= EPSILON)


def _sum_in_order(values: Values) -> float:
    return float(sum(values.tolist()))


def _array(values: Iterable[Any]) -> Values:
    return np.fromiter(values, dtype=np.float64)


def _blank(length: int, values: Values) -> Values:
    """The values at the end of `length` bars, NaN before them."""
    out = np.full(length, np.nan)
    if len(values):
        out[length - len(values) :] = values
    return out
