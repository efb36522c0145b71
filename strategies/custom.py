"""A tenant's own rule set, put together from the same conditions in the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from promostack.signals.intervals import Interval
from promostack.signals.rule_sets import RuleSet, plan_of
from strategies.base_strategy import Bars, BaseStrategy, SignalPlan, StrategyParams


class Params(StrategyParams):
    rules: RuleSet = Field(default_factory=RuleSet, title="Rules")


class Custom(BaseStrategy):
    key = "custom"
    name = "Custom"
    description = "Your own conditions, checked and back-tested before it can be activated."
    params = Params
    tried_first = True

    def __init__(self, settings: Mapping[str, Any] | None = None, *, interval: Interval | None = None) -> None:
        super().__init__(settings, interval=interval)
        self.intervals = ("1h",) if self.p.rules.reads_hours else ()

    def decide(self, bars: Bars) -> SignalPlan | None:
        return plan_of(self.p.rules, bars)
