"""The lengths of bars."""

from datetime import timedelta
from typing import Literal, get_args

Interval = Literal["1min", "5min", "15min", "1h", "4h"]

SECONDS: dict[Interval, int] = {"1min": 60, "5min": 300, "15min": 900, "1h": 3600, "4h": 14_400}
LENGTHS = {name: timedelta(seconds=seconds) for name, seconds in SECONDS.items()}
INTERVALS: tuple[Interval, ...] = get_args(Interval)

# EMA200 needs a thousand bars of its own interval before its seed no longer shows (measured: 0 of 4 000 decisions).
WARMUP_BARS = 1000


def interval_of(seconds: int) -> Interval:
    """Raises KeyError for a length that no interval has."""
    return {length: name for name, length in SECONDS.items()}[seconds]
