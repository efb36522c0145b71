"""What lived against what the batch finds on the same bars: each evaluation, plan, publication, event and result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from promostack.signals.backtest import Moment, Report, Trade
from promostack.signals.plans import Plan
from promostack.signals.positions import OUTCOMES, Event, Position

Told = tuple[str, str]


@dataclass
class Lived:
    """`fates`: (fate, reason) by the bar's close; `plans` of those that passed the checks; `ended`: signals that were
    published and have closed, with their events."""

    fates: dict[datetime, Told] = field(default_factory=dict)
    evaluated_at: dict[datetime, datetime] = field(default_factory=dict)
    plans: dict[datetime, Plan] = field(default_factory=dict)
    published_at: dict[datetime, datetime] = field(default_factory=dict)
    ended: dict[datetime, tuple[Position, tuple[Event, ...]]] = field(default_factory=dict)

    def schedule(self) -> dict[datetime, Moment]:
        """The recorded times."""
        return {at: Moment(when, self.published_at.get(at)) for at, when in self.evaluated_at.items()}

    def outcomes(self) -> Counter[str]:
        return Counter(str(position.outcome) for position, _ in self.ended.values())


def differences(lived: Lived, report: Report, *, with_times: bool) -> list[str]:
    """Bar by bar; without the recorded times the moment of publication is not compared."""
    batch = {found.bar_closed_at: found for found in report.plans}
    trades = {trade.bar_closed_at: trade for trade in report.trades}
    told = {at: fate for at, fate in lived.fates.items() if fate[0] in ("blocked", "draft", "refused", "failed")}
    found = []
    for at in sorted({*batch, *told}):
        ours = (*told.get(at, ("", "")), lived.plans.get(at))
        theirs = (batch[at].fate, batch[at].reason, batch[at].plan) if at in batch else ("", "", None)
        if ours != theirs:
            found.append(f"{at:%Y-%m-%d %H:%M}: {ours[:2]} live, {theirs[:2]} in the batch")
    for at in sorted({*trades, *lived.ended}):
        if _life(lived.ended.get(at), with_times) != _life(_of(trades.get(at)), with_times):
            found.append(f"{at:%Y-%m-%d %H:%M}: {_short(lived.ended.get(at))} live, {_short(_of(trades.get(at)))}")
    counted = Counter(fate for fate, _ in lived.fates.values())
    if counted != report.fates:
        found.append(f"evaluations: {dict(counted)} live, {dict(report.fates)} in the batch")
    return found


def table(outcomes: Mapping[str, Iterable[Counter[str]]]) -> dict[str, Any]:
    """Signals of each outcome by strategy."""
    added = {name: sum(counters, Counter()) for name, counters in outcomes.items()}
    return {name: {outcome: counter[outcome] for outcome in OUTCOMES} for name, counter in added.items()}


def _of(trade: Trade | None) -> tuple[Position, tuple[Event, ...]] | None:
    return (trade.position, trade.events) if trade else None


def _life(life: tuple[Position, tuple[Event, ...]] | None, with_times: bool) -> tuple[Any, ...] | None:
    if life is None:
        return None
    position, events = life
    published_at = position.published_at if with_times else None
    return (published_at, position.legs, position.outcome, position.closed_at, position.ambiguous, tuple(events))


def _short(life: tuple[Position, tuple[Event, ...]] | None) -> str:
    return f"{life[0].outcome} {life[0].closed_at:%m-%d %H:%M}" if life and life[0].closed_at else "nothing"
