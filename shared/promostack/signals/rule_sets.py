"""A rule set that a tenant puts together: conditions for a buy, mirrored for a sell, and where stop and targets lie."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from promostack.signals import conditions, levels
from promostack.signals.bars import Bars
from promostack.signals.contract import SignalPlan

MOST_CONDITIONS = 8
LEAST_R = 0.3


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Trending(_Part):
    """ADX14 is at least `least`."""

    kind: Literal["trending"] = "trending"
    least: float = Field(20, ge=0, le=60)

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_trending(bars, least=self.least)


class Stretched(_Part):
    """RSI14 is below `level`, for a sell above 100 - `level`."""

    kind: Literal["stretched"] = "stretched"
    level: float = Field(40, ge=5, le=95)

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_stretched(bars, direction, level=self.level)


class NearBand(_Part):
    """The close is within `atr_share` ATR14 of the outer Bollinger band."""

    kind: Literal["near_band"] = "near_band"
    atr_share: float = Field(0.5, ge=0, le=3)

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_near_band(bars, direction, atr_share=self.atr_share)


class StochasticExtreme(_Part):
    """Slow %K is below `level`, for a sell above 100 - `level`."""

    kind: Literal["stochastic_extreme"] = "stochastic_extreme"
    level: float = Field(20, ge=1, le=50)

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_stochastic_extreme(bars, direction, level=self.level)


class MacdTurning(_Part):
    """The MACD histogram turned our way."""

    kind: Literal["macd_turning"] = "macd_turning"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_macd_turning(bars, direction)


class WithTrend(_Part):
    """EMA50 against EMA200 of the hour agrees."""

    kind: Literal["with_trend"] = "with_trend"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_with_trend(bars, direction, interval="1h")


class NearMean(_Part):
    """The close is within `atr_share` ATR14 of EMA20."""

    kind: Literal["near_mean"] = "near_mean"
    atr_share: float = Field(0.3, ge=0, le=3)

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_near_mean(bars, atr_share=self.atr_share)


class BreaksOut(_Part):
    """The bar closes beyond the extreme of the one before."""

    kind: Literal["breaks_out"] = "breaks_out"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.breaks_out(bars, direction)


class Triggers(_Part):
    """The bar closes beyond the one before, or engulfs it."""

    kind: Literal["triggers"] = "triggers"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.triggers(bars, direction)


class InHours(_Part):
    """The bar closes between these whole UTC hours."""

    kind: Literal["in_hours"] = "in_hours"
    start: int = Field(7, ge=0, le=23)
    end: int = Field(17, ge=1, le=24)

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_in_hours(bars, ((self.start, self.end),))

    @model_validator(mode="after")
    def _rising(self) -> InHours:
        if self.start >= self.end:
            raise ValueError("the end must be later than the start")
        return self


Condition = Annotated[
    Trending
    | Stretched
    | NearBand
    | StochasticExtreme
    | MacdTurning
    | WithTrend
    | NearMean
    | BreaksOut
    | Triggers
    | InHours,
    Field(discriminator="kind"),
]


class RuleSet(_Part):
    """All of `all_of` and, of `some_of`, at least `at_least`. Distances are in ATR14."""

    all_of: tuple[Condition, ...] = Field((Trending(), Stretched()), min_length=1, max_length=MOST_CONDITIONS)
    some_of: tuple[Condition, ...] = Field((NearBand(), StochasticExtreme()), max_length=MOST_CONDITIONS)
    at_least: int = Field(1, ge=0, le=MOST_CONDITIONS)
    stop_atr: float = Field(1.0, ge=0.2, le=5)
    targets_atr: tuple[float, float, float] = (1.2, 2.0, 2.5)
    split: tuple[int, int, int] = (50, 30, 20)
    sides: Literal["both", "buy", "sell"] = "both"

    @property
    def reads_hours(self) -> bool:
        """Whether a condition needs the history of hourly bars."""
        return any(each.kind == "with_trend" for each in (*self.all_of, *self.some_of))

    @model_validator(mode="after")
    def _is_tradable(self) -> RuleSet:
        first, second, third = self.targets_atr
        if not LEAST_R * self.stop_atr <= first < second < third <= 10:
            raise ValueError(f"targets must rise, start {LEAST_R} R from the entry and end within 10 ATR")
        if min(self.split) <= 0 or sum(self.split) != 100:
            raise ValueError("the split must be three positive percentages that make 100")
        if self.at_least > len(self.some_of):
            raise ValueError("at_least asks for more conditions than some_of has")
        return self


def plan_of(rules: RuleSet, bars: Bars) -> SignalPlan | None:
    """A plan when the rules hold for a buy or, mirrored, for a sell; buys are looked at first."""
    for direction in {"both": (1, -1), "buy": (1,), "sell": (-1,)}[rules.sides]:
        if not all(each.holds(bars, direction) for each in rules.all_of):
            continue
        if sum(each.holds(bars, direction) for each in rules.some_of) >= rules.at_least:
            return levels.plan_by_atr(
                bars,
                direction,
                stop=rules.stop_atr,
                targets=rules.targets_atr,
                split=rules.split,
                reasons=tuple(each.kind for each in rules.all_of),
            )
    return None
