"""A plan in exact prices, and the checks that it has to pass before anybody sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from promostack.signals.contract import Side, SignalPlan

CENT = Decimal("0.01")
TARGETS = 3
LEAST_R = Decimal("0.3")
LEAST_ATR, MOST_ATR = Decimal("0.2"), Decimal(10)


class PlanRefused(Exception):
    """A plan that broke a rule; `faults` names each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Plan:
    """A checked plan. Prices in USD, to the cent; `stop` is the initial one, which R is measured by for ever."""

    side: Side
    entry: Decimal
    stop: Decimal
    targets: tuple[Decimal, ...]
    split: tuple[int, ...]
    atr: Decimal
    reasons: tuple[str, ...] = ()

    @property
    def direction(self) -> int:
        """1 for a buy, -1 for a sell."""
        return 1 if self.side == "buy" else -1

    @property
    def risk(self) -> Decimal:
        """Distance from entry to initial stop in USD, above zero."""
        return abs(self.entry - self.stop)

    def gain(self, price: Decimal) -> Decimal:
        """USD won at this price, below zero for a loss."""
        return self.direction * (price - self.entry)


def to_cent(price: float | Decimal) -> Decimal:
    """Rounded half to even; floats by their shortest text, so that 2050.125 is what it looks like."""
    return Decimal(repr(float(price)) if isinstance(price, float) else price).quantize(CENT, ROUND_HALF_EVEN)


def check_plan(proposed: Any, *, entry: float, atr: float) -> Plan:
    """The plan in exact prices. `entry`: the bar's close; `atr`: ATR14 of the base interval.

    Raises PlanRefused: stop on the losing side, three ordered targets at least 0.3 R from the entry, a split of 100,
    every distance within 0.2 to 10 ATR. What is no plan at all is refused the same way.
    """
    if not isinstance(proposed, SignalPlan):
        raise PlanRefused([f"decide() returned {type(proposed).__name__}, not a SignalPlan"])
    if faults := _shape_faults(proposed) + ([] if _positive(atr) else ["ATR is not known yet"]):
        raise PlanRefused(faults)
    plan = Plan(
        side=proposed.side,
        entry=to_cent(float(entry)),
        stop=to_cent(float(proposed.stop)),
        targets=tuple(to_cent(float(price)) for price in proposed.targets),
        split=tuple(int(share) for share in proposed.split),
        atr=Decimal(repr(round(float(atr), 4))),
        reasons=tuple(str(reason) for reason in proposed.reasons),
    )
    if faults := _price_faults(plan):
        raise PlanRefused(faults)
    return plan


def _shape_faults(proposed: SignalPlan) -> list[str]:
    faults = []
    if proposed.side not in ("buy", "sell"):
        faults.append(f"side is {proposed.side!r}; it is buy or sell")
    if not isinstance(proposed.targets, tuple) or len(proposed.targets) != TARGETS:
        faults.append("there must be three targets")
    elif not all(_positive(price) for price in (proposed.stop, *proposed.targets)):
        faults.append("stop and targets must be positive numbers")
    if not isinstance(proposed.split, tuple) or len(proposed.split) != TARGETS:
        faults.append("the split has one share for each target")
    elif not all(isinstance(share, int) and share > 0 for share in proposed.split) or sum(proposed.split) != 100:
        faults.append(f"the split {proposed.split} is not three positive whole percentages that make 100")
    return faults


def _price_faults(plan: Plan) -> list[str]:
    faults = []
    gains = [plan.gain(price) for price in plan.targets]
    if plan.gain(plan.stop) >= 0:
        return ["the stop is not on the losing side of the entry"]
    if gains != sorted(set(gains)):
        faults.append("the targets are not ordered, nearest first")
    if gains[0] < LEAST_R * plan.risk:
        faults.append(f"the first target is less than {LEAST_R} R from the entry")
    for name, distance in zip(("stop", "target 1", "target 2", "target 3"), (plan.risk, *gains), strict=True):
        if not LEAST_ATR * plan.atr <= distance <= MOST_ATR * plan.atr:
            faults.append(f"the {name} is {distance} USD away; allowed are {LEAST_ATR} to {MOST_ATR} ATR of {plan.atr}")
    return faults


def _positive(value: Any) -> bool:
    try:
        return math.isfinite(float(value)) and float(value) > 0
    except (TypeError, ValueError):
        return False
