"""Candle files: the two brokers' exports as they are, recognised by their header, and plain UTC files.

A broker writes its server's wall clock. One server followed New York plus seven hours until October 2020 and Athens
from then on; the other follows Athens.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from promostack.core.errors import Unprocessable
from promostack.signals.candles import Candles, candles_from, possible_mask
from promostack.signals.intervals import Interval, interval_of
from promostack.signals.market_calendar import NEW_YORK

ATHENS = ZoneInfo("Europe/Athens")
HOURLY_HEADER = ["Date", "open", "high", "low", "close", "tick_volume"]
QUARTER_HEADER = ["time", "open", "high", "low", "close", "tick_volume", "spread", "real_volume"]
PLAIN_HEADER = ["time", "open", "high", "low", "close"]
# The first week in which the hourly export's server no longer followed New York.
SERVER_MOVED = datetime(2020, 10, 26)
SERVER_AHEAD = timedelta(hours=7)

Row = tuple[int, float, float, float, float]


class BadCandles(Unprocessable):
    """The file cannot be read as candles; the message names the line."""

    code = "bad_candles"


def read_candles(path: Path) -> Candles:
    """Closed bars, oldest first, UTC. Raises BadCandles; OSError when the file cannot be opened."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        read = _READERS.get(tuple(header))
        if read is None:
            known = ",".join(PLAIN_HEADER)
            raise BadCandles(f"{path.name}: the header {','.join(header)!r} is not known; UTC candles have {known!r}")
        rows = list(_rows(path.name, lines, read))
    candles = candles_from(_interval(path.name, rows), rows)
    wrong = ~possible_mask(candles)
    if wrong.any():
        raise BadCandles(f"{path.name}: line {int(wrong.argmax()) + 2} has prices that cannot be")
    return candles


def _rows(name: str, lines: Iterator[list[str]], read: Callable[[list[str]], Row]) -> Iterator[Row]:
    last = 0
    for number, line in enumerate(lines, 2):
        try:
            row = read(line)
        except (ValueError, IndexError, OverflowError) as error:
            raise BadCandles(f"{name}: line {number} is not a candle: {','.join(line)[:60]!r}") from error
        if row[0] <= last:
            raise BadCandles(f"{name}: line {number} is not later than the line before it")
        last = row[0]
        yield row


def _interval(name: str, rows: list[Row]) -> Interval:
    """The shortest step between two bars."""
    steps = [later[0] - earlier[0] for earlier, later in itertools.pairwise(rows)]
    try:
        return interval_of(min(steps))
    except (KeyError, ValueError) as error:
        raise BadCandles(f"{name}: bars must be 1 min, 5 min, 15 min, 1 h or 4 h apart") from error


def _hourly_row(line: list[str]) -> Row:
    """Prices are written times a hundred."""
    wall = datetime.fromisoformat(line[0])
    at = (wall - SERVER_AHEAD).replace(tzinfo=NEW_YORK) if wall < SERVER_MOVED else wall.replace(tzinfo=ATHENS)
    prices = [float(text) / 100 for text in line[1:5]]
    return int(at.timestamp()), prices[0], prices[1], prices[2], prices[3]


def _quarter_row(line: list[str]) -> Row:
    """Its epoch seconds count the server's wall clock."""
    wall = datetime.fromtimestamp(int(line[0]), UTC).replace(tzinfo=ATHENS)
    return int(wall.timestamp()), float(line[1]), float(line[2]), float(line[3]), float(line[4])


def _plain_row(line: list[str]) -> Row:
    """Times are epoch seconds or ISO text; text without a zone is UTC."""
    if line[0].isdigit():
        stamp = int(line[0])
    else:
        at = datetime.fromisoformat(line[0])
        stamp = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    return stamp, float(line[1]), float(line[2]), float(line[3]), float(line[4])


_READERS: dict[tuple[str, ...], Callable[[list[str]], Row]] = {
    tuple(HOURLY_HEADER): _hourly_row,
    tuple(QUARTER_HEADER): _quarter_row,
    tuple(PLAIN_HEADER): _plain_row,
}
