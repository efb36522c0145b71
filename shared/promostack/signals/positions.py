"""A published signal as it is followed, and the events of its life."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from promostack.signals.contract import Terms
from promostack.signals.plans import Plan
from promostack.signals.results import Leg
from promostack.signals.thesis import Readings

Outcome = Literal["tp3", "stopped", "breakeven", "locked_profit", "timeout", "invalidated"]
OUTCOMES: tuple[Outcome, ...] = ("tp3", "stopped", "breakeven", "locked_profit", "timeout", "invalidated")

EventKind = Literal["target", "stop_moved", "milestone", "ambiguous", "gap", "thesis", "closed"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a signal. `at`: when the bar that shows it closed (opened, for a fill at the open).

    `name` tells which: tp1 … tp3; for stop_moved where it went (entry, tp1); for milestone progress_40, progress_70,
    progress_tp2_50 or danger_60; for thesis holding, weakening or broken; for closed the outcome.
    """

    kind: EventKind
    name: str
    at: datetime
    price: Decimal


@dataclass(frozen=True)
class Position:
    """What is known of a signal after the bars seen so far. `stop`: the one in force; `hit`: targets reached."""

    plan: Plan
    terms: Terms
    published_at: datetime
    stop: Decimal
    hit: int = 0
    legs: tuple[Leg, ...] = ()
    milestones: frozenset[str] = frozenset()
    ambiguous: int = 0
    """Bars whose order of touches is not known; each was read against us."""
    gap_fills: int = 0
    """Fills at an open beyond the level."""
    last_bar_at: datetime | None = None
    """The close of the last bar that was walked."""
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    readings: Readings | None = field(default=None, compare=False)
    """The indicators at entry, which the thesis is judged against."""
    judged_at: datetime | None = None

    @property
    def deadline(self) -> datetime:
        return self.published_at + self.terms.max_hold

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def open_share(self) -> int:
        """Percent of the position that is not closed yet."""
        return 100 - sum(leg.share for leg in self.legs)


def publish(plan: Plan, terms: Terms, *, at: datetime, readings: Readings | None = None) -> Position:
    """A signal that subscribers have: followed from now on."""
    return Position(plan=plan, terms=terms, published_at=at, stop=plan.stop, readings=readings)
