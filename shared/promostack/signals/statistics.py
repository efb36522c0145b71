"""Honest figures of closed signals: n, what was earned after costs, and how sure that is.

A win is net R above zero after the spread. How often the first target was reached is shown under its own name, because
random entries with a near first target reach it in 72 of 100 trades and still lose. Decimals throughout, so that a
verifier gets the same digits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from promostack.signals.positions import Outcome
from promostack.signals.results import R_STEP

Z_95 = Decimal("1.959963984540054")
Interval95 = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Sample:
    """One closed signal. `hit`: targets reached."""

    closed_at: datetime
    outcome: Outcome
    hit: int
    net_r: Decimal
    net_usd: Decimal
    net_pips: Decimal
    ambiguous: int = 0
    gap_fills: int = 0


@dataclass(frozen=True)
class Statistics:
    """Rates are shares of 1. What cannot be known of so few signals is None. `max_drawdown_r` is zero or above."""

    n: int
    net_r: Decimal
    net_usd: Decimal
    net_pips: Decimal
    expectancy_r: Decimal | None
    expectancy_r_95: Interval95 | None
    profit_factor: Decimal | None
    max_drawdown_r: Decimal
    wins: int
    win_rate: Decimal | None
    win_rate_95: Interval95 | None
    tp1_hits: int
    tp1_rate: Decimal | None
    tp1_rate_95: Interval95 | None
    best_r: Decimal | None
    worst_r: Decimal | None
    outcomes: dict[str, int]
    ambiguous: int
    gap_fills: int


def summarise(samples: Iterable[Sample]) -> Statistics:
    """Of signals in any order; drawdown follows their closing times."""
    ordered = sorted(samples, key=lambda sample: sample.closed_at)
    results = [sample.net_r for sample in ordered]
    n = len(ordered)
    wins = sum(result > 0 for result in results)
    tp1_hits = sum(sample.hit >= 1 for sample in ordered)
    return Statistics(
        n=n,
        net_r=_sum(results),
        net_usd=_sum(sample.net_usd for sample in ordered),
        net_pips=_sum(sample.net_pips for sample in ordered),
        expectancy_r=_round(_sum(results) / n) if n else None,
        expectancy_r_95=mean_interval(results),
        profit_factor=_profit_factor(results),
        max_drawdown_r=max_drawdown(results),
        wins=wins,
        win_rate=_share(wins, n),
        win_rate_95=wilson_interval(wins, n),
        tp1_hits=tp1_hits,
        tp1_rate=_share(tp1_hits, n),
        tp1_rate_95=wilson_interval(tp1_hits, n),
        best_r=max(results, default=None),
        worst_r=min(results, default=None),
        outcomes=dict(sorted(Counter(sample.outcome for sample in ordered).items())),
        ambiguous=sum(sample.ambiguous for sample in ordered),
        gap_fills=sum(sample.gap_fills for sample in ordered),
    )


def wilson_interval(hits: int, n: int) -> Interval95 | None:
    """Wilson's 95 % interval for a share, which stays inside 0 to 1 and is honest for few trials."""
    if n == 0:
        return None
    share, square = Decimal(hits) / n, Z_95 * Z_95
    middle = share + square / (2 * n)
    spread = Z_95 * ((share * (1 - share) + square / (4 * n)) / n).sqrt()
    scale = 1 + square / n
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return _round(max(low, Decimal(0))), _round(min(high, Decimal(1)))


def mean_interval(results: Sequence[Decimal]) -> Interval95 | None:
    """Mean ± 1.96 standard errors; None below two results."""
    n = len(results)
    if n < 2:
        return None
    mean = _sum(results) / n
    variance = _sum((result - mean) ** 2 for result in results) / (n - 1)
    spread = Z_95 * (variance / n).sqrt()
    return _round(mean - spread), _round(mean + spread)


def max_drawdown(results: Iterable[Decimal]) -> Decimal:
    """The deepest fall of the running sum below its highest point so far, the start included."""
    total = peak = deepest = Decimal(0)
    for result in results:
        total += result
        peak = max(peak, total)
        deepest = max(deepest, peak - total)
    return deepest


def equity(samples: Iterable[Sample]) -> list[tuple[datetime, Decimal]]:
    """Closing time and running sum of net R."""
    total, points = Decimal(0), []
    for sample in sorted(samples, key=lambda sample: sample.closed_at):
        total += sample.net_r
        points.append((sample.closed_at, total))
    return points


def _profit_factor(results: Sequence[Decimal]) -> Decimal | None:
    """Won over lost; None without a loss."""
    lost = -_sum(result for result in results if result < 0)
    return _round(_sum(result for result in results if result > 0) / lost) if lost else None


def _share(part: int, n: int) -> Decimal | None:
    return _round(Decimal(part) / n) if n else None


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _round(value: Decimal) -> Decimal:
    return value.quantize(R_STEP, ROUND_HALF_EVEN)
