"""What the engine asks of a strategy. `strategies/README.md` says what each part means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from promostack.signals.intervals import Interval

if TYPE_CHECKING:
    from promostack.signals.bars import Bars
    from promostack.signals.indicators import Values

Side = Literal["buy", "sell"]
StopMoves = Literal["after_tp1", "at_70", "never"]

MAX_HOLD = timedelta(hours=4)


@dataclass(frozen=True)
class SignalPlan:
    """What a strategy proposes at the close of a bar; the entry is always that close.

    `stop` and `targets` (three, nearest first) are prices, `split` the percent of the position that each target closes.
    """

    side: Side
    stop: float
    targets: tuple[float, float, float]
    split: tuple[int, int, int] = (50, 30, 20)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """How a published plan is followed.

    `stop_moves`: after the first target to the entry and after the second to the first (`after_tp1`), to the entry
    already at 70 % of the way to the first target (`at_70`), or never.
    """

    max_hold: timedelta = MAX_HOLD
    stop_moves: StopMoves = "after_tp1"
    revalidates: bool = True


@dataclass(frozen=True)
class Pace:
    """How often a strategy may publish."""

    per_day: int | None = None
    spacing: timedelta = timedelta(0)
    throttle: timedelta = timedelta(minutes=30)
    """After a loss."""


class Strategy(Protocol):
    """`fingerprint` names code and parameters: two strategies with the same one decide alike."""

    key: str
    interval: Interval
    intervals: tuple[Interval, ...]
    warmup_bars: int

    @property
    def fingerprint(self) -> str: ...

    @property
    def terms(self) -> Terms: ...

    @property
    def pace(self) -> Pace: ...

    def columns(self, bars: Bars) -> Mapping[str, Values]: ...

    def decide(self, bars: Bars) -> SignalPlan | None: ...
