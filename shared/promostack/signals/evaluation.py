"""Looking at one closed bar with one strategy: the same steps live and in a backtest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal

from promostack.signals import guard
from promostack.signals.bars import Bars
from promostack.signals.contract import SignalPlan, Strategy
from promostack.signals.indicators import Values
from promostack.signals.intervals import LENGTHS, Interval
from promostack.signals.plans import Plan, PlanRefused, check_plan
from promostack.signals.rails import Rails, RailState, find_block
from promostack.signals.thesis import Readings, read

Fate = Literal["quiet", "warming", "stale", "failed", "refused", "blocked", "draft"]


@dataclass(frozen=True)
class Evaluation:
    """What a strategy made of the bar that closed at `bar_closed_at`.

    quiet: no plan. warming: too little history. stale: looked at too late, so not asked. failed: the plug-in raised or
    hung. refused: a plan that broke a rule. blocked: a good plan that a guard rail keeps back. draft: to be published.
    """

    bar_closed_at: datetime
    fate: Fate
    reason: str = ""
    plan: Plan | None = None
    readings: Readings | None = None


@dataclass(frozen=True)
class DueBar:
    """A stored bar that nobody has evaluated. `is_stale`: it is only recorded, because its moment has passed."""

    closed_at: datetime
    is_stale: bool


def due_bars(
    closes: Sequence[datetime], evaluated: Collection[datetime], *, interval: Interval, now: datetime, since: datetime
) -> list[DueBar]:
    """Stored bars after `since` that still need an evaluation, oldest first; each gets exactly one, also after an
    outage. Later than one interval after its close a bar is stale."""
    limit = LENGTHS[interval]
    due = [at for at in closes if since < at <= now and at not in evaluated]
    return [DueBar(at, is_stale=now >= at + limit) for at in sorted(due)]


def evaluate(
    strategy: Strategy, bars: Bars, *, rails: Rails, state: Callable[[], RailState], now: datetime
) -> Evaluation:
    """Asks the strategy about the last bar. The plan is checked before the rails are asked, because the ledger records
    every plan that passed the checks, also those that were kept back. `state` is asked for only then."""
    closed_at = bars.closed_at
    if now >= closed_at + LENGTHS[bars.interval]:
        return Evaluation(closed_at, "stale")
    if not is_warm(strategy, bars):
        return Evaluation(closed_at, "warming")
    proposed, problem = guard.run(strategy.key, partial(decide, strategy, bars))
    if problem is not None:
        return Evaluation(closed_at, "failed", f"{problem.kind}: {problem.message}")
    if proposed is None:
        return Evaluation(closed_at, "quiet")
    try:
        plan = check_plan(proposed, entry=float(bars.close[-1]), atr=float(bars.atr()[-1]))
    except PlanRefused as refusal:
        return Evaluation(closed_at, "refused", str(refusal))
    readings = read(bars) if strategy.terms.revalidates else None
    found = Evaluation(closed_at, "draft", plan=plan, readings=readings)
    block = find_block(rails, strategy.pace, state(), now=now)
    return replace(found, fate="blocked", reason=block) if block else found


def decide(strategy: Strategy, bars: Bars) -> SignalPlan | None:
    """The strategy's answer, its own columns at hand; whatever it raises comes through."""
    if bars.own is None:
        bars = bars.history.until(len(bars), bars.history.columns(strategy))
    return strategy.decide(bars)


def is_warm(strategy: Strategy, bars: Bars) -> bool:
    """Whether there are enough bars of each interval that the strategy uses."""
    if len(bars) < strategy.warmup_bars:
        return False
    return all(len(bars.at(interval)) >= strategy.warmup_bars for interval in strategy.intervals)


def columns_of(strategy: Strategy, bars: Bars) -> dict[str, Values]:
    """What the strategy computes for a chart of these bars."""
    return {name: values[: len(bars)] for name, values in bars.history.columns(strategy).items()}
