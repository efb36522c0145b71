"""Quarter-hours that come behind later ones. A signal is followed in the order of time, so what stands behind a hole
waits a little for it; then the hole stays one, for the live run and for whoever walks the stored bars again."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from promostack.signals import market_calendar
from promostack.signals.candles import Candles

# The vendor's newest bar comes up to 130 s late; the tick looks for five minutes after a close.
WAITS = timedelta(minutes=3)
# Stored so much sooner than others go on, whatever the vendor's clock says.
MARGIN = timedelta(seconds=30)


def may_be_filled(newest: datetime, length: timedelta, now: datetime) -> bool:
    """Whether a bar that is missing right before the newest one, which opened at `newest`, is still waited for."""
    return now < newest + length + WAITS and market_calendar.is_open(newest - length)


def settled(candles: Candles, now: datetime) -> Candles:
    """Without the last bar while the one before it is missing and may still come."""
    if len(candles) < 2 or candles.stamps[-2] + candles.seconds == candles.stamps[-1]:
        return candles
    last = len(candles) - 1
    is_waiting = may_be_filled(candles.opened_at(last), timedelta(seconds=candles.seconds), now)
    return candles.cut(0, last) if is_waiting else candles


def in_time(candles: Candles, newest: datetime | None, now: datetime) -> npt.NDArray[np.bool_]:
    """Which bars come before anybody has gone past their place. `newest`: when the last stored one opened."""
    if newest is None:
        return np.ones(len(candles), dtype=np.bool_)
    length = timedelta(seconds=candles.seconds)
    first = newest - length if may_be_filled(newest, length, now + MARGIN) else newest
    return np.asarray(candles.stamps >= first.timestamp(), dtype=np.bool_)
