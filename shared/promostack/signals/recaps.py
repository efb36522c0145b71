"""Recaps of a trading day, an ISO week or a month, and the morning's briefing. Losing days have recaps too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import numpy as np

from promostack.signals.candles import Candles, exact
from promostack.signals.market_calendar import trading_day, trading_day_span
from promostack.signals.plans import to_cent
from promostack.signals.statistics import Sample, Statistics, equity, summarise

Period = Literal["day", "week", "month"]
RANGE_DAYS = 10
# The Asian session, from the market's opening to London's, by UTC.
ASIA_UNTIL_HOUR = 7
SUNDAY, FRIDAY = 6, 4


@dataclass(frozen=True)
class Recap:
    """Figures of the signals that closed from `start` to before `end` (UTC), and the equity in R for its chart."""

    period: Period
    start: datetime
    end: datetime
    figures: Statistics
    curve: tuple[tuple[datetime, Decimal], ...]


def recap(period: Period, day: date, samples: Iterable[Sample]) -> Recap:
    """`day`: a trading day of the period. Periods end when their last trading day ends, at 17:00 New York."""
    first, last = _days(period, day)
    start, end = trading_day_span(first)[0], trading_day_span(last)[1]
    inside = [sample for sample in samples if start <= sample.closed_at < end]
    return Recap(period, start, end, summarise(inside), tuple(equity(inside)))


def day_before(now: datetime) -> date:
    """The last trading day that has ended: on Monday morning, Friday."""
    day = trading_day(now) - timedelta(days=1)
    while day.weekday() > FRIDAY:
        day -= timedelta(days=1)
    return day


def _days(period: Period, day: date) -> tuple[date, date]:
    if period == "day":
        return day, day
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=SUNDAY)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class Briefing:
    """Facts of the market before the session, in USD. Classic pivots of the day before."""

    day: date
    asia_high: Decimal
    asia_low: Decimal
    pivot: Decimal
    resistance: Decimal
    support: Decimal
    last_range: Decimal
    mean_range: Decimal
    """Of the ten trading days before, or as many as are stored."""


def brief(candles: Candles, now: datetime) -> Briefing | None:
    """From closed bars, oldest first; None when the night or the day before is not stored."""
    closed = int(np.searchsorted(candles.stamps + candles.seconds, now.timestamp(), side="right"))
    today, night_end = trading_day(now), now.replace(hour=ASIA_UNTIL_HOUR, minute=0, second=0, microsecond=0)
    night = _extremes(candles, closed, *_span(trading_day_span(today)[0], min(now, night_end)))
    days = _days_before(today, candles, closed)
    if night is None or not days:
        return None
    high, low, close = days[0]
    pivot = (high + low + close) / 3
    ranges = [top - bottom for top, bottom, _ in days]
    return Briefing(
        day=today,
        asia_high=night[0],
        asia_low=night[1],
        pivot=to_cent(pivot),
        resistance=to_cent(2 * pivot - low),
        support=to_cent(2 * pivot - high),
        last_range=ranges[0],
        mean_range=to_cent(sum(ranges, Decimal(0)) / len(ranges)),
    )


def _days_before(today: date, candles: Candles, closed: int) -> list[tuple[Decimal, Decimal, Decimal]]:
    """High, low and close of up to ten trading days that have bars, newest first, out of seventeen days."""
    spans = (trading_day_span(today - timedelta(days=back)) for back in range(1, 18))
    found = (_extremes(candles, closed, *_span(*span)) for span in spans)
    return [each for each in found if each is not None][:RANGE_DAYS]


def _span(start: datetime, end: datetime) -> tuple[float, float]:
    return start.timestamp(), end.timestamp()


def _extremes(candles: Candles, closed: int, start: float, end: float) -> tuple[Decimal, Decimal, Decimal] | None:
    first, last = (int(place) for place in np.searchsorted(candles.stamps[:closed], [start, end]))
    if first == last:
        return None
    part = slice(first, last)
    return exact(candles.high[part].max()), exact(candles.low[part].min()), exact(candles.close[last - 1])
