"""Stored bars, kept by a process between two calls, so that it loads only those that are new."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from promostack.db.sql import load
from promostack.signals.candles import Candles, extend_back
from promostack.signals.intervals import Interval
from promostack.signals.market import HISTORY_BARS, load_candles

if TYPE_CHECKING:
    from promostack.db.uow import Transaction

_sql = load(__package__)


class Shelf:
    """A stored bar never changes; one that fills a hole is seen by the count, and then all are loaded again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Interval], Candles] = {}

    def candles(self, tx: Transaction, symbol: str, interval: Interval, *, before: datetime) -> Candles:
        """The newest stored bars that had closed by `before`, HISTORY_BARS at most, oldest first."""
        kept = self._kept.get((symbol, interval))
        found = self._with_newer(tx, symbol, kept, before) if kept is not None and len(kept) else None
        if found is None:
            found = load_candles(tx, symbol, interval, before=before)
        self._kept[symbol, interval] = found
        return found

    def _with_newer(self, tx: Transaction, symbol: str, kept: Candles, before: datetime) -> Candles | None:
        """None when what is kept is not what is stored, or lies behind `before`."""
        last = len(kept) - 1
        span = {"first": kept.opened_at(0), "last": kept.opened_at(last)}
        stored = tx.value(_sql.count_bars, symbol=symbol, bar_interval=kept.interval, **span)
        if stored != len(kept) or kept.closed_at(last) > before:
            return None
        newer = load_candles(tx, symbol, kept.interval, before=before, since=kept.closed_at(last))
        if not len(newer):
            return kept
        both = extend_back(newer, kept)
        return both.cut(max(0, len(both) - HISTORY_BARS), len(both))
