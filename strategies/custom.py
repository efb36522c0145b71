"""A tenant's own rule set, put together from the same conditions in the dashboard."""

from __future__ import annotations

from pydantic import Field

from promostack.signals.rule_sets import RuleSet, plan_of
from strategies.base_strategy import Bars, BaseStrategy, SignalPlan, StrategyParams


class Params(StrategyParams):
    rules: RuleSet = Field(default_factory=RuleSet, title="Rules")


class Custom(BaseStrategy):
    key = "custom"
    name = "Custom"
    description = "Your own conditions, checked and back-tested before it can be activated."
    intervals = ("1h",)
    params = Params

    def decide(self, bars: Bars) -> SignalPlan | None:
        return plan_of(self.p.rules, bars)
