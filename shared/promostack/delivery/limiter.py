"""Telegram's limits, kept in Postgres for all processes: slots are taken in batches, in one statement each.

About 30 messages a second for a bot, one a second in a chat (short bursts pass), 20 a minute in a group; a 429 closes
the whole bot. Source: core.telegram.org/bots/faq, "My bot is hitting limits". See docs/decisions/0011.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery.models import Kind, Leased

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


@dataclass(frozen=True)
class Reservation:
    """`slots`: for each row (taken, seconds until its slot or until its chat may be written to).

    Or nothing was taken, and `busy_s` says in how many seconds it is this sender's turn to ask again.
    """

    slots: Sequence[tuple[bool, float]] = ()
    busy_s: float | None = None
    answered_at: float = 0.0


def reserve(tx: Transaction, rows: Sequence[Leased], *, horizon_s: float | None = None) -> Reservation:
    """Takes slots for up to BATCH rows of one bot and one kind, of different chats, in the caller's transaction."""
    first = rows[0]
    lines = tx.rows(
        _sql.reserve_slots,
        tenant_id=first.tenant_id,
        bot_id=first.bot_id,
        chats=[row.chat_id if row.is_message else None for row in rows],
        spacing_s=SPACING_S,
        horizon_s=HORIZON_S[first.kind] if horizon_s is None else horizon_s,
        chat_spacing_s=CHAT_SPACING_S,
        chat_burst_s=INTERACTIVE_BURST_S if first.kind is Kind.INTERACTIVE else 0.0,
        group_most=GROUP_MOST,
        group_window_s=GROUP_WINDOW_S,
    )
    answered_at = time.monotonic()
    if lines[0]["at_position"] == 0:
        return Reservation(busy_s=lines[0]["wait_s"], answered_at=answered_at)
    return Reservation([(line["is_taken"], line["wait_s"]) for line in lines], answered_at=answered_at)


def close_gate(tx: Transaction, tenant_id: str, bot_id: str, seconds: float) -> None:
    """No call of the bot, from anywhere, until then."""
    tx.run(_sql.close_gate, tenant_id=tenant_id, bot_id=bot_id, seconds=seconds)
