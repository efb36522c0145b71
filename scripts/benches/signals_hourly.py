"""Hours live in process, by the pure functions that the scan and the tracker work with, tick by tick."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np

from promostack.signals.backtest import REMEMBERED
from promostack.signals.bars import History
from promostack.signals.candles import exact
from promostack.signals.contract import Strategy
from promostack.signals.evaluation import due_bars, evaluate
from promostack.signals.following import follow
from promostack.signals.intervals import LENGTHS
from promostack.signals.positions import Position, publish
from promostack.signals.rails import Closed, Rails, RailState, state_of
from promostack.signals.results import Costs, result_of
from scripts.benches.signals_compare import Lived

# Of each interval: at its close, and three times after it.
TICKS = (0.0, 0.05, 0.4, 0.7)


@dataclass(frozen=True)
class Faults:
    """`lag`: a bar is told that long after its close. Shares of ticks that are missed, or come twice."""

    lag: timedelta = timedelta(0)
    missed: float = 0.0
    doubled: float = 0.0
    sending: timedelta = timedelta(0)


PERFECT = Faults()
FAULTY = Faults(timedelta(seconds=130), 0.05, 0.05, timedelta(seconds=7))


class Replay:
    """One strategy's life; nothing but closed bars is looked at, however often it is asked."""

    def __init__(self, strategy: Strategy, history: History, rails: Rails, faults: Faults, seed: int) -> None:
        self.lived = Lived()
        self._strategy, self._history, self._rails, self._faults = strategy, history, rails, faults
        self._chance, self._costs = random.Random(seed), Costs()
        self._closes = [history.candles.closed_at(index) for index in range(len(history))]
        self._seen = 0
        self._position: Position | None = None
        self._entered_at = self._closes[0]
        self._events: list = []
        self._closed: list[Closed] = []

    def run(self) -> Lived:
        length = LENGTHS[self._history.candles.interval]
        stamps = np.array([at.timestamp() for at in self._closes])
        for close in self._closes:
            for share in TICKS:
                if self._chance.random() < self._faults.missed:
                    continue
                now = close + share * length
                told = int(np.searchsorted(stamps, (now - self._faults.lag).timestamp(), side="right"))
                for _ in range(1 + (self._chance.random() < self._faults.doubled)):
                    self._tick(now, told)
        return self.lived

    def _tick(self, now, told: int) -> None:
        for end in range(self._seen + 1, told + 1):
            self._follow(end)
        fresh = self._closes[self._seen : told]
        self._seen = max(self._seen, told)
        interval, since = self._history.candles.interval, self._closes[0] - timedelta(days=1)
        for due in due_bars(fresh, self.lived.fates, interval=interval, now=now, since=since):
            self._evaluate(due.closed_at, now)

    def _follow(self, end: int) -> None:
        if self._position is None:
            return
        bars = self._history.until(end)
        self._position, events = follow(self._position, self._history.candles.bar(end - 1), bars=bars)
        self._events += events
        if not self._position.is_open:
            position, self._position = self._position, None
            self.lived.ended[self._entered_at] = (position, tuple(self._events))
            result = result_of(position.plan, position.legs, self._costs)
            assert position.closed_at is not None
            self._closed.append(Closed(position.published_at, position.closed_at, result))

    def _evaluate(self, closed_at, now) -> None:
        end = self._closes.index(closed_at, max(0, self._seen - 200)) + 1
        bars = self._history.until(end)
        state = partial(self._state, float(bars.close[-1]), now)
        found = evaluate(self._strategy, bars, rails=self._rails, state=state, now=now)
        self.lived.fates[closed_at], self.lived.evaluated_at[closed_at] = (found.fate, found.reason), now
        if found.plan is not None:
            self.lived.plans[closed_at] = found.plan
        if found.fate == "draft" and found.plan is not None:
            at = now + self._faults.sending
            self.lived.published_at[closed_at] = at
            self._entered_at, self._events = closed_at, []
            self._position = publish(found.plan, self._strategy.terms, at=at, readings=found.readings)

    def _state(self, price: float, now) -> RailState:
        self._closed = [each for each in self._closed if each.closed_at >= now - REMEMBERED]
        opened = [self._position] if self._position else []
        return state_of(self._closed, opened, now=now, price=exact(price), costs=self._costs)
