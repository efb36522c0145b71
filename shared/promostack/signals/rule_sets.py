"""A rule set that a tenant puts together: conditions for a buy, mirrored for a sell, and where stop and targets lie.

Titles and first lines of the conditions are what its form shows.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from promostack.signals import conditions, levels
from promostack.signals.bars import Bars
from promostack.signals.contract import SignalPlan

MOST_CONDITIONS = 8
LEAST_R = 0.3


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Trending(_Part):
    """ADX14 is at least so high."""

    model_config = ConfigDict(title="Something moves")

    kind: Literal["trending"] = "trending"
    least: float = Field(20, ge=0, le=60, title="ADX14 at least")

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_trending(bars, least=self.least)


class Stretched(_Part):
    """RSI14 is below this level, for a sell above 100 less it."""

    model_config = ConfigDict(title="RSI is stretched")

    kind: Literal["stretched"] = "stretched"
    level: float = Field(40, ge=5, le=95, title="RSI14 below")

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_stretched(bars, direction, level=self.level)


class NearBand(_Part):
    """The close is so near to the outer Bollinger band, in ATR14, or beyond it."""

    model_config = ConfigDict(title="Close to the band")

    kind: Literal["near_band"] = "near_band"
    atr_share: float = Field(0.5, ge=0, le=3, title="Distance, ATR")

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_near_band(bars, direction, atr_share=self.atr_share)


class StochasticExtreme(_Part):
    """Slow %K is below this level, for a sell above 100 less it."""

    model_config = ConfigDict(title="Stochastic extreme")

    kind: Literal["stochastic_extreme"] = "stochastic_extreme"
    level: float = Field(20, ge=1, le=50, title="Slow %K below")

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_stochastic_extreme(bars, direction, level=self.level)


class MacdTurning(_Part):
    """The MACD histogram turned with the last bar."""

    model_config = ConfigDict(title="MACD turns our way")

    kind: Literal["macd_turning"] = "macd_turning"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_macd_turning(bars, direction)


class WithTrend(_Part):
    """EMA50 of the hour is above its EMA200, for a sell below."""

    model_config = ConfigDict(title="With the hour's trend")

    kind: Literal["with_trend"] = "with_trend"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_with_trend(bars, direction, interval="1h")


class NearMean(_Part):
    """The close is so near to EMA20, in ATR14."""

    model_config = ConfigDict(title="Close to the mean")

    kind: Literal["near_mean"] = "near_mean"
    atr_share: float = Field(0.3, ge=0, le=3, title="Distance, ATR")

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_near_mean(bars, atr_share=self.atr_share)


class BreaksOut(_Part):
    """The bar closes above the high of the one before, for a sell below its low."""

    model_config = ConfigDict(title="Breaks out")

    kind: Literal["breaks_out"] = "breaks_out"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.breaks_out(bars, direction)


class Triggers(_Part):
    """The bar closes beyond the one before, or its body engulfs it."""

    model_config = ConfigDict(title="A bar that turns")

    kind: Literal["triggers"] = "triggers"

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.triggers(bars, direction)


class InHours(_Part):
    """The bar closes between these hours."""

    model_config = ConfigDict(title="Within hours")

    kind: Literal["in_hours"] = "in_hours"
    start: int = Field(7, ge=0, le=23, title="From, UTC")
    end: int = Field(17, ge=1, le=24, title="Until, UTC")

    def holds(self, bars: Bars, direction: int) -> bool:
        return conditions.is_in_hours(bars, ((self.start, self.end),))

    @field_validator("end")
    @classmethod
    def _is_later(cls, end: int, info: ValidationInfo) -> int:
        if end <= info.data.get("start", 0):
            raise ValueError("the end must be later than the start")
        return end


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


_Distance = Annotated[float, Field(ge=0.2, le=10)]
_Share = Annotated[int, Field(ge=1, le=98)]


class RuleSet(_Part):
    """All of `all_of` and, of `some_of`, at least `at_least`. Distances are in ATR14."""

    # A stop that is moved must fit targets that are not.
    model_config = ConfigDict(validate_default=True)

    all_of: tuple[Condition, ...] = Field(
        (Trending(), Stretched()),
        min_length=1,
        max_length=MOST_CONDITIONS,
        title="All of these",
        description="For a buy; mirrored for a sell.",
    )
    some_of: tuple[Condition, ...] = Field(
        (NearBand(), StochasticExtreme()), max_length=MOST_CONDITIONS, title="And some of these"
    )
    at_least: int = Field(1, ge=0, le=MOST_CONDITIONS, title="How many of them, at least")
    stop_atr: float = Field(1.0, ge=0.2, le=5, title="Stop, ATR")
    targets_atr: tuple[_Distance, _Distance, _Distance] = Field((1.2, 2.0, 2.5), title="Targets, ATR")
    split: tuple[_Share, _Share, _Share] = Field((50, 30, 20), title="Closed at each target, %")
    sides: Literal["both", "buy", "sell"] = Field("both", title="Sides")

    @property
    def reads_hours(self) -> bool:
        """Whether a condition needs the history of hourly bars."""
        return any(each.kind == "with_trend" for each in (*self.all_of, *self.some_of))

    @field_validator("at_least")
    @classmethod
    def _are_there(cls, at_least: int, info: ValidationInfo) -> int:
        if at_least > len(info.data.get("some_of", range(MOST_CONDITIONS))):
            raise ValueError("asks for more conditions than there are to choose from")
        return at_least

    @field_validator("targets_atr")
    @classmethod
    def _rise(cls, targets: tuple[float, float, float], info: ValidationInfo) -> tuple[float, float, float]:
        first, second, third = targets
        if not LEAST_R * info.data.get("stop_atr", 0) <= first < second < third:
            raise ValueError(f"targets must rise, and start {LEAST_R} R from the entry")
        return targets

    @field_validator("split")
    @classmethod
    def _makes_100(cls, split: tuple[int, int, int]) -> tuple[int, int, int]:
        if sum(split) != 100:
            raise ValueError(f"the shares make 100, not {sum(split)}")
        return split


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
