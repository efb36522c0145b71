"""Enters a strong trend of the longer interval after a deep pull-back."""

from __future__ import annotations

from pydantic import Field

from promostack.signals import conditions, levels
from strategies.base_strategy import Bars, BaseStrategy, SignalPlan, Split, StrategyParams, Targets


class Params(StrategyParams):
    throttle_min: int = Field(45, ge=0, le=1440, title="Pause after a loss", description="Minutes.")
    adx: float = Field(25, ge=0, le=60, title="ADX at least")
    rsi: float = Field(35, ge=5, le=50, title="RSI below (mirrored for a sell)")
    band_atr: float = Field(0.3, ge=0, le=3, title="Distance to the band, ATR")
    stochastic: float = Field(20, ge=1, le=50, title="Stochastic below (mirrored)")
    confirmations: int = Field(2, ge=1, le=3, title="Confirmations needed of three")
    stop_atr: float = Field(2.0, ge=0.2, le=5, title="Stop, ATR")
    targets_atr: Targets = Field((2.0, 3.0, 4.0), title="Targets, ATR")
    split: Split = Field((50, 30, 20), title="Closed at each target, %")


class Conservative(BaseStrategy):
    key = "conservative"
    name = "Conservative"
    description = "With the hourly trend only, after a deep pull-back that two of three signs confirm; wide stop."
    intervals = ("1h",)
    params = Params

    def decide(self, bars: Bars) -> SignalPlan | None:
        if not conditions.is_trending(bars, least=self.p.adx):
            return None
        for direction in (1, -1):
            if not conditions.is_with_trend(bars, direction, interval="1h"):
                continue
            if not conditions.is_stretched(bars, direction, level=self.p.rsi):
                continue
            signs = (
                conditions.is_near_band(bars, direction, atr_share=self.p.band_atr),
                conditions.is_stochastic_extreme(bars, direction, level=self.p.stochastic),
                conditions.is_macd_turning(bars, direction),
            )
            if sum(signs) >= self.p.confirmations:
                return levels.plan_by_atr(
                    bars, direction, stop=self.p.stop_atr, targets=self.p.targets_atr, split=self.p.split
                )
        return None
