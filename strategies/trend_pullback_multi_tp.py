"""Joins the hourly trend when a shallow pull-back to the mean ends."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promostack.signals import conditions, levels
from strategies.base_strategy import Bars, BaseStrategy, Hours, SignalPlan, Split, StrategyParams, Targets

_Level = Annotated[float, Field(ge=5, le=95)]


class Params(StrategyParams):
    per_day: int | None = Field(5, ge=1, le=50, title="Signals a day", description="Most; empty for no limit.")
    spacing_min: int = Field(20, ge=0, le=1440, title="Between signals", description="Least minutes.")
    hours: Hours = Field(((7, 17),), title="Hours, UTC", max_length=4)
    mean_atr: float = Field(0.3, ge=0, le=3, title="Distance to EMA20, ATR")
    adx: float = Field(20, ge=0, le=60, title="ADX at least")
    dip: tuple[_Level, _Level] = Field((38, 48), title="RSI dipped to (mirrored for a sell)")
    dip_bars: int = Field(5, ge=1, le=30, title="within bars")
    range_atr: float = Field(2.5, ge=0.2, le=10, title="Range of the bar at most, ATR")
    stop_atr: float = Field(1.2, ge=0.2, le=5, title="Stop at most, ATR")
    stop_usd: float = Field(2.0, ge=0, le=50, title="Stop at least, USD")
    targets_r: Targets = Field((1.0, 2.0, 3.0), title="Targets, R")
    split: Split = Field((40, 30, 30), title="Closed at each target, %")


class TrendPullback(BaseStrategy):
    key = "trend_pullback_multi_tp"
    name = "Trend pull-back"
    description = "The hourly trend, a shallow pull-back to EMA20, and a bar that turns back; three targets in R."
    intervals = ("1h",)
    params = Params

    def decide(self, bars: Bars) -> SignalPlan | None:
        p = self.p
        if not conditions.is_in_hours(bars, p.hours) or not conditions.is_trending(bars, least=p.adx):
            return None
        if not conditions.is_near_mean(bars, atr_share=p.mean_atr) or not conditions.is_calm(
            bars, most_atr=p.range_atr
        ):
            return None
        for direction in (1, -1):
            if (
                conditions.is_sloping(bars, direction, interval="1h")
                and conditions.has_dipped(bars, direction, low=p.dip[0], high=p.dip[1], within=p.dip_bars)
                and conditions.triggers(bars, direction)
            ):
                return self._plan(bars, direction)
        return None

    def _plan(self, bars: Bars, direction: int) -> SignalPlan:
        swing = levels.swing_distance(bars, direction, over=8)
        risk = max(min(swing, self.p.stop_atr * float(bars.atr()[-1])), self.p.stop_usd)
        targets = tuple(multiple * risk for multiple in self.p.targets_r)
        return levels.plan_at(bars, direction, stop=risk, targets=targets, split=self.p.split)
