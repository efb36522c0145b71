"""Following a signal bar by bar: fills, moved stops, milestones, the end. Live and backtest both come through here.

Rules, each against us where the order inside a bar is unknown:
1. A bar that opens beyond the stop or a target fills at its open.
2. Inside a bar the stop in force comes first; a target that the same bar also reached makes it ambiguous.
3. A stop that a target moved holds at once when the bar closes beyond it (price came back for certain), or when the bar
   opened on its winning side and went through it (ambiguous); otherwise from the next bar on.
4. Where shorter bars of the same time are stored, they are walked instead, up to the first hole.
5. After the longest hold the rest closes at the close of the bar, or at the next open when trading paused.
Fills are to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from promostack.signals.candles import Bar
from promostack.signals.plans import to_cent
from promostack.signals.positions import Event, EventKind, Outcome, Position
from promostack.signals.results import Leg

_TO_TP1 = {"progress_40": Decimal("0.4"), "progress_70": Decimal("0.7")}
_TO_TP2 = Decimal("0.5")
_TO_STOP = Decimal("0.6")
TARGETS = 3


def advance(position: Position, bar: Bar, *, finer: Sequence[Bar] = ()) -> tuple[Position, tuple[Event, ...]]:
    """The position after a closed bar, and what happened. A bar that ended before publication, or was walked before,
    changes nothing; the bar in whose middle the signal was published counts whole.

    `finer`: stored shorter bars of the same time, oldest first. They are walked up to the first hole; when they do not
    reach the end, the whole bar is walked too, so that nothing in the hole is lost.
    """
    position, early = watch(position, finer, since=bar.opened_at)
    position, late = _advance_one(position, bar)
    return position, (*early, *late)


def watch(position: Position, finer: Sequence[Bar], *, since: datetime) -> tuple[Position, tuple[Event, ...]]:
    """The same before the bar that opened at `since` has closed: what its shorter bars already show."""
    events: list[Event] = []
    for step in finer:
        if step.opened_at > max(position.last_bar_at or position.published_at, since):
            break
        position, happened = _advance_one(position, step)
        events += happened
    return position, tuple(events)


def invalidate(position: Position, *, price: Decimal, at: datetime) -> tuple[Position, tuple[Event, ...]]:
    """Closes what is open because the thesis is broken."""
    walk = _Walk(position, at)
    walk.close(to_cent(price), "invalidated")
    return walk.position, tuple(walk.events)


def _advance_one(position: Position, bar: Bar) -> tuple[Position, tuple[Event, ...]]:
    is_seen = position.last_bar_at is not None and bar.closed_at <= position.last_bar_at
    if not position.is_open or is_seen or bar.closed_at <= position.published_at:
        return position, ()
    walk = _Walk(replace(position, last_bar_at=bar.closed_at), bar.closed_at)
    walk.through(bar)
    return walk.position, tuple(walk.events)


class _Walk:
    """One bar's worth of changes. Signs are turned so that up is good."""

    def __init__(self, position: Position, at: datetime) -> None:
        self.position = position
        self.at = at
        self.events: list[Event] = []

    def through(self, bar: Bar) -> None:
        if bar.opened_at >= self.position.deadline:
            self._at_open(bar)
            self._close_if_open(bar.open, bar.opened_at)
            return
        self._at_open(bar)
        if self.position.is_open:
            self._inside(bar)
        if self.position.is_open:
            self._milestones(bar)
        if bar.closed_at >= self.position.deadline:
            self._close_if_open(bar.close, bar.closed_at)

    def _at_open(self, bar: Bar) -> None:
        """Rule 1. A fill at exactly the level is no gap."""
        if self._reach(bar.open) <= self._reach(self.position.stop):
            self._count_gap(bar, self.position.stop)
            self._stop_out(bar.open, bar.opened_at)
        while self.position.is_open and self._reach(bar.open) >= self._reach(self._next_target()):
            self._count_gap(bar, self._next_target())
            self._fill_target(bar.open, bar.opened_at)

    def _inside(self, bar: Bar) -> None:
        """Rules 2 and 3."""
        best, worst = (bar.high, bar.low) if self.position.plan.direction > 0 else (bar.low, bar.high)
        if self._reach(worst) <= self._reach(self.position.stop):
            if self._reach(best) >= self._reach(self._next_target()):
                self._count_ambiguous()
            self._stop_out(self.position.stop, self.at)
            return
        while self.position.is_open and self._reach(best) >= self._reach(self._next_target()):
            before = self.position.stop
            self._fill_target(self._next_target(), self.at)
            if self.position.is_open and self.position.stop != before:
                self._moved_stop(bar, worst)

    def _moved_stop(self, bar: Bar, worst: Decimal) -> None:
        stop = self._reach(self.position.stop)
        if self._reach(bar.close) <= stop:
            self._stop_out(self.position.stop, self.at)
        elif self._reach(bar.open) > stop >= self._reach(worst):
            self._count_ambiguous()
            self._stop_out(self.position.stop, self.at)

    def _milestones(self, bar: Bar) -> None:
        """Progress that a message can tell of, each once."""
        plan = self.position.plan
        best, worst = (bar.high, bar.low) if plan.direction > 0 else (bar.low, bar.high)
        if self.position.hit == 0:
            for name, share in _TO_TP1.items():
                if plan.gain(best) >= share * plan.gain(plan.targets[0]):
                    self._milestone(name, best)
            if -plan.gain(worst) >= _TO_STOP * plan.risk:
                self._milestone("danger_60", worst)
        elif self.position.hit == 1:
            way = plan.gain(plan.targets[1]) - plan.gain(plan.targets[0])
            if plan.gain(best) - plan.gain(plan.targets[0]) >= _TO_TP2 * way:
                self._milestone("progress_tp2_50", best)

    def _milestone(self, name: str, price: Decimal) -> None:
        if name in self.position.milestones:
            return
        self.position = replace(self.position, milestones=self.position.milestones | {name})
        self._tell("milestone", name, price, self.at)
        if name == "progress_70" and self.position.terms.stop_moves == "at_70":
            self._move_stop(self.position.plan.entry, "entry", self.at)

    def _fill_target(self, price: Decimal, at: datetime) -> None:
        hit = self.position.hit
        leg = Leg(self.position.plan.split[hit], to_cent(price), f"tp{hit + 1}")
        self.position = replace(self.position, hit=hit + 1, legs=(*self.position.legs, leg))
        self._tell("target", leg.why, leg.price, at)
        if hit + 1 == TARGETS:
            self._end("tp3", leg.price, at)
        elif self.position.terms.stop_moves != "never":
            level, name = (self.position.plan.entry, "entry") if hit == 0 else (self.position.plan.targets[0], "tp1")
            self._move_stop(level, name, at)

    def _move_stop(self, level: Decimal, name: str, at: datetime) -> None:
        if self._reach(level) > self._reach(self.position.stop):
            self.position = replace(self.position, stop=level)
            self._tell("stop_moved", name, level, at)

    def _stop_out(self, price: Decimal, at: datetime) -> None:
        """Named by where the stop stood, not by where a gap filled it."""
        plan, stop = self.position.plan, self.position.stop
        outcome: Outcome = "stopped" if stop == plan.stop else "breakeven" if stop == plan.entry else "locked_profit"
        self.close(to_cent(price), outcome, at)

    def _close_if_open(self, price: Decimal, at: datetime) -> None:
        if self.position.is_open:
            self.close(to_cent(price), "timeout", at)

    def close(self, price: Decimal, outcome: Outcome, at: datetime | None = None) -> None:
        why = outcome if outcome in ("timeout", "invalidated") else "stop"
        leg = Leg(self.position.open_share, price, why)
        self.position = replace(self.position, legs=(*self.position.legs, leg))
        self._end(outcome, price, at or self.at)

    def _end(self, outcome: Outcome, price: Decimal, at: datetime) -> None:
        self.position = replace(self.position, outcome=outcome, closed_at=at)
        self._tell("closed", outcome, price, at)

    def _count_gap(self, bar: Bar, level: Decimal) -> None:
        if bar.open != level:
            self.position = replace(self.position, gap_fills=self.position.gap_fills + 1)
            self._tell("gap", "open", to_cent(bar.open), bar.opened_at)

    def _count_ambiguous(self) -> None:
        self.position = replace(self.position, ambiguous=self.position.ambiguous + 1)
        self._tell("ambiguous", "order", self.position.stop, self.at)

    def _next_target(self) -> Decimal:
        return self.position.plan.targets[self.position.hit]

    def _reach(self, price: Decimal) -> Decimal:
        return self.position.plan.direction * price

    def _tell(self, kind: EventKind, name: str, price: Decimal, at: datetime) -> None:
        self.events.append(Event(kind, name, at, price))
