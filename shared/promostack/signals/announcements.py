"""Which event of a signal is told next: at least 90 seconds apart, each once, what is overtaken never."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from promostack.signals.positions import Event

APART = timedelta(seconds=90)
# The later in this list, the sooner told. What stands before an event of the same signal is overtaken by it.
ORDER = (
    "progress_40", "progress_70", "weakening", "danger_60", "tp1", "progress_tp2_50", "tp2", "tp3", "stopped",
    "breakeven", "locked_profit", "timeout", "invalidated",
)  # fmt: skip
ALWAYS_TOLD = frozenset({"tp1", "tp2", "stopped", "breakeven", "locked_profit", "timeout", "invalidated"})
"""Targets and ends are facts that a subscriber may act on; progress may be left out. tp3 is an end."""


@dataclass(frozen=True)
class Announcement:
    """`tell`: the event to claim and send now, None to wait. `drop`: names that are overtaken and never told."""

    tell: Event | None
    drop: tuple[str, ...] = ()


def choose(
    events: Iterable[Event], *, claimed: Collection[str], last_told_at: datetime | None, now: datetime
) -> Announcement:
    """From a signal's stored events and the names told or dropped already.

    Targets and ends are told in the order in which they happened; of what is left only the newest progress counts. Ends
    do not wait for the 90 seconds: a stop that is told late is a loss that somebody else takes. A time of the last one
    that lies ahead is a clock's fault and keeps nothing back.
    """
    waiting = _tellable(events, claimed)
    if not waiting:
        return Announcement(None)
    facts = [event for event in waiting if _is_fact(event)]
    tell = facts[0] if facts else max(waiting, key=lambda event: ORDER.index(event.name))
    before = waiting[: waiting.index(tell)] if facts else [event for event in waiting if event is not tell]
    drop = tuple(event.name for event in before if not _is_fact(event))
    is_too_soon = last_told_at is not None and last_told_at <= now < last_told_at + APART
    return Announcement(None if is_too_soon and tell.kind != "closed" else tell, drop)


def _tellable(events: Iterable[Event], claimed: Collection[str]) -> list[Event]:
    """Each name once, as it first happened; tp3 is told as the end that it is."""
    found: dict[str, Event] = {}
    for event in events:
        is_double = event.kind == "target" and event.name == "tp3"
        if event.name in ORDER and event.name not in claimed and not is_double:
            found.setdefault(event.name, event)
    return list(found.values())


def _is_fact(event: Event) -> bool:
    return event.kind == "closed" or event.name in ALWAYS_TOLD
