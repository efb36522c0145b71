"""The next slots and intents of a bot's rows, inside one transaction; nothing in hand changes before it is over.

One bot a transaction: two senders that held the limiters of several bots would wait for each other.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import limiter
from promostack.delivery.claims import LEASE_S
from promostack.delivery.outgoing import LEAD_S, Lane, Outgoing
from promostack.delivery.slots import Slot

_sql = load(__package__)

OPEN_AT_MOST = 8
# A bot's next slots are asked for when its last one is so near.
_REFILL_S = 0.15


@dataclass
class Advance:
    """What was decided for a lane. Moments are monotonic.

    slots: given by the limiter. later: rows whose chat may not be written to before. again_at: when the limiter may be
    asked again. intended: to be called now. lost: another sender's now. shut_s: for how long the bot must not call.
    """

    slots: list[tuple[Outgoing, Slot]] = field(default_factory=list)
    later: list[tuple[Outgoing, float]] = field(default_factory=list)
    again_at: float | None = None
    intended: list[Outgoing] = field(default_factory=list)
    lost: list[Outgoing] = field(default_factory=list)
    shut_s: float | None = None


def prepare(tx: Transaction, lane: Lane, lease_token: str, *, room: int, is_open: int) -> Advance:
    """Takes slots for rows that lack them, `room` at most, and writes the intents of near ones."""
    made, now = Advance(), time.monotonic()
    ready = lane.ready(now) if lane.again_at <= now else []
    alike = [item for item in ready if item.row.kind is ready[0].row.kind]
    batch = alike[: max(0, min(limiter.BATCH, room))]
    if batch:
        _reserve(tx, batch, made)
    waiting = [(item, item.slot) for item in lane.items if item.slot and not item.is_open]
    due_by = time.monotonic() + LEAD_S
    near = sorted(
        ((item, slot) for item, slot in (*waiting, *made.slots) if slot.at <= due_by), key=lambda pair: pair[1].at
    )
    for item, _ in near[: max(0, OPEN_AT_MOST - is_open)]:
        _intend(tx, item, lease_token, made)
    return made


def slot_of(item: Outgoing) -> Slot:
    """The slot of an item that has one."""
    assert item.slot is not None
    return item.slot


def _reserve(tx: Transaction, items: Sequence[Outgoing], made: Advance) -> None:
    taken = limiter.reserve(tx, [item.row for item in items])
    if taken.busy_s is not None:
        made.again_at = taken.counted_from + taken.busy_s
        return
    for item, (is_taken, wait_s) in zip(items, taken.slots, strict=True):
        at = taken.counted_from + wait_s
        if is_taken:
            made.slots.append((item, Slot(at)))
        else:
            made.later.append((item, at))
    given = [wait_s for is_taken, wait_s in taken.slots if is_taken]
    if given:
        made.again_at = taken.counted_from + given[-1] - _REFILL_S


def _intend(tx: Transaction, item: Outgoing, lease_token: str, made: Advance) -> None:
    row = item.row
    intent = {"id": row.id, "attempts": row.attempts + 1, "lease_token": lease_token, "lease_s": LEASE_S}
    if tx.value(_sql.write_intent, tenant_id=row.tenant_id, **intent) is not None:
        made.intended.append(item)
    elif closed_s := tx.value(_sql.gate_closed_s, tenant_id=row.tenant_id, bot_id=row.bot_id):
        made.shut_s = closed_s
    else:
        made.lost.append(item)
