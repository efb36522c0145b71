"""The market's bars: asked for when one should have closed, kept as first told, within the day's credits.

The vendor's newest bar may come two minutes late, and some never come. So a bar is asked for when it should have
closed, and again each minute while credits are left that no later bar needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from promostack.core import log
from promostack.core.clock import Clock
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.signals import holes, market_calendar
from promostack.signals.candles import Bar, Candles, candles_from, clean
from promostack.signals.errors import FeedBusy, FeedExhausted, FeedRefused
from promostack.signals.intervals import LENGTHS, SECONDS, WARMUP_BARS, Interval
from promostack.signals.ports import FeedAnswer, MarketFeed

_sql = load(__package__)
_log = log.get("market")

SYMBOL = "XAUUSD"
BASE: Interval = "15min"
WATCH: Interval = "5min"
CREDITS_A_DAY = 400
# The vendor's limit is 8 a minute; nothing here needs to be known sooner.
ASK_EVERY = timedelta(seconds=50)
REFUSED_FOR, BUSY_FOR = timedelta(hours=1), timedelta(seconds=60)
# A thousand hours need four thousand quarters, and some are missing.
HISTORY_BARS = 5 * WARMUP_BARS
# Asked for beside those that are missing, so that revisions of the newest are seen.
OVERLAP = 4

Question = Literal["scan", "watch"]


@dataclass(frozen=True)
class Stored:
    """What an answer brought. `new`: bars that were not stored; `revised`: bars that the feed now tells otherwise."""

    new: int
    revised: int
    dropped: int


@dataclass(frozen=True)
class FeedState:
    """`code` names why the feed is not asked until `paused_until`; both None while it is."""

    credits: int
    paused_until: datetime | None
    code: str | None
    text: str | None


class Market:
    """Asks the feed and keeps what it says; `feed` None: nobody is asked, and stored bars are all there is."""

    def __init__(self, feed: MarketFeed | None, clock: Clock, *, symbol: str = SYMBOL) -> None:
        self._feed, self._clock, self._symbol = feed, clock, symbol

    def refresh(self) -> Stored | None:
        """Asks for quarter-hours when one that should have closed is not stored; None when nobody was asked.

        A vendor's fault is told in the log and, when it will last, pauses the feed; it is never raised.
        """
        now = self._clock.now()
        missing = self._missing(now)
        if missing is None:
            return None
        wanted, bars = missing
        return self._ask(BASE, "scan", wanted, now, most=min(HISTORY_BARS, bars + OVERLAP))

    def is_quarter_missing(self) -> bool:
        """Whether a quarter-hour that should have closed is not stored."""
        return self._missing(self._clock.now()) is not None

    def watch(self, since: datetime, *, with_quarter: bool = False) -> Stored | None:
        """Asks once for each five minutes, to order what a quarter-hour leaves open; `since`: from when they matter.

        `with_quarter`: a quarter-hour is about to be asked for, and shorter bars that come after theirs are not kept;
        so they are asked for again, as often as it is.
        """
        now = self._clock.now()
        wanted = last_close(WATCH, now)
        if wanted is None or wanted <= since:
            return None
        missing = int((wanted - since) / LENGTHS[WATCH]) + 1
        return self._ask(WATCH, "watch", wanted, now, most=min(200, missing + OVERLAP), is_again=with_quarter)

    def _missing(self, now: datetime) -> tuple[datetime, int] | None:
        """The last close of a quarter-hour and how many bars that takes, None when it is stored, and the one before."""
        with unit_of_work(None) as tx:
            newest = tx.value(_sql.newest_bar, symbol=self._symbol, bar_interval=BASE)
            length, hole = LENGTHS[BASE], False
            if newest is not None and holes.may_be_filled(newest, length, now):
                span = {"first": newest - length, "last": newest - length}
                hole = not tx.value(_sql.count_bars, symbol=self._symbol, bar_interval=BASE, **span)
        wanted = last_close(BASE, now)
        if wanted is None or (newest is not None and newest + length >= wanted and not hole):
            return None
        return wanted, HISTORY_BARS if newest is None else int((wanted - newest) / LENGTHS[BASE])

    def _ask(
        self,
        interval: Interval,
        question: Question,
        wanted: datetime,
        now: datetime,
        *,
        most: int,
        is_again: bool = False,
    ) -> Stored | None:
        if self._feed is None or not self._take_credit(question, wanted, now, is_again=is_again):
            return None
        try:
            answer = self._feed.closed_bars(self._symbol, interval, most=most)
        except PromoError as error:
            _log.warning("feed_failed", code=error.code, reason=error.message)
            self._pause(error, now)
            return None
        with unit_of_work(None) as tx:
            return store(tx, self._symbol, answer)

    def _take_credit(self, question: Question, wanted: datetime, now: datetime, *, is_again: bool) -> bool:
        """Counted before the call: a crash costs one too many, never one too few."""
        values = {
            "symbol": self._symbol,
            "credits_day": now.astimezone(UTC).date(),
            "now": now,
            "wanted_at": wanted,
            "most_again": CREDITS_A_DAY - closes_left(BASE, now),
            "not_since": now - ASK_EVERY,
        }
        with unit_of_work(None) as tx:
            if question == "watch":
                return tx.value(_sql.take_watch_credit, **values, is_again=is_again) is not None
            return tx.value(_sql.take_scan_credit, **values, most=CREDITS_A_DAY) is not None

    def _pause(self, error: PromoError, now: datetime) -> None:
        until = pause_until(error, now)
        if until is not None:
            with unit_of_work(None) as tx:
                tx.run(
                    _sql.pause_feed,
                    symbol=self._symbol,
                    paused_until=until,
                    pause_code=error.code,
                    pause_text=error.message,
                )


def pause_until(error: PromoError, now: datetime) -> datetime | None:
    """A refused key is tried again each hour, a used-up day the next day; what may pass by itself does not pause."""
    if isinstance(error, FeedRefused):
        return now + REFUSED_FOR
    if isinstance(error, FeedExhausted):
        return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    return now + BUSY_FOR if isinstance(error, FeedBusy) else None


def store(tx: Transaction, symbol: str, answer: FeedAnswer) -> Stored:
    """Keeps the bars that can be; what the feed now says of a stored one is kept beside it.

    Shorter bars that come when their quarter-hour is stored are not kept: signals have been followed through it, and
    whoever walks the bars again must find what was known then. Neither are quarter-hours for which nobody waits any
    more. Answers are stored one after the other, and each ends a
    pause.
    """
    if tx.value(_sql.hold_bars, symbol=symbol) is not None:
        tx.run(_sql.resume_feed, symbol=symbol)
    cleaned = clean(answer.candles)
    newest = tx.value(_sql.newest_bar, symbol=symbol, bar_interval=BASE)
    candles = _shorter_in_time(cleaned.candles, newest)
    in_time = holes.in_time(candles, newest, answer.told_at).tolist()
    dropped = {"stray": cleaned.stray, "impossible": cleaned.impossible, "doubled": cleaned.doubled, "late": 0}
    known = _known(tx, symbol, candles)
    new: list[Bar] = []
    revised: list[Bar] = []
    for index, stamp in enumerate(candles.stamps.tolist()):
        if stamp not in known and (in_time[index] or candles.interval != BASE):
            new.append(candles.bar(index))
        elif stamp not in known:
            dropped["late"] += 1
        elif known[stamp] != tuple(float(column[index]) for column in candles.columns()):
            revised.append(candles.bar(index))
    for statement, bars in ((_sql.store_bars, new), (_sql.note_revisions, revised)):
        if bars:
            tx.run(statement, symbol=symbol, bar_interval=candles.interval, **_columns(bars))
    if any(dropped.values()) or revised:
        _log.warning("bars_judged", interval=candles.interval, revised=len(revised), **dropped)
    return Stored(len(new), len(revised), sum(dropped.values()))


def _shorter_in_time(candles: Candles, newest: datetime | None) -> Candles:
    """Without shorter bars of quarter-hours that are stored."""
    if candles.interval == BASE or newest is None:
        return candles
    return candles.take(candles.stamps >= (newest + LENGTHS[BASE]).timestamp())


def _known(tx: Transaction, symbol: str, candles: Candles) -> dict[int, tuple[float, ...]]:
    """Stored prices of the time that these bars span, by the bar's open."""
    if not len(candles):
        return {}
    last = candles.closed_at(len(candles) - 1)
    stored = load_candles(tx, symbol, candles.interval, before=last, since=candles.opened_at(0))
    prices = zip(*(column.tolist() for column in stored.columns()), strict=True)
    return dict(zip(stored.stamps.tolist(), prices, strict=True))


def _columns(bars: list[Bar]) -> dict[str, list[object]]:
    return {
        "stamps": [bar.opened_at for bar in bars],
        "opens": [bar.open for bar in bars],
        "highs": [bar.high for bar in bars],
        "lows": [bar.low for bar in bars],
        "closes": [bar.close for bar in bars],
    }


def load_candles(
    tx: Transaction,
    symbol: str,
    interval: Interval,
    *,
    before: datetime,
    since: datetime | None = None,
    most: int = HISTORY_BARS,
) -> Candles:
    """The newest stored bars that had closed by `before`, so many at most, oldest first."""
    row = tx.row(
        _sql.load_bars,
        symbol=symbol,
        bar_interval=interval,
        before=before - LENGTHS[interval] + timedelta(microseconds=1),
        since=since or datetime(1970, 1, 1, tzinfo=UTC),
        most=most,
    )
    if row is None or row["stamps"] is None:
        return candles_from(interval, [])
    columns = (row["stamps"], row["opens"], row["highs"], row["lows"], row["closes"])
    return candles_from(interval, list(zip(*columns, strict=True)))


def feed_state(tx: Transaction, symbol: str, now: datetime) -> FeedState:
    """How the feed stands today."""
    row = tx.row(_sql.find_feed, symbol=symbol)
    assert row is not None, f"migration 0037 knows no {symbol}"
    is_today = row["credits_day"] == now.astimezone(UTC).date()
    is_paused = row["paused_until"] is not None and row["paused_until"] > now
    return FeedState(
        credits=row["credits"] if is_today else 0,
        paused_until=row["paused_until"] if is_paused else None,
        code=row["pause_code"] if is_paused else None,
        text=row["pause_text"] if is_paused else None,
    )


def last_close(interval: Interval, now: datetime) -> datetime | None:
    """When the last bar of market hours should have closed, None when the market has been closed for longer than a
    weekend."""
    seconds = SECONDS[interval]
    close = int(now.timestamp()) // seconds * seconds
    for back in range(0, 4 * 86_400, seconds):
        opened_at = datetime.fromtimestamp(close - back - seconds, UTC)
        if market_calendar.is_open(opened_at):
            return opened_at + LENGTHS[interval]
    return None


def closes_left(interval: Interval, now: datetime) -> int:
    """Bars of market hours that close later today (UTC): each of them is owed one question."""
    seconds = SECONDS[interval]
    first = (int(now.timestamp()) // seconds + 1) * seconds
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    opens = range(first - seconds, int(midnight.timestamp()) - seconds, seconds)
    return sum(market_calendar.is_open(datetime.fromtimestamp(at, UTC)) for at in opens)
