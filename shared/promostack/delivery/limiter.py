"""Telegram's limits, kept in Postgres for all processes: slots are taken in batches, in one statement each.

About 30 messages a second for a bot, one a second in a chat (short bursts pass), 20 a minute in a group; a 429 closes
the whole bot. Source: core.telegram.org/bots/faq, "My bot is hitting limits". See docs/decisions/0011.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from promostack.db.errors import DatabaseUnavailable
from promostack.db.sql import load
from promostack.db.trip import Statement
from promostack.db.uow import Transaction
from promostack.delivery.database_clock import DatabaseClock
from promostack.delivery.models import Kind, Leased
from promostack.delivery.slots import LATE_S, Slot

_sql = load(__package__)

# 28.2 a second: any 31 calls span 1.065 s, so the 31st stays out of the second even when it comes 65 ms early.
SPACING_S = 0.0355
# A little more than the vendor's second, because two calls do not travel equally long.
CHAT_SPACING_S = 1.1
# An answer may be three messages at once; only what a person waits for may make use of it.
INTERACTIVE_BURST_S = 2 * CHAT_SPACING_S
GROUP_MOST = 20
GROUP_WINDOW_S = 61.0
# As many as a sender may have open; a killed process loses no more than these.
BATCH = 8
# How far ahead slots may be taken. Bulk takes few, so that an answer is never more than 0.7 s behind it.
HORIZON_S = {Kind.INTERACTIVE: 2.0, Kind.JOURNEY: 1.0, Kind.POST: 1.0, Kind.SIGNAL: 1.0, Kind.BROADCAST: 0.35}
# So well is the database's clock known as a rule; what is unknown beyond it is taken from a slot's 30 ms, and the
# database is asked for its clock. Who is so starved that even these do not tell loses the slots.
CLOCK_ERROR_S, QUESTIONS_AT_MOST = 0.008, 6


@dataclass(frozen=True)
class Reservation:
    """`slots`: for each row (taken, seconds until its slot or until its chat may be written to).

    Or nothing was taken, and `busy_s` says in how many seconds it is this sender's turn to ask again. `counted_from` is
    the monotonic moment from which all seconds count. `late_s`: how late a slot may be entered, the less the less is
    known of the database's clock; below zero none may, because nobody knows when it is.
    """

    slots: Sequence[tuple[bool, float]] = ()
    busy_s: float | None = None
    counted_from: float = 0.0
    late_s: float = LATE_S

    def slot(self, wait_s: float) -> Slot:
        """The one that begins in so many seconds."""
        return Slot(self.counted_from + wait_s, late_s=self.late_s)


_clock = DatabaseClock()


def wish(rows: Sequence[Leased], *, horizon_s: float | None = None, ahead_s: float = 0.0) -> dict[str, Any]:
    """What `reserve_slots` is asked for up to BATCH rows of one bot and one kind, of different chats.

    No slot begins within `ahead_s`, the time until the caller has the answer and may call.
    """
    first = rows[0]
    return {
        "tenant_id": first.tenant_id,
        "bot_id": first.bot_id,
        "chats": [row.chat_id if row.is_message else None for row in rows],
        "spacing_s": SPACING_S,
        "horizon_s": HORIZON_S[first.kind] if horizon_s is None else horizon_s,
        "chat_spacing_s": CHAT_SPACING_S,
        "chat_burst_s": INTERACTIVE_BURST_S if first.kind is Kind.INTERACTIVE else 0.0,
        "group_most": GROUP_MOST,
        "group_window_s": GROUP_WINDOW_S,
        "ahead_s": ahead_s,
    }


def granted(lines: Sequence[Mapping[str, Any]], *, asked_at: float, ask_clock: Callable[[], float]) -> Reservation:
    """What `reserve_slots` answered just now to what was asked at that monotonic moment.

    `ask_clock` asks the database for its moment (epoch), again and again while a slow answer leaves it uncertain.
    """
    moment_s = lines[0]["counted_from_s"]
    _clock.told(moment_s, asked_at, time.monotonic())
    if lines[0]["at_position"] == 0:
        return Reservation(busy_s=lines[0]["wait_s"], counted_from=_clock.monotonic(moment_s))
    learn_clock(ask_clock)
    slots = [(line["is_taken"], line["wait_s"]) for line in lines]
    late_s = min(LATE_S, LATE_S + CLOCK_ERROR_S - _clock.error_s(time.monotonic()))
    return Reservation(slots, counted_from=_clock.monotonic(moment_s), late_s=late_s)


def learn_clock(ask_clock: Callable[[], float]) -> None:
    """Asks until the database's clock is known well enough, or cannot be known better now.

    Best before the first slots are taken: those of a process that has yet to learn it pass meanwhile.
    """
    for _ in range(QUESTIONS_AT_MOST):
        asked_at = time.monotonic()
        if _clock.error_s(asked_at) <= CLOCK_ERROR_S:
            return
        try:
            moment_s = ask_clock()
        except DatabaseUnavailable:  # the slots pass unused, and the next statement tells the caller
            return
        _clock.told(moment_s, asked_at, time.monotonic())


def clock_question() -> Statement:
    """Answers with `moment_s`, the database's moment now."""
    return Statement(_sql.tell_clock, {})


def reserve(
    tx: Transaction, rows: Sequence[Leased], *, horizon_s: float | None = None, ahead_s: float = 0.0
) -> Reservation:
    """Takes slots for up to BATCH rows of one bot and one kind, of different chats, in the caller's transaction."""
    asked_at = time.monotonic()
    lines = tx.rows(_sql.reserve_slots, **wish(rows, horizon_s=horizon_s, ahead_s=ahead_s))
    return granted(lines, asked_at=asked_at, ask_clock=lambda: float(tx.value(_sql.tell_clock)))


def gate_closing(tenant_id: str, bot_id: str, seconds: float) -> Statement:
    """No call of the bot, from anywhere, until then."""
    return Statement(_sql.close_gate, {"tenant_id": tenant_id, "bot_id": bot_id, "seconds": seconds})


def close_gate(tx: Transaction, tenant_id: str, bot_id: str, seconds: float) -> None:
    """The same, in the caller's transaction."""
    closing = gate_closing(tenant_id, bot_id, seconds)
    tx.run(closing.query, **closing.params)
