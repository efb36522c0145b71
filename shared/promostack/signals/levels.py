"""Where stops and targets lie, as distances from the close of the last bar, which is the entry."""

from __future__ import annotations

from promostack.signals.bars import Bars
from promostack.signals.contract import SignalPlan


def plan_at(
    bars: Bars,
    direction: int,
    *,
    stop: float,
    targets: tuple[float, ...],
    split: tuple[int, int, int],
    reasons: tuple[str, ...] = (),
) -> SignalPlan:
    """A plan with a stop and three targets at these distances in USD, all above zero."""
    entry = float(bars.close[-1])
    first, second, third = (entry + direction * distance for distance in targets)
    return SignalPlan(
        side="buy" if direction > 0 else "sell",
        stop=entry - direction * stop,
        targets=(first, second, third),
        split=split,
        reasons=reasons,
    )


def plan_by_atr(
    bars: Bars,
    direction: int,
    *,
    stop: float,
    targets: tuple[float, ...],
    split: tuple[int, int, int],
    reasons: tuple[str, ...] = (),
) -> SignalPlan:
    """The same in multiples of ATR14."""
    atr = float(bars.atr()[-1])
    distances = tuple(multiple * atr for multiple in targets)
    return plan_at(bars, direction, stop=stop * atr, targets=distances, split=split, reasons=reasons)


def swing_distance(bars: Bars, direction: int, *, over: int) -> float:
    """USD from the close to the lowest low (highest high, for a sell) of the last bars, this one included."""
    level = bars.low[-over:].min() if direction > 0 else bars.high[-over:].max()
    return float(direction * (bars.close[-1] - level))


def nearest_wick(bars: Bars, direction: int, *, over: int, least: float) -> float | None:
    """USD from the close to the nearest high (low, for a sell) beyond it among the last bars, at least `least` away."""
    wicks = bars.high[-over:] if direction > 0 else bars.low[-over:]
    distances = direction * (wicks - bars.close[-1])
    far_enough = distances[distances >= max(least, 1e-9)]
    return float(far_enough.min()) if len(far_enough) else None
