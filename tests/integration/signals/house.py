"""A strategy for tests, and a tenant whose signals are on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from promostack.signals import levels
from promostack.signals.contract import SignalPlan
from strategies.base_strategy import Bars, BaseStrategy, StrategyParams


class Params(StrategyParams):
    """`buys`, `sells`: closing times of bars, in ISO form."""

    buys: tuple[datetime, ...] = ()
    sells: tuple[datetime, ...] = ()
    fault: str = ""


class ByTheBook(BaseStrategy):
    """Enters at the bars that its parameters name."""

    key = "by_the_book"
    name = "By the book"
    description = "Enters when told."
    params = Params
    warmup_bars = 100

    def decide(self, bars: Bars) -> SignalPlan | None:
        if self.p.fault == "raises":
            raise RuntimeError("its own fault")
        if self.p.fault == "nonsense":
            return "buy"  # type: ignore[return-value]
        while self.p.fault == "hangs":
            pass
        for direction, times in ((1, self.p.buys), (-1, self.p.sells)):
            if bars.closed_at in times:
                return levels.plan_by_atr(bars, direction, stop=1.5, targets=(0.8, 1.6, 2.4), split=(50, 30, 20))
        return None


def strategy_of(key: str, params: Mapping[str, Any]) -> BaseStrategy:
    assert key == ByTheBook.key
    return ByTheBook(params)
