"""A second opinion on profit and loss that shares no line with the product.

Prices are whole cents. A sell is a buy on a turned-over market: prices change their sign, highs and lows their places.
A position is a list of price levels still to be met; a bar is asked which of them it meets, worst first.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=15)
FILE = Path(__file__).resolve().parents[3] / "scripts" / "local" / "candles" / "xauusd_m15.csv"


def cents(text: str) -> int:
    """'2118.7' → 211870; more than two decimals do not occur in the file."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def load(path: Path = FILE) -> list[tuple[datetime, int, int, int, int]]:
    """Opening time (UTC), open, high, low, close. The file counts seconds of the wall clock in Athens."""
    rows = []
    with path.open() as file:
        for row in csv.DictReader(file):
            wall = datetime(1970, 1, 1) + timedelta(seconds=int(row["time"]))
            at = wall.replace(tzinfo=ZoneInfo("Europe/Athens")).astimezone(timezone.utc)  # noqa: UP017
            rows.append((at, *(cents(row[name]) for name in ("open", "high", "low", "close"))))
    return rows


def pnl(trade: dict, bars: list) -> tuple[str, datetime, int]:
    """(outcome, end, result after the spread in hundredths of a cent) of a trade: side, entry, stop, targets, split,
    published, hold_min, spread_cents; stops move to the entry and then to the first target."""
    sign = 1 if trade["side"] == "buy" else -1
    entry, stop, *targets = (sign * cents(text) for text in (trade["entry"], trade["stop"], *trade["targets"]))
    book = Book(entry, stop, targets, list(trade["split"]))
    limit = trade["published"] + timedelta(minutes=trade["hold_min"])
    for at, *prices in bars:
        if at + STEP <= trade["published"]:
            continue
        first, high, low, last = (sign * price for price in prices)
        high, low = max(high, low), min(high, low)
        if book.opens(first):
            return book.name, at, book.total(trade["spread_cents"])
        if at >= limit:
            book.sell_all(first, "timeout")
            return book.name, at, book.total(trade["spread_cents"])
        if book.trades(first, high, low, last):
            return book.name, at + STEP, book.total(trade["spread_cents"])
        if at + STEP >= limit:
            book.sell_all(last, "timeout")
            return book.name, at + STEP, book.total(trade["spread_cents"])
    raise LookupError("the bars end before the trade does")


class Book:
    """What is left of a position."""

    def __init__(self, entry: int, stop: int, targets: list[int], shares: list[int]) -> None:
        self.entry, self.first_stop, self.stop = entry, stop, stop
        self.ladder = list(zip(targets, shares, strict=True))
        self.money, self.name = 0, ""
        self.rungs = [entry, targets[0], targets[0]]

    def opens(self, price: int) -> bool:
        """The opening auction: everything that it passes is done at its price. True when nothing is left."""
        if price <= self.stop:
            self.stop_at(price)
        while self.ladder and not self.name and price >= self.ladder[0][0]:
            self.climb(price)
        return bool(self.name)

    def trades(self, first: int, high: int, low: int, last: int) -> bool:
        """Between the opening and the end of the bar. True when nothing is left."""
        if low <= self.stop:
            self.stop_at(self.stop)
        while self.ladder and not self.name and high >= self.ladder[0][0]:
            self.climb(self.ladder[0][0])
            came_back = last <= self.stop
            went_through = first > self.stop >= low
            if not self.name and (came_back or went_through):
                self.stop_at(self.stop)
        return bool(self.name)

    def climb(self, price: int) -> None:
        """A target is reached: its share is sold, the stop moves up one rung."""
        _, share = self.ladder.pop(0)
        self.money += share * (price - self.entry)
        self.stop = max(self.stop, self.rungs.pop(0))
        if not self.ladder:
            self.name = "tp3"

    def stop_at(self, price: int) -> None:
        """Named by the level that held, whatever the price was."""
        names = {self.first_stop: "stopped", self.entry: "breakeven"}
        self.sell_all(price, names.get(self.stop, "locked_profit"))

    def sell_all(self, price: int, name: str) -> None:
        self.money += sum(share for _, share in self.ladder) * (price - self.entry)
        self.ladder, self.name = [], name

    def total(self, spread: int) -> int:
        return self.money - 100 * spread
