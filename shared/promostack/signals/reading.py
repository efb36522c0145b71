"""What the dashboard shows of a tenant's signals: how things stand, one signal's whole life, candles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.signals import ledger, market, market_calendar, repository
from promostack.signals.errors import SignalUnknown
from promostack.signals.intervals import LENGTHS, Interval
from promostack.signals.market import BASE, SYMBOL, FeedState
from promostack.signals.models import Settings, Signal
from promostack.signals.positions import Event
from promostack.signals.statistics import Statistics, summarise
from promostack.signals.track_record import row_of
from promostack.telegram import channels
from promostack.telegram.post_models import Channel

_sql = load(__package__)

TROUBLES_FOR = timedelta(days=7)
MOST_TROUBLES = 20
# Candles beside a signal: enough to see what it came from and what it ran into.
BEFORE_BARS, AFTER_BARS = 48, 16
QUARTERS_AHEAD = 4 * 96

Candle = tuple[int, float, float, float, float]


@dataclass(frozen=True)
class Trouble:
    """A bar for which the strategy failed, or proposed what no rule allows."""

    strategy: str
    bar_closed_at: datetime
    fate: str
    reason: str


@dataclass(frozen=True)
class Desk:
    """`price`: the newest stored close with its time. `next_scan_at`: when the next bar of market hours closes."""

    settings: Settings
    channels: list[Channel]
    feed: FeedState
    living: list[Signal]
    month: Statistics
    troubles: list[Trouble]
    next_scan_at: datetime
    price: tuple[datetime, float] | None


@dataclass(frozen=True)
class Sent:
    """A message as it was handed over. `text` is Telegram's HTML."""

    method: str
    text: str
    state: str
    finished_at: datetime | None


@dataclass(frozen=True)
class Life:
    """`rows`: the signal's own of the record, with their hashes."""

    signal: Signal
    events: list[Event]
    sent: list[Sent]
    rows: list[ledger.Row]
    candles: list[Candle]


def desk(tx: Transaction, tenant_id: str, *, now: datetime) -> Desk:
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    newest = candles(tx, before=now, most=1)
    close = (datetime.fromtimestamp(newest[-1][0], UTC) + LENGTHS[BASE], newest[-1][4]) if newest else None
    found = tx.rows(_sql.list_troubles, tenant_id=tenant_id, since=now - TROUBLES_FOR, most=MOST_TROUBLES)
    return Desk(
        settings=repository.find_settings(tx, tenant_id) or Settings(),
        channels=channels.list_channels(tx, tenant_id),
        feed=market.feed_state(tx, SYMBOL, now),
        living=repository.list_living(tx, tenant_id),
        month=summarise(repository.list_samples(tx, tenant_id, month)),
        troubles=[Trouble(**row) for row in found],
        next_scan_at=next_close(now),
        price=close,
    )


def life(tx: Transaction, tenant_id: str, signal_id: str, *, now: datetime) -> Life:
    """Raises SignalUnknown."""
    signal = repository.find_signal(tx, tenant_id, signal_id)
    if signal is None:
        raise SignalUnknown("There is no such signal.")
    ended = signal.position.closed_at if signal.position and signal.position.closed_at else now
    length = LENGTHS[BASE]
    since = signal.bar_closed_at - BEFORE_BARS * length
    sent = tx.rows(_sql.list_sent, tenant_id=tenant_id, source=f"signal:{signal.id}")
    rows = tx.rows(_sql.list_signal_rows, tenant_id=tenant_id, signal_id=signal.id)
    return Life(
        signal=signal,
        events=repository.list_events(tx, tenant_id, signal.id),
        sent=[Sent(**row) for row in sent],
        rows=[row_of(row) for row in rows],
        candles=candles(tx, before=min(now, ended + AFTER_BARS * length), since=since),
    )


def candles(
    tx: Transaction, *, before: datetime, most: int = 400, since: datetime | None = None, interval: Interval = BASE
) -> list[Candle]:
    """Closed bars as (epoch second of the open, open, high, low, close), oldest first."""
    named = {
        "symbol": SYMBOL,
        "bar_interval": interval,
        "before": before - LENGTHS[interval] + timedelta(microseconds=1),
    }
    row = tx.row(_sql.load_bars, **named, since=since or datetime(1970, 1, 1, tzinfo=UTC), most=most)
    if row is None or row["stamps"] is None:
        return []
    columns: list[Any] = [row[name] for name in ("stamps", "opens", "highs", "lows", "closes")]
    return list(zip(*columns, strict=True))


def next_close(now: datetime) -> datetime:
    """Of the next quarter-hour in which gold trades."""
    length = LENGTHS[BASE]
    opened = datetime.fromtimestamp(int(now.timestamp()) // 900 * 900, UTC)
    for _ in range(QUARTERS_AHEAD):
        if market_calendar.is_open(opened):
            break
        opened += length
    return opened + length
