"""Follows a bar that breaks the previous bar's extreme in the busy hours of London and New York."""

from __future__ import annotations

from pydantic import Field

from promostack.signals import conditions, levels
from strategies.base_strategy import Bars, BaseStrategy, Hours, SignalPlan, Split, StrategyParams, Targets

LEAST_R = 0.3


class Params(StrategyParams):
    per_day: int | None = Field(4, ge=1, le=50, title="Signals a day", description="Most; empty for no limit.")
    spacing_min: int = Field(15, ge=0, le=1440, title="Between signals", description="Least minutes.")
    hours: Hours = Field(((7, 10), (12, 16)), title="Hours, UTC", max_length=4)
    swing_usd: float = Field(5.0, ge=0, le=50, title="Against the trend within, USD of the swing")
    stop_atr: float = Field(1.5, ge=0.2, le=5, title="Stop at most, ATR")
    targets_atr: Targets = Field((1.5, 2.5, 3.5), title="Targets, ATR")
    split: Split = Field((50, 30, 20), title="Closed at each target, %")


class ImpulseBreakout(BaseStrategy):
    key = "impulse_breakout"
    name = "Impulse breakout"
    description = "A bar that closes beyond the one before, in busy hours, with the hourly trend or at a swing level."
    intervals = ("1h",)
    params = Params

    def decide(self, bars: Bars) -> SignalPlan | None:
        if not conditions.is_in_hours(bars, self.p.hours):
            return None
        for direction in (1, -1):
            if conditions.breaks_out(bars, direction) and (
                conditions.is_with_trend(bars, direction, interval="1h")
                or conditions.is_near_swing(bars, direction, distance_usd=self.p.swing_usd)
            ):
                return self._plan(bars, direction)
        return None

    def _plan(self, bars: Bars, direction: int) -> SignalPlan:
        entry, atr = float(bars.close[-1]), float(bars.atr()[-1])
        far = float(bars.low[-1] if direction > 0 else bars.high[-1])
        risk = min(direction * (entry - far), self.p.stop_atr * atr)
        first, second, third = (share * atr for share in self.p.targets_atr)
        wick = levels.nearest_wick(bars, direction, over=4, least=LEAST_R * risk)
        if wick is not None and wick < second:
            first = wick
        return levels.plan_at(bars, direction, stop=risk, targets=(first, second, third), split=self.p.split)
