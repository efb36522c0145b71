"""What a followed signal earned: in USD an ounce, in pips and in R, before and after costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from promostack.signals.plans import Plan

# "Pip" on gold is 0.10 or 0.01 USD, depending on whom one asks: USD and R are stored, the pip is for display.
PIP = Decimal("0.10")
R_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Costs:
    """Taken from every signal once, in USD an ounce. The spread is a typical quarter-hour's of 2024, rounded up."""

    spread: Decimal = Decimal("0.20")
    commission: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.spread + self.commission


@dataclass(frozen=True)
class Leg:
    """`share` percent of the position, closed at `price`. `why`: tp1, tp2, tp3, stop, timeout or invalidated."""

    share: int
    price: Decimal
    why: str


@dataclass(frozen=True)
class Result:
    """USD an ounce, exact to 0.0001 (cents times percent); pips of 0.10 USD; R to 0.0001, half to even."""

    gross_usd: Decimal
    net_usd: Decimal
    net_pips: Decimal
    gross_r: Decimal
    net_r: Decimal

    @property
    def is_win(self) -> bool:
        """Only what is left after the spread counts."""
        return self.net_usd > 0


def result_of(plan: Plan, legs: Iterable[Leg], costs: Costs) -> Result:
    """The sum over the legs of share times gain. R divides by the distance to the initial stop."""
    gross = sum((leg.share * plan.gain(leg.price) for leg in legs), Decimal(0)) / 100
    net = gross - costs.total
    return Result(
        gross_usd=gross,
        net_usd=net,
        net_pips=(net / PIP).quantize(Decimal("0.1"), ROUND_HALF_EVEN),
        gross_r=(gross / plan.risk).quantize(R_STEP, ROUND_HALF_EVEN),
        net_r=(net / plan.risk).quantize(R_STEP, ROUND_HALF_EVEN),
    )
