"""A signal's life after its draft: published once its message is out, followed bar by bar, told, closed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.signals import ledger, messages, repository
from promostack.signals.announcements import choose
from promostack.signals.bars import History
from promostack.signals.candles import Candles
from promostack.signals.duty import MENDS_WITHIN
from promostack.signals.following import follow
from promostack.signals.intervals import LENGTHS
from promostack.signals.models import Settings, Signal
from promostack.signals.positions import Event, Position, publish
from promostack.signals.results import result_of
from promostack.signals.scanning import Bars
from promostack.signals.tracking import watch

# What was not told so long after the end is no longer news: only the signal's own message tells it.
TELLS_WITHIN = timedelta(minutes=30)


@dataclass
class Tracked:
    """What was done for one tenant; `rows` are leased to the caller, who sends them."""

    published: int = 0
    dropped: int = 0
    events: int = 0
    closed: int = 0
    rows: list[Leased] = field(default_factory=list)


def settle(tx: Transaction, tenant_id: str, *, now: datetime) -> Tracked:
    """Drafts whose message is out are published; those whose message will not come, or would be too late, are not.

    A message that waits longer than one bar is taken back: nobody gets a stale entry, whatever was down meanwhile.
    """
    repository.hold(tx, tenant_id)
    done = Tracked()
    _settle(tx, tenant_id, repository.list_living(tx, tenant_id), done, now)
    return done


def _settle(tx: Transaction, tenant_id: str, living: list[Signal], done: Tracked, now: datetime) -> list[Signal]:
    """What lives then."""
    for signal in living:
        if signal.state != "draft":
            continue
        if signal.sending == "sent":
            _publish(tx, tenant_id, signal, now)
            done.published += 1
        elif reason := _lost(tx, tenant_id, signal, now):
            repository.save_signal(tx, tenant_id, replace(signal, state="unpublished", reason=reason))
            body = ledger.fate_body(signal.id, "unpublished", reason=reason)
            repository.append(tx, tenant_id, at=now, kind="fate", body=body)
            done.dropped += 1
    return repository.list_living(tx, tenant_id) if done.published or done.dropped else living


def track(tx: Transaction, tenant_id: str, bars: Bars, finer: Candles, *, now: datetime, lease: str) -> Tracked:
    """Walks every stored bar since the last one seen and tells what came of it. `finer`: five-minute bars."""
    repository.hold(tx, tenant_id)
    done = Tracked()
    living = _settle(tx, tenant_id, repository.list_living(tx, tenant_id), done, now)
    followed = [_follow(tx, tenant_id, each, bars, finer, done, now) for each in living if each.state == "open"]
    ended = repository.list_untold(tx, tenant_id, now - MENDS_WITHIN)
    for signal in [*(each for each in followed if each.state == "open"), *ended]:
        done.rows += _tell(tx, tenant_id, signal, now=now, lease=lease)
    return done


def begin_queued(tx: Transaction, tenant_id: str, *, now: datetime) -> Settings | None:
    """What the owner chose while a signal was open begins when nothing is; returns what holds then. The caller holds
    the tenant's signals."""
    settings = repository.find_settings(tx, tenant_id)
    if settings is None or settings.queued is None or repository.list_living(tx, tenant_id):
        return settings
    if repository.list_untold(tx, tenant_id, now - MENDS_WITHIN):
        return settings
    queued = settings.queued
    begun = replace(settings, strategy=queued["strategy"], params=queued["params"], queued=None, active_since=now)
    repository.save_settings(tx, tenant_id, begun)
    return begun


def _publish(tx: Transaction, tenant_id: str, signal: Signal, now: datetime) -> None:
    """From when its message was out; a sender's clock that is ahead of ours does not count."""
    at = min(now, signal.sent_at or now)
    draft = signal.draft
    position = publish(signal.plan, draft.terms, at=max(at, signal.bar_closed_at), readings=draft.readings)
    repository.save_signal(tx, tenant_id, replace(signal, state="open", position=position, message_id=signal.sent_as))
    body = ledger.fate_body(signal.id, "published", published_at=position.published_at, line=signal.line)
    repository.append(tx, tenant_id, at=now, kind="fate", body=body)


def _lost(tx: Transaction, tenant_id: str, signal: Signal, now: datetime) -> str | None:
    """Why the draft will never be out, None while it may be."""
    if signal.sending in ("failed", "cancelled", "ambiguous"):
        return signal.error_code or signal.sending
    if signal.sending is None or signal.outbox_id is None:
        return "no_message"
    is_late = now >= signal.bar_closed_at + LENGTHS[signal.bar_interval]
    if is_late and outbox.withdraw(tx, tenant_id, id=signal.outbox_id, reason="stale"):
        return "stale"
    return None


def _follow(
    tx: Transaction, tenant_id: str, signal: Signal, bars: Bars, finer: Candles, done: Tracked, now: datetime
) -> Signal:
    """As it stands then."""
    assert signal.position is not None
    history = bars.history(signal.bar_interval)
    position, events = _walk(signal.position, history, finer)
    if position == signal.position:
        return signal
    signal = replace(signal, position=position, state="open" if position.is_open else "closed")
    repository.save_signal(tx, tenant_id, signal)
    repository.add_events(tx, tenant_id, signal.id, events)
    for event in events:
        if event.kind != "closed":
            body = ledger.event_body(signal.id, event)
            repository.append(tx, tenant_id, at=now, kind="event", body=body)
    if not position.is_open:
        body = ledger.closed_body(signal.id, position, result_of(signal.plan, position.legs, signal.costs))
        repository.append(tx, tenant_id, at=now, kind="closed", body=body)
        done.closed += 1
    done.events += len(events)
    return signal


def _walk(position: Position, history: History, finer: Candles) -> tuple[Position, list[Event]]:
    """Every base bar that closed since the last one seen, with the shorter ones of its time and of a hole before it;
    then the shorter bars of the one that is forming."""
    candles = history.candles
    events: list[Event] = []
    since = position.last_bar_at or position.published_at
    first = int(np.searchsorted(candles.stamps + candles.seconds, since.timestamp(), side="right"))
    for index in range(first, len(candles)):
        if not position.is_open:
            break
        bar = candles.bar(index)
        shorter = finer.bars_between(candles.closed_at(index - 1) if index else bar.opened_at, bar.closed_at)
        position, happened = follow(position, bar, bars=history.until(index + 1), finer=shorter)
        events += happened
    if position.is_open and len(candles):
        forming = candles.closed_at(len(candles) - 1)
        newest = finer.bars_between(forming, forming + LENGTHS[candles.interval])
        position, happened = watch(position, newest, since=forming)
        events += happened
    return position, events


def _tell(tx: Transaction, tenant_id: str, signal: Signal, *, now: datetime, lease: str) -> list[Leased]:
    """The next event in words under the signal, and the signal's own message as it now stands."""
    ended_at = signal.position.closed_at if signal.position else None
    if ended_at is not None and now >= ended_at + TELLS_WITHIN:
        return _mend(tx, tenant_id, signal, now, lease)
    events = repository.list_events(tx, tenant_id, signal.id)
    chosen = choose(events, claimed=signal.told, last_told_at=signal.last_told_at, now=now)
    if chosen.tell is None:
        return []
    told = (*signal.told, chosen.tell.name, *chosen.drop)
    signal = replace(signal, told=told, last_told_at=now, edits=signal.edits + 1)
    repository.save_signal(tx, tenant_id, signal)
    return _enqueue(tx, tenant_id, signal, chosen.tell, lease)


def _mend(tx: Transaction, tenant_id: str, signal: Signal, now: datetime, lease: str) -> list[Leased]:
    """Too late for news: the signal's own message tells the end, which disturbs nobody."""
    assert signal.position is not None
    told = (*signal.told, str(signal.position.outcome))
    signal = replace(signal, told=told, last_told_at=now, edits=signal.edits + 1)
    repository.save_signal(tx, tenant_id, signal)
    return _enqueue(tx, tenant_id, signal, None, lease)


def _enqueue(tx: Transaction, tenant_id: str, signal: Signal, event: Event | None, lease: str) -> list[Leased]:
    assert signal.bot_id is not None
    assert signal.chat_id is not None
    source = f"signal:{signal.id}"
    edit = messages.message_params(messages.signal_text(signal), message_id=signal.message_id)
    key = f"{source}:edit:{signal.edits}"
    rows = [Message(signal.chat_id, Kind.SIGNAL, "editMessageText", edit, key, source=source)]
    if event is not None:
        under = {"message_id": signal.message_id, "allow_sending_without_reply": True}
        news = messages.message_params(messages.news_text(signal, event), reply_parameters=under)
        rows.append(Message(signal.chat_id, Kind.SIGNAL, "sendMessage", news, f"{source}:{event.name}", source=source))
    return outbox.enqueue(tx, rows, tenant_id=tenant_id, bot_id=signal.bot_id, lease_token=lease)


def since_of(signals: list[Signal]) -> datetime | None:
    """From when shorter bars matter: the first publication of what is open."""
    times = [signal.position.published_at for signal in signals if signal.state == "open" and signal.position]
    return min(times, default=None)
