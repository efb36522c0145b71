"""Whether the reason for a trade still stands: four readings against their values at entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from promostack.signals.bars import Bars
    from promostack.signals.positions import Position

Verdict = Literal["holding", "weakening", "broken"]

FIRST_LOOK = timedelta(minutes=90)
LOOK_AGAIN = timedelta(minutes=30)
WEAKENING_AT, BROKEN_AT = 2, 3


@dataclass(frozen=True)
class Readings:
    """At the close of one bar. `lean`: +DI minus -DI."""

    rsi: float
    histogram: float
    adx: float
    lean: float
    stochastic: float


def read(bars: Bars) -> Readings:
    plus, minus = bars.directional()
    return Readings(
        rsi=float(bars.rsi()[-1]),
        histogram=float(bars.macd()[2][-1]),
        adx=float(bars.adx()[-1]),
        lean=float(plus[-1] - minus[-1]),
        stochastic=float(bars.stochastic()[0][-1]),
    )


def is_due(position: Position, now: datetime) -> bool:
    """From 90 minutes on every 30, until the first target is reached: then the stop protects the entry."""
    if not position.is_open or position.hit or not position.terms.revalidates or position.readings is None:
        return False
    if now < position.published_at + FIRST_LOOK:
        return False
    return position.judged_at is None or now >= position.judged_at + LOOK_AGAIN


def judge(position: Position, now: Readings, price: Decimal) -> Verdict:
    """RSI, MACD histogram and stochastic count against us when they moved against us since entry; ADX when the trend
    grew stronger and leans the other way. Two against: weakening; three, and the price on the losing side: broken."""
    entry = position.readings
    assert entry is not None  # is_due asked
    d = position.plan.direction
    against = [
        d * (now.rsi - entry.rsi) < 0,
        d * (now.histogram - entry.histogram) < 0,
        d * (now.stochastic - entry.stochastic) < 0,
        now.adx > entry.adx and d * now.lean < 0,
    ]
    if sum(against) >= BROKEN_AT and position.plan.gain(price) < 0:
        return "broken"
    return "weakening" if sum(against) >= WEAKENING_AT else "holding"
