"""Closed bars as numpy columns, and one bar in exact prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

import numpy as np
import numpy.typing as npt

from promostack.signals import market_calendar
from promostack.signals.indicators import Values
from promostack.signals.intervals import SECONDS, Interval

Stamps = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bar:
    """One closed bar; prices in USD, exactly as stored."""

    opened_at: datetime
    closed_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


@dataclass(frozen=True, eq=False)
class Candles:
    """Bars of one interval, oldest first, all closed. `stamps`: epoch seconds of the opens, int64 (n,), rising;
    prices float64 (n,). The columns cannot be written to."""

    interval: Interval
    stamps: Stamps
    open: Values
    high: Values
    low: Values
    close: Values

    def __post_init__(self) -> None:
        for column in (self.stamps, self.open, self.high, self.low, self.close):
            if len(column) != len(self.stamps):
                raise ValueError("candles: the columns differ in length")
            column.setflags(write=False)

    def __len__(self) -> int:
        return len(self.stamps)

    @property
    def seconds(self) -> int:
        return SECONDS[self.interval]

    def cut(self, start: int, stop: int) -> Candles:
        """Bars `start` to `stop` (exclusive), copied, so that nothing hangs on to the others."""
        part = slice(start, stop)
        prices = (column[part].copy() for column in self.columns())
        return Candles(self.interval, self.stamps[part].copy(), *prices)

    def take(self, keep: npt.NDArray[np.bool_]) -> Candles:
        return Candles(self.interval, self.stamps[keep], *(column[keep] for column in self.columns()))

    def columns(self) -> tuple[Values, Values, Values, Values]:
        """Open, high, low, close."""
        return (self.open, self.high, self.low, self.close)

    def opened_at(self, index: int) -> datetime:
        return datetime.fromtimestamp(int(self.stamps[index]), UTC)

    def closed_at(self, index: int) -> datetime:
        return datetime.fromtimestamp(int(self.stamps[index]) + self.seconds, UTC)

    def bar(self, index: int) -> Bar:
        """With prices as decimals of their shortest text, which is what the feed sent."""
        prices = (self.open[index], self.high[index], self.low[index], self.close[index])
        opened_at = self.opened_at(index)
        return Bar(opened_at, opened_at + timedelta(seconds=self.seconds), *(exact(price) for price in prices))

    def bars_between(self, start: datetime, end: datetime) -> list[Bar]:
        """Bars that open at or after `start` and before `end`."""
        first, last = np.searchsorted(self.stamps, [start.timestamp(), end.timestamp()], side="left")
        return [self.bar(index) for index in range(int(first), int(last))]


def exact(price: float) -> Decimal:
    """The decimal whose text the float prints as."""
    return Decimal(repr(float(price)))


def candles_from(interval: Interval, rows: Sequence[tuple[int, float, float, float, float]]) -> Candles:
    """From (epoch second of the open, open, high, low, close), oldest first."""
    table = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 4)
    stamps = np.array([row[0] for row in rows], dtype=np.int64)
    return Candles(interval, stamps, *(np.ascontiguousarray(table[:, column]) for column in range(4)))


@dataclass(frozen=True)
class Cleaned:
    """What was kept, and how many bars were dropped for which reason."""

    candles: Candles
    stray: int
    impossible: int
    doubled: int


def clean(candles: Candles) -> Cleaned:
    """Drops bars outside market hours, bars with impossible prices, and all but the last of bars with the same open.

    Feeds send stray weekend bars; an impossible one (high below low, a price that is no positive number) would make
    stops and targets of nonsense.
    """
    order = np.argsort(candles.stamps, kind="stable")
    stamps = candles.stamps[order]
    is_last = np.append(np.diff(stamps) > 0, True)[: len(stamps)]
    sorted_candles = Candles(
        candles.interval, stamps, *(c[order] for c in (candles.open, candles.high, candles.low, candles.close))
    )
    traded = market_calendar.open_mask(stamps)
    possible = possible_mask(sorted_candles)
    keep = is_last & traded & possible
    return Cleaned(
        sorted_candles.take(keep),
        stray=int((~traded).sum()),
        impossible=int((traded & ~possible).sum()),
        doubled=int((traded & possible & ~is_last).sum()),
    )


def possible_mask(candles: Candles) -> npt.NDArray[np.bool_]:
    """Which bars can be: positive finite prices, low <= open, close <= high, opens on the interval's grid."""
    prices = np.stack([candles.open, candles.high, candles.low, candles.close]) if len(candles) else np.empty((4, 0))
    with np.errstate(invalid="ignore"):
        ordered = (candles.high >= prices.max(axis=0)) & (candles.low <= prices.min(axis=0))
        possible = np.isfinite(prices).all(axis=0) & (prices > 0).all(axis=0) & ordered & on_grid(candles)
    return cast(npt.NDArray[np.bool_], possible)


def on_grid(candles: Candles) -> npt.NDArray[np.bool_]:
    return cast(npt.NDArray[np.bool_], candles.stamps % candles.seconds == 0)


def extend_back(candles: Candles, older: Candles) -> Candles:
    """`candles` with those of `older` before them that begin earlier."""
    if not len(candles):
        return older
    earlier = older.take(older.stamps < candles.stamps[0])
    pairs = zip(earlier.columns(), candles.columns(), strict=True)
    opened, high, low, closed = (np.concatenate(pair) for pair in pairs)
    stamps = np.concatenate([earlier.stamps, candles.stamps])
    return Candles(candles.interval, stamps, opened, high, low, closed)


def build_higher(candles: Candles, interval: Interval) -> Candles:
    """Bars of a longer interval from shorter ones, on the UTC grid of `interval`.

    A bar is built of what is stored: a hole makes it coarser, never late. The first is left out when its beginning is
    not stored. The last one may still be forming; whoever reads it looks at the time first (`Bars.at`).
    """
    seconds = SECONDS[interval]
    if seconds % candles.seconds or seconds == candles.seconds:
        raise ValueError(f"{interval} bars cannot be built from {candles.interval} bars")
    groups = candles.stamps // seconds
    starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1))
    if len(candles) and candles.stamps[0] % seconds:
        starts = starts[1:]
    if not len(starts):
        return candles_from(interval, [])
    ends = np.append(starts[1:], len(candles)) - 1
    first = starts[0]
    return Candles(
        interval,
        groups[starts] * seconds,
        candles.open[starts],
        np.maximum.reduceat(candles.high[first:], starts - first),
        np.minimum.reduceat(candles.low[first:], starts - first),
        candles.close[ends],
    )
