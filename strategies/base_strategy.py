"""What every strategy is made of. README.md in this folder is the contract."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from promostack.signals.bars import Bars
from promostack.signals.contract import Pace, SignalPlan, StopMoves, Terms
from promostack.signals.indicators import Values
from promostack.signals.intervals import WARMUP_BARS, Interval

__all__ = ["CONTRACT", "Bars", "BaseStrategy", "Hours", "SignalPlan", "Split", "StrategyParams", "Targets"]

# Rises when a strategy written for the old contract would no longer mean the same.
CONTRACT = 2

_Distance = Annotated[float, Field(ge=0.2, le=10)]
_Share = Annotated[int, Field(ge=1, le=98)]
_Hour = Annotated[int, Field(ge=0, le=24)]


def _rises(distances: tuple[float, float, float]) -> tuple[float, float, float]:
    if not distances[0] < distances[1] < distances[2]:
        raise ValueError("each target lies beyond the one before")
    return distances


def _makes_100(shares: tuple[int, int, int]) -> tuple[int, int, int]:
    if sum(shares) != 100:
        raise ValueError(f"the shares make 100, not {sum(shares)}")
    return shares


def _begins_before_it_ends(hours: tuple[int, int]) -> tuple[int, int]:
    if hours[0] >= hours[1]:
        raise ValueError("each pair begins before it ends")
    return hours


# What several strategies let their owner set, with the bounds of the plan checks.
Targets = Annotated[tuple[_Distance, _Distance, _Distance], AfterValidator(_rises)]
Split = Annotated[tuple[_Share, _Share, _Share], AfterValidator(_makes_100)]
Hours = tuple[Annotated[tuple[_Hour, _Hour], AfterValidator(_begins_before_it_ends)], ...]


class StrategyParams(BaseModel):
    """What every strategy lets its owner set; a strategy adds its own. The bounds are shown, and enforced."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_hold_min: int = Field(
        240, ge=15, le=2880, title="Longest hold", description="Minutes until the rest is closed."
    )
    stop_moves: StopMoves = Field("after_tp1", title="Stop moves", description="When the stop goes to the entry.")
    revalidates: bool = Field(True, title="Revalidate", description="Close early when the reason no longer stands.")
    throttle_min: int = Field(30, ge=0, le=1440, title="Pause after a loss", description="Minutes.")
    spacing_min: int = Field(0, ge=0, le=1440, title="Between signals", description="Least minutes.")
    per_day: int | None = Field(None, ge=1, le=50, title="Signals a day", description="Most; empty for no limit.")


class BaseStrategy(ABC):
    """A rule that proposes a plan at the close of a bar, from nothing but the bars that it is given.

    An object keeps nothing between two calls but its parameters. `intervals`: longer ones that it reads by `bars.at`.
    `warmup_bars` are needed of each interval; with fewer it is not asked.
    """

    contract: ClassVar[int] = CONTRACT
    key: ClassVar[str]
    name: ClassVar[str]
    description: ClassVar[str]
    interval: Interval = "15min"
    intervals: tuple[Interval, ...] = ()
    warmup_bars: ClassVar[int] = WARMUP_BARS
    tried_first: ClassVar[bool] = False
    """Whether its owner tries it on stored bars before he can activate it."""
    params: ClassVar[type[StrategyParams]] = StrategyParams
    version: ClassVar[str] = ""
    """A digest of the plug-in's file, set by the loader."""

    def __init__(self, settings: Mapping[str, Any] | None = None, *, interval: Interval | None = None) -> None:
        """Raises pydantic.ValidationError with the bounds. `interval` runs the rule on other bars than its own."""
        self.p: Any = self.params.model_validate(dict(settings or {}))
        if interval is not None:
            self.interval = interval

    @abstractmethod
    def decide(self, bars: Bars) -> SignalPlan | None:
        """A plan at the close of the last bar, or None."""

    def columns(self, bars: Bars) -> Mapping[str, Values]:
        """Arrays of the strategy's own, one value a bar, for `bars.column(name)` in decide. A value may depend on bars
        up to its own only."""
        return {}

    @property
    def fingerprint(self) -> str:
        """Equal for equal code, parameters and interval."""
        settings = json.dumps(self.p.model_dump(mode="json"), sort_keys=True)
        text = f"{self.contract}|{self.key}|{self.version}|{self.interval}|{settings}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def terms(self) -> Terms:
        """How a published plan of this strategy is followed."""
        return Terms(timedelta(minutes=self.p.max_hold_min), self.p.stop_moves, self.p.revalidates)

    @property
    def pace(self) -> Pace:
        """How often it may publish."""
        minutes = timedelta(minutes=1)
        return Pace(self.p.per_day, self.p.spacing_min * minutes, self.p.throttle_min * minutes)
