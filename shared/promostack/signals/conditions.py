"""The conditions that strategies are made of, for either direction: 1 for a buy, -1 for a sell.

Each looks at the last closed bar and answers yes or no; a value that is not known yet (NaN) answers no.
"""

from __future__ import annotations

from promostack.signals.bars import Bars
from promostack.signals.intervals import Interval

MIDDLE = 50.0


def is_trending(bars: Bars, *, least: float, period: int = 14) -> bool:
    """ADX is at least this."""
    return bool(bars.adx(period)[-1] >= least)


def is_stretched(bars: Bars, direction: int, *, level: float, period: int = 14) -> bool:
    """RSI is below `level` for a buy, above 100 - `level` for a sell."""
    return bool(direction * (bars.rsi(period)[-1] - MIDDLE) < level - MIDDLE)


def is_near_band(bars: Bars, direction: int, *, atr_share: float, period: int = 20, width: float = 2.0) -> bool:
    """The close is within this share of ATR14 of the lower Bollinger band (upper for a sell), or beyond it."""
    upper, _, lower = bars.bollinger(period, width)
    band = lower[-1] if direction > 0 else upper[-1]
    return bool(direction * (bars.close[-1] - band) <= atr_share * bars.atr()[-1])


def is_stochastic_extreme(bars: Bars, direction: int, *, level: float) -> bool:
    """Slow %K is below `level` for a buy, above 100 - `level` for a sell."""
    slow, _ = bars.stochastic()
    return bool(direction * (slow[-1] - MIDDLE) < level - MIDDLE)


def is_macd_turning(bars: Bars, direction: int) -> bool:
    """The MACD histogram moved our way in the last bar, after moving against us in the one before."""
    histogram = bars.macd()[2]
    if len(histogram) < 3:
        return False
    return bool(direction * (histogram[-1] - histogram[-2]) > 0 >= direction * (histogram[-2] - histogram[-3]))


def is_with_trend(bars: Bars, direction: int, *, interval: Interval, fast: int = 50, slow: int = 200) -> bool:
    """The fast EMA of a longer interval is on our side of the slow one."""
    above = bars.at(interval)
    if not len(above):
        return False
    return bool(direction * (above.ema(fast)[-1] - above.ema(slow)[-1]) > 0)


def is_sloping(bars: Bars, direction: int, *, interval: Interval, period: int = 200, over: int = 5) -> bool:
    """The EMA of a longer interval rose (fell, for a sell) over so many of its bars, and the close is beyond it."""
    mean = bars.at(interval).ema(period)
    if len(mean) <= over:
        return False
    return bool(direction * (mean[-1] - mean[-1 - over]) > 0 and direction * (bars.close[-1] - mean[-1]) > 0)


def is_near_mean(bars: Bars, *, atr_share: float, period: int = 20) -> bool:
    """The close is within this share of ATR14 of the EMA."""
    return bool(abs(bars.close[-1] - bars.ema(period)[-1]) <= atr_share * bars.atr()[-1])


def has_dipped(bars: Bars, direction: int, *, low: float, high: float, within: int, period: int = 14) -> bool:
    """RSI was between `low` and `high` within the last bars and is above 50 now (mirrored for a sell)."""
    leaned = MIDDLE + direction * (bars.rsi(period)[-within - 1 :] - MIDDLE)
    return bool(((leaned[:-1] >= low) & (leaned[:-1] <= high)).any() and leaned[-1] > MIDDLE)


def breaks_out(bars: Bars, direction: int) -> bool:
    """Close and low are below the previous low for a sell; close and high above the previous high for a buy."""
    if len(bars) < 2:
        return False
    level, extreme = (bars.high, bars.high[-1]) if direction > 0 else (bars.low, bars.low[-1])
    return bool(direction * (bars.close[-1] - level[-2]) > 0 and direction * (extreme - level[-2]) > 0)


def triggers(bars: Bars, direction: int) -> bool:
    """The bar closes beyond the previous bar's extreme, or its body engulfs the previous body our way."""
    if len(bars) < 2:
        return False
    before = bars.high[-2] if direction > 0 else bars.low[-2]
    closes_beyond = direction * (bars.close[-1] - before) > 0
    is_ours = direction * (bars.close[-1] - bars.open[-1]) > 0 > direction * (bars.close[-2] - bars.open[-2])
    engulfs = direction * (bars.close[-1] - bars.open[-2]) >= 0 and direction * (bars.open[-1] - bars.close[-2]) <= 0
    return bool(closes_beyond or (is_ours and engulfs))


def is_calm(bars: Bars, *, most_atr: float) -> bool:
    """The bar's range is at most so many ATR14."""
    return bool(bars.high[-1] - bars.low[-1] <= most_atr * bars.atr()[-1])


def is_near_swing(bars: Bars, direction: int, *, distance_usd: float, over: int = 20) -> bool:
    """The close is within so many USD of the lowest low (highest high, for a sell) of the bars before."""
    if len(bars) <= over:
        return False
    level = bars.low[-over - 1 : -1].min() if direction > 0 else bars.high[-over - 1 : -1].max()
    return bool(abs(bars.close[-1] - level) <= distance_usd)


def is_in_hours(bars: Bars, hours: tuple[tuple[int, int], ...]) -> bool:
    """The bar closes within one of these spans of whole UTC hours, the end exclusive."""
    return any(start <= bars.closed_at.hour < end for start, end in hours)
