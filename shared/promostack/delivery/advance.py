"""What a bot's rows need next, slots or intents, as one statement; nothing in hand changes before it is answered.

One bot a transaction: two senders that held the limiters of several bots would wait for each other.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from promostack.db.sql import load
from promostack.db.trip import Statement
from promostack.delivery import limiter, records
from promostack.delivery.claims import LEASE_S
from promostack.delivery.outgoing import LEAD_S, Lane, Outgoing
from promostack.delivery.slots import Slot

_sql = load(__package__)

OPEN_AT_MOST = 8


@dataclass
class Advance:
    """What was decided for a lane. Moments are monotonic.

    slots: given by the limiter. later: rows whose chat may not be written to before. again_at: when the limiter may be
    asked again. intended: to be called now. refused: the gate is closed, the bot suspended, or another sender has them.
    """

    slots: list[tuple[Outgoing, Slot]] = field(default_factory=list)
    later: list[tuple[Outgoing, float]] = field(default_factory=list)
    again_at: float | None = None
    intended: list[Outgoing] = field(default_factory=list)
    refused: list[Outgoing] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """What is asked for: intents of rows whose slots are near, or slots for rows that lack them and the first intents.

    `places`: so many calls may be opened. `ahead_s`: how long the answer takes.
    """

    lane: Lane
    near: Sequence[Outgoing] = ()
    ready: Sequence[Outgoing] = ()
    places: int = 0
    ahead_s: float = 0.0

    def statement(self, lease_token: str) -> Statement:
        """Its query."""
        rows = [item.row for item in self.near or self.ready]
        intents = {
            "tenant_id": self.lane.tenant_id,
            "ids": [row.id for row in rows],
            "attempts_of": [row.attempts + 1 for row in rows],
            "lease_token": lease_token,
            "lease_s": LEASE_S,
        }
        if self.near:
            return Statement(_sql.write_intents, intents)
        more = {"lead_s": LEAD_S, "most": self.places}
        return Statement(_sql.reserve_and_intend, {**intents, **more, **limiter.wish(rows, ahead_s=self.ahead_s)})

    def granted(self, lines: Sequence[dict[str, Any]], *, asked_at: float) -> Advance:
        """What the answer, read just now, means."""
        if self.near:
            return _sorted_out(Advance(), self.near, {line["id"] for line in lines})
        taken, made = limiter.granted(lines, asked_at=asked_at, ask_clock=clock_of(self.lane.tenant_id)), Advance()
        if taken.busy_s is not None:
            made.again_at = taken.counted_from + taken.busy_s
            return made
        asked = []
        for item, (is_taken, wait_s) in zip(self.ready, taken.slots, strict=True):
            slot = taken.slot(wait_s)
            if not is_taken:
                made.later.append((item, slot.at))
                continue
            made.slots.append((item, slot))
            made.again_at = slot.at
            if wait_s <= LEAD_S:
                asked.append(item)
        return _sorted_out(made, asked[: self.places], set(lines[0]["intended"]))


def clock_of(tenant_id: str) -> Callable[[], float]:
    """Asks the database for its moment, in a trip of its own."""
    return lambda: float(records.once(tenant_id, [limiter.clock_question()])[0]["moment_s"])


def wish(lane: Lane, *, places: int, room: int, ahead_s: float) -> Wish | None:
    """What the lane needs now, if `places` calls may be opened and `room` slots be taken; None when it is nothing."""
    now = time.monotonic()
    if places < 1:
        return None
    if near := lane.near(now + LEAD_S):
        return Wish(lane, near=near[:places])
    ready = lane.ready(now) if lane.again_at <= now and room > 0 else []
    alike = [item for item in ready if item.row.kind is ready[0].row.kind]
    return Wish(lane, (), alike[: min(limiter.BATCH, room)], places, ahead_s) if alike else None


def _sorted_out(made: Advance, asked: Sequence[Outgoing], intended: set[int]) -> Advance:
    made.intended = [item for item in asked if item.row.id in intended]
    made.refused = [item for item in asked if item.row.id not in intended]
    return made


def slot_of(item: Outgoing) -> Slot:
    """The slot of an item that has one."""
    assert item.slot is not None
    return item.slot


def gate_closed_s(lane: Lane) -> Statement:
    """For how long the bot must not be called; no row when it may."""
    return Statement(_sql.gate_closed_s, {"tenant_id": lane.tenant_id, "bot_id": lane.bot_id})
