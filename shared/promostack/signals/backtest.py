"""A strategy over stored bars, by the very functions that work live: evaluate, publish, follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from promostack.signals import guard
from promostack.signals.bars import Bars, History
from promostack.signals.candles import Bar, Candles, exact
from promostack.signals.contract import Strategy
from promostack.signals.evaluation import Evaluation, evaluate
from promostack.signals.following import follow
from promostack.signals.positions import Event, Position, publish
from promostack.signals.rails import Closed, Rails, RailState, state_of
from promostack.signals.results import Costs, Result, result_of
from promostack.signals.statistics import Sample

# The longest throttle or spacing is a day; a trading day is not longer.
REMEMBERED = timedelta(days=3)
COLUMNS_LIMIT_S = 60.0
TELLS_EVERY = 500


@dataclass(frozen=True)
class Moment:
    """When a bar was evaluated, and when its plan was out (None: never)."""

    evaluated_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class Trade:
    """A signal that was published and has closed."""

    bar_closed_at: datetime
    position: Position
    result: Result
    events: tuple[Event, ...]

    @property
    def closed_at(self) -> datetime:
        assert self.position.closed_at is not None
        return self.position.closed_at

    def sample(self) -> Sample:
        """As the statistics take it."""
        position, result = self.position, self.result
        assert position.outcome is not None
        return Sample(
            closed_at=self.closed_at,
            outcome=position.outcome,
            hit=position.hit,
            net_r=result.net_r,
            net_usd=result.net_usd,
            net_pips=result.net_pips,
            ambiguous=position.ambiguous,
            gap_fills=position.gap_fills,
        )


@dataclass
class Report:
    """`plans`: each evaluation with a plan or a problem, in order. `still_open`: a signal that the bars did not end."""

    trades: list[Trade] = field(default_factory=list)
    plans: list[Evaluation] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)
    blocks: Counter[str] = field(default_factory=Counter)
    still_open: Position | None = None

    def samples(self) -> list[Sample]:
        return [trade.sample() for trade in self.trades]


def run(
    strategy: Strategy,
    history: History,
    *,
    rails: Rails | None = None,
    costs: Costs | None = None,
    finer: Candles | None = None,
    schedule: Mapping[datetime, Moment] | None = None,
    since: datetime | None = None,
    progress: Callable[[float], None] | None = None,
) -> Report:
    """Every bar of the history once, oldest first.

    `finer`: shorter bars that order what a bar leaves ambiguous. `schedule`: recorded times by the bar's close; bars
    without one are not evaluated. Without it, bars are evaluated and plans published at the close. `since`: the first
    close that is evaluated. `progress`: told now and then which share is done.
    """
    columns, problem = guard.run(strategy.key, lambda: history.columns(strategy), limit_s=COLUMNS_LIMIT_S)
    loop = _Loop(strategy, history, rails or Rails(), costs or Costs(), finer)
    if problem is not None:
        loop.report.fates["failed"] = len(history)
        return loop.report
    with guard.watching():
        for end in range(1, len(history) + 1):
            bars = history.until(end, columns)
            loop.follow(bars)
            if progress is not None and not end % TELLS_EVERY:
                progress(end / len(history))
            closed_at = bars.closed_at
            if since is not None and closed_at < since:
                continue
            if schedule is None:
                loop.evaluate(bars, closed_at, closed_at)
            elif moment := schedule.get(closed_at):
                loop.evaluate(bars, moment.evaluated_at, moment.published_at)
    loop.report.still_open = loop.position
    return loop.report


class _Loop:
    def __init__(self, strategy: Strategy, history: History, rails: Rails, costs: Costs, finer: Candles | None) -> None:
        self.report = Report()
        self.position: Position | None = None
        self._strategy, self._history, self._rails, self._costs, self._finer = strategy, history, rails, costs, finer
        self._recent: list[Closed] = []
        self._bar_closed_at: datetime | None = None
        self._events: list[Event] = []

    def follow(self, bars: Bars) -> None:
        if self.position is None:
            return
        candles, last = self._history.candles, len(bars) - 1
        bar = candles.bar(last)
        since = candles.closed_at(last - 1) if last else bar.opened_at
        self.position, events = follow(self.position, bar, bars=bars, finer=self._shorter(since, bar))
        self._events += events
        if not self.position.is_open:
            self._book(self.position)

    def evaluate(self, bars: Bars, now: datetime, published_at: datetime | None) -> None:
        found = evaluate(self._strategy, bars, rails=self._rails, state=lambda: self._state(bars, now), now=now)
        self.report.fates[found.fate] += 1
        if found.fate == "blocked":
            self.report.blocks[found.reason] += 1
        if found.fate in ("blocked", "draft", "refused", "failed"):
            self.report.plans.append(found)
        if found.fate == "draft" and found.plan is not None and published_at is not None:
            self._bar_closed_at, self._events = found.bar_closed_at, []
            self.position = publish(found.plan, self._strategy.terms, at=published_at, readings=found.readings)

    def _state(self, bars: Bars, now: datetime) -> RailState:
        self._recent = [each for each in self._recent if each.closed_at >= now - REMEMBERED]
        opened = [self.position] if self.position else []
        price: Decimal = exact(bars.close[-1])
        return state_of(self._recent, opened, now=now, price=price, costs=self._costs)

    def _book(self, position: Position) -> None:
        result = result_of(position.plan, position.legs, self._costs)
        assert self._bar_closed_at is not None
        trade = Trade(self._bar_closed_at, position, result, tuple(self._events))
        self.report.trades.append(trade)
        self._recent.append(Closed(position.published_at, trade.closed_at, result))
        self.position = None

    def _shorter(self, since: datetime, bar: Bar) -> list[Bar]:
        """Those of the bar's time, and of a hole before it."""
        return self._finer.bars_between(since, bar.closed_at) if self._finer is not None else []
