"""Buys weakness and sells strength at the edge of the range, while something moves."""

from __future__ import annotations

from pydantic import Field

from promostack.signals import conditions, levels
from strategies.base_strategy import Bars, BaseStrategy, SignalPlan, Split, StrategyParams, Targets


class Params(StrategyParams):
    adx: float = Field(15, ge=0, le=60, title="ADX at least")
    rsi: float = Field(40, ge=5, le=50, title="RSI below (mirrored for a sell)")
    band_atr: float = Field(0.5, ge=0, le=3, title="Distance to the band, ATR")
    stochastic: float = Field(20, ge=1, le=50, title="Stochastic below (mirrored)")
    stop_atr: float = Field(1.0, ge=0.2, le=5, title="Stop, ATR")
    targets_atr: Targets = Field((1.2, 2.0, 2.5), title="Targets, ATR")
    split: Split = Field((50, 30, 20), title="Closed at each target, %")


class Aggressive(BaseStrategy):
    key = "aggressive"
    name = "Aggressive"
    description = "Counter-moves at the Bollinger band or a stochastic extreme; close stop, quick first target."
    params = Params

    def decide(self, bars: Bars) -> SignalPlan | None:
        if not conditions.is_trending(bars, least=self.p.adx):
            return None
        for direction in (1, -1):
            if conditions.is_stretched(bars, direction, level=self.p.rsi) and (
                conditions.is_near_band(bars, direction, atr_share=self.p.band_atr)
                or conditions.is_stochastic_extreme(bars, direction, level=self.p.stochastic)
            ):
                return levels.plan_by_atr(
                    bars, direction, stop=self.p.stop_atr, targets=self.p.targets_atr, split=self.p.split
                )
        return None
