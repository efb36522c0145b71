"""What a strategy sees: bars up to the last closed one, their indicators, and the closed bars of higher intervals.

A `History` computes each indicator once for all its bars; `Bars` is a view that ends with one of them. An indicator's
value never changes when bars are added behind it, so live windows and long backtests read the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from promostack.signals import indicators
from promostack.signals.candles import Candles, build_higher, extend_back
from promostack.signals.indicators import Values
from promostack.signals.intervals import SECONDS, Interval

if TYPE_CHECKING:
    from promostack.signals.contract import Strategy


class History:
    """Stored bars of a base interval. `higher`: stored bars of longer intervals from before them; from there on these
    are built from the base bars, so that the last one is never older."""

    def __init__(self, candles: Candles, *, higher: Mapping[Interval, Candles] | None = None) -> None:
        self.candles = candles
        self._stored = dict(higher or {})
        self._higher: dict[Interval, tuple[History, npt.NDArray[np.int64]]] = {}
        self._values: dict[tuple[Any, ...], tuple[Values, ...]] = {}
        self._columns: dict[int, tuple[Strategy, Mapping[str, Values]]] = {}

    def __len__(self) -> int:
        return len(self.candles)

    def until(self, end: int, own: Mapping[str, Values] | None = None) -> Bars:
        """The first `end` bars, with a strategy's columns."""
        return Bars(self, end, own)

    def all(self) -> Bars:
        return Bars(self, len(self.candles))

    def higher(self, interval: Interval) -> tuple[History, npt.NDArray[np.int64]]:
        """Bars of a longer interval, and for each base bar how many of them are closed when it closes."""
        if interval not in self._higher:
            candles = build_higher(self.candles, interval)
            if interval in self._stored:
                candles = extend_back(candles, self._stored[interval])
            closes = candles.stamps + candles.seconds
            closed = np.searchsorted(closes, self.candles.stamps + self.candles.seconds, side="right")
            self._higher[interval] = (History(candles), closed)
        return self._higher[interval]

    def values(self, key: tuple[Any, ...], compute: Callable[[], tuple[Values, ...]]) -> tuple[Values, ...]:
        """An indicator over all bars, computed once; nobody can write into it."""
        found = self._values.get(key)
        if found is None:
            found = compute()
            for column in found:
                column.setflags(write=False)
            self._values[key] = found
        return found

    def columns(self, strategy: Strategy) -> Mapping[str, Values]:
        """What the strategy computes by itself for all bars, once."""
        kept = self._columns.get(id(strategy))
        if kept is None:
            columns = {name: _column(name, values, len(self)) for name, values in strategy.columns(self.all()).items()}
            kept = self._columns[id(strategy)] = (strategy, columns)  # kept alive, or its id could come again
        return kept[1]

    def window(self, end: int, bars: int, intervals: tuple[Interval, ...] = ()) -> History:
        """A history of its own: the last `bars` bars before `end`, and as many closed ones of each interval."""
        view = self.until(end)
        higher = {}
        for interval in intervals:
            above = view.at(interval)
            higher[interval] = above.history.candles.cut(max(0, len(above) - bars), len(above))
        return History(self.candles.cut(max(0, end - bars), end), higher=higher)


class Bars:
    """The first `end` bars of a history, oldest first, the last one closed. Arrays are float64 (end,) and read-only."""

    __slots__ = ("_closed_at", "_end", "history", "own")

    def __init__(self, history: History, end: int, own: Mapping[str, Values] | None = None) -> None:
        self.history = history
        self._end = end
        self.own = own
        self._closed_at: datetime | None = None

    def __len__(self) -> int:
        return self._end

    @property
    def interval(self) -> Interval:
        return self.history.candles.interval

    @property
    def time(self) -> npt.NDArray[np.datetime64]:
        """The bars' opens, datetime64[s], UTC."""
        return self.history.candles.stamps[: self._end].view("datetime64[s]")

    @property
    def closed_at(self) -> datetime:
        """When the last bar closed: the strategy's only clock."""
        if self._closed_at is None:
            self._closed_at = self.history.candles.closed_at(self._end - 1)
        return self._closed_at

    @property
    def open(self) -> Values:
        return self.history.candles.open[: self._end]

    @property
    def high(self) -> Values:
        return self.history.candles.high[: self._end]

    @property
    def low(self) -> Values:
        return self.history.candles.low[: self._end]

    @property
    def close(self) -> Values:
        return self.history.candles.close[: self._end]

    def at(self, interval: Interval) -> Bars:
        """The closed bars of a longer interval; for the base interval, these bars."""
        if interval == self.interval:
            return self
        if SECONDS[interval] < SECONDS[self.interval]:
            raise ValueError(f"{interval} is shorter than the base interval {self.interval}")
        history, closed = self.history.higher(interval)
        return Bars(history, int(closed[self._end - 1]) if self._end else 0)

    def column(self, name: str) -> Values:
        """One of the arrays that the strategy's own `columns` returned, up to these bars."""
        if self.own is None:
            raise KeyError(f"{name}: columns are there in decide() only")
        return self.own[name][: self._end]

    @property
    def frame(self) -> Any:
        """A pandas DataFrame: columns open, high, low, close by opening time (UTC): a copy, made when asked for."""
        from promostack.signals.frame import frame_of

        return frame_of(self)

    def sma(self, period: int) -> Values:
        return self._one(("sma", period), lambda c: indicators.sma(c.close, period))

    def ema(self, period: int) -> Values:
        return self._one(("ema", period), lambda c: indicators.ema(c.close, period))

    def rsi(self, period: int = 14) -> Values:
        return self._one(("rsi", period), lambda c: indicators.rsi(c.close, period))

    def atr(self, period: int = 14) -> Values:
        return self._one(("atr", period), lambda c: indicators.atr(c.high, c.low, c.close, period))

    def adx(self, period: int = 14) -> Values:
        return self._one(("adx", period), lambda _: self._whole_adx(period))

    def highest(self, period: int) -> Values:
        return self._one(("highest", period), lambda c: indicators.highest(c.high, period))

    def lowest(self, period: int) -> Values:
        return self._one(("lowest", period), lambda c: indicators.lowest(c.low, period))

    def directional(self, period: int = 14) -> tuple[Values, ...]:
        """+DI and -DI."""
        return self._many(("di", period), lambda c: indicators.directional(c.high, c.low, c.close, period))

    def macd(self, fast: int = 12, slow: int = 26, signal: int = 9) -> tuple[Values, ...]:
        """Line, signal and histogram."""
        return self._many(("macd", fast, slow, signal), lambda c: indicators.macd(c.close, fast, slow, signal))

    def bollinger(self, period: int = 20, width: float = 2.0) -> tuple[Values, ...]:
        """Upper, middle and lower band."""
        return self._many(("bands", period, width), lambda c: indicators.bollinger(c.close, period, width))

    def stochastic(self, period: int = 14, smooth: int = 3, signal: int = 3) -> tuple[Values, ...]:
        """Slow %K and %D."""
        key = ("stochastic", period, smooth, signal)
        return self._many(key, lambda c: indicators.stochastic(c.high, c.low, c.close, period, smooth, signal))

    def _whole_adx(self, period: int) -> Values:
        """From +DI and -DI, which others ask for too."""
        plus, minus = self.history.all().directional(period)
        return indicators.adx_of(plus, minus, period)

    def _one(self, key: tuple[Any, ...], compute: Callable[[Candles], Values]) -> Values:
        history = self.history
        return history.values(key, lambda: (compute(history.candles),))[0][: self._end]

    def _many(self, key: tuple[Any, ...], compute: Callable[[Candles], tuple[Values, ...]]) -> tuple[Values, ...]:
        history = self.history
        return tuple(values[: self._end] for values in history.values(key, lambda: compute(history.candles)))


def _column(name: str, values: Any, length: int) -> Values:
    """As float64 of the right length, copied; raises ValueError."""
    column = np.array(values, dtype=np.float64)
    if column.shape != (length,):
        raise ValueError(f"column {name}: one value for each of the {length} bars is needed, not {column.shape}")
    column.setflags(write=False)
    return column
