"""When gold trades: Sunday 18:00 to Friday 17:00 New York, with a break from 17:00 to 18:00 each day.

Holidays are not known here: on one, bars are simply missing. New York's clock decides, so both changes of daylight
saving time, its own and Europe's, come out right.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NEW_YORK = ZoneInfo("America/New_York")
DAY_ENDS_HOUR = 17
_HOUR_S = 3600


def is_open(at: datetime) -> bool:
    """Whether gold trades at this aware time."""
    return _is_open_hour(int(at.timestamp()) // _HOUR_S)


def open_mask(stamps: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """For each epoch second, whether gold trades then. Trading starts and ends on whole hours."""
    import numpy as np  # not with the module: the tick asks for single moments only

    hours, place = np.unique(stamps // _HOUR_S, return_inverse=True)
    opened = np.fromiter((_is_open_hour(int(hour)) for hour in hours), dtype=np.bool_, count=len(hours))
    return opened[place]


def trading_day(at: datetime) -> date:
    """The day that a trade at this time counts for: it ends at 17:00 New York."""
    local = at.astimezone(NEW_YORK).replace(tzinfo=None)
    return (local + timedelta(hours=24 - DAY_ENDS_HOUR)).date()


def trading_day_span(day: date) -> tuple[datetime, datetime]:
    """First and last instant (exclusive) of a trading day, in UTC."""
    end = datetime(day.year, day.month, day.day, DAY_ENDS_HOUR, tzinfo=NEW_YORK)
    before = day - timedelta(days=1)
    start = datetime(before.year, before.month, before.day, DAY_ENDS_HOUR, tzinfo=NEW_YORK)
    return start.astimezone(UTC), end.astimezone(UTC)


def missing_opens(stamps: npt.NDArray[np.int64], seconds: int) -> npt.NDArray[np.int64]:
    """Opens between the first and the last bar at which gold traded and no bar is stored."""
    import numpy as np

    if not len(stamps):
        return stamps
    expected = np.arange(stamps[0], stamps[-1] + 1, seconds, dtype=np.int64)
    expected = expected[open_mask(expected)]
    return np.setdiff1d(expected, stamps, assume_unique=True)


@lru_cache(maxsize=200_000)
def _is_open_hour(hour: int) -> bool:
    local = datetime.fromtimestamp(hour * _HOUR_S, NEW_YORK)
    weekday = local.weekday()
    if weekday == 6:
        return local.hour > DAY_ENDS_HOUR
    if weekday == 4:
        return local.hour < DAY_ENDS_HOUR
    return weekday != 5 and local.hour != DAY_ENDS_HOUR
