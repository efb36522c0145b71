"""The suite that every plug-in has to pass: what it may know, when it may know it, and what a plan looks like.

`faults` asks the strategy many times about the same bars: at the end of a history that goes on behind them, of one that
was cut there, of one whose future is another, with the least history that it asks for; a second time, from back to
front, and with a new object. All answers must be the same, and so must every earlier value of its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from promostack.signals.bars import History
from promostack.signals.candles import Candles
from promostack.signals.contract import SignalPlan
from promostack.signals.evaluation import decide, is_warm
from promostack.signals.plans import PlanRefused, check_plan
from strategies.base_strategy import BaseStrategy

PLACES = 24
TOLERANCE = 1e-9
# A plan may be too tight for a market and be refused for it; these faults are the strategy's own.
OWN_FAULTS = ("not a SignalPlan", "losing side", "not ordered", "side is", "three targets", "positive", "split")


@dataclass(frozen=True)
class Ground:
    """Candles to test on, and others whose prices replace the future. `first`: the first end that is asked about."""

    candles: Candles
    other: Candles
    first: int


def faults(make: Callable[[], BaseStrategy], ground: Ground) -> list[str]:
    """What the strategy does wrong, empty for an honest one. `make` gives a new object each time."""
    strategy = make()
    history = History(ground.candles)
    answers = dict(_ask(strategy, history, range(ground.first, len(history) + 1)))
    with_plan = [end for end, answer in answers.items() if isinstance(answer, SignalPlan)]
    raised = [answer for answer in answers.values() if isinstance(answer, Exception)]
    places = _spread(with_plan, PLACES) + _spread(sorted(answers), PLACES // 3)
    found = [f"raises {type(raised[0]).__name__}: {raised[0]}"] if raised else []
    if not with_plan:
        found.append("proposes nothing here, so nothing was tested")
    found += _repetition(make, history, places, answers)
    found += _future(make, ground, places, answers)
    found += _columns(make, ground, places)
    found += _warmup(make, history, places, answers)
    found += _plans(history, {end: answers[end] for end in with_plan})
    found += _purity(strategy, make())
    return found


def _ask(strategy: BaseStrategy, history: History, ends: Sequence[int]) -> Iterator[tuple[int, object]]:
    for end in ends:
        if is_warm(strategy, history.until(end)):
            yield end, _answer(strategy, history, end)


def _answer(strategy: BaseStrategy, history: History, end: int) -> object:
    try:
        return decide(strategy, history.until(end))
    except Exception as error:
        return error


def _repetition(
    make: Callable[[], BaseStrategy], history: History, places: list[int], answers: Mapping[int, object]
) -> Iterator[str]:
    """Determinism: order, number of calls and object make no difference."""
    strategy = make()
    backwards = dict(_ask(strategy, history, sorted(places, reverse=True)))
    again = dict(_ask(strategy, history, places))
    for end in places:
        if not _same(answers[end], backwards[end]) or not _same(answers[end], again[end]):
            yield f"determinism: at bar {end} it answered {answers[end]}, then {backwards[end]}, then {again[end]}"
            return


def _future(
    make: Callable[[], BaseStrategy], ground: Ground, places: list[int], answers: Mapping[int, object]
) -> Iterator[str]:
    for end in places:
        cut = _answer(make(), History(ground.candles.cut(0, end)), end)
        if not _same(answers[end], cut):
            yield f"looks ahead (truncation): at bar {end} {answers[end]} with a future, {cut} without"
            return
        changed = _answer(make(), History(changed_future(ground, end)), end)
        if not _same(answers[end], changed):
            yield f"looks ahead (mutation): at bar {end} {answers[end]}, with another future {changed}"
            return


def _columns(make: Callable[[], BaseStrategy], ground: Ground, places: list[int]) -> Iterator[str]:
    whole = History(ground.candles).columns(make())
    for end in _spread(places, 8):
        for kind, candles in (("truncation", ground.candles.cut(0, end)), ("mutation", changed_future(ground, end))):
            other = History(candles).columns(make())
            if set(other) != set(whole):
                yield "its columns have other names with other bars"
                return
            for name in whole:
                if differing := first_difference(whole[name][:end], other[name][:end]):
                    yield f"looks ahead ({kind}): column {name} at bar {differing - 1} depends on bars after {end}"
                    return


def _warmup(
    make: Callable[[], BaseStrategy], history: History, places: list[int], answers: Mapping[int, object]
) -> Iterator[str]:
    for end in places:
        strategy = make()
        window = history.window(end, strategy.warmup_bars, tuple(strategy.intervals))
        answer = _answer(strategy, window, len(window))
        if not _same(answers[end], answer):
            yield f"warm-up: at bar {end} {answers[end]}, with {strategy.warmup_bars} bars {answer}"
            return


def _plans(history: History, plans: Mapping[int, object]) -> Iterator[str]:
    for end, plan in plans.items():
        bars = history.until(end)
        try:
            check_plan(plan, entry=float(bars.close[-1]), atr=float(bars.atr()[-1]))
        except PlanRefused as refusal:
            own = [fault for fault in refusal.faults if any(text in fault for text in OWN_FAULTS)]
            if own:
                yield f"plan at bar {end}: {'; '.join(own)}"
                return


def _purity(used: BaseStrategy, fresh: BaseStrategy) -> Iterator[str]:
    if repr(vars(used)) != repr(vars(fresh)):
        yield "purity: the object kept something between two calls"


def changed_future(ground: Ground, end: int) -> Candles:
    """The same bars up to `end`, then other prices, moved so that they begin where these end."""
    candles, other = ground.candles, ground.other
    shift = float(candles.close[end - 1] - other.close[end - 1])
    names = ("open", "high", "low", "close")
    columns = (
        np.concatenate([getattr(candles, name)[:end], getattr(other, name)[end : len(candles)] + shift])
        for name in names
    )
    return Candles(candles.interval, candles.stamps, *columns)


def first_difference(one: np.ndarray, two: np.ndarray) -> int:
    """1 + the first place at which they differ, NaN being equal to NaN; 0 when they do not."""
    close = np.isclose(one, two, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return 0 if close.all() else int((~close).argmax()) + 1


def _same(one: object, two: object) -> bool:
    if isinstance(one, SignalPlan) and isinstance(two, SignalPlan):
        levels = [np.array([plan.stop, *plan.targets], dtype=float) for plan in (one, two)]
        return (one.side, one.split) == (two.side, two.split) and np.allclose(*levels, rtol=0, atol=1e-6)
    if isinstance(one, Exception):
        return type(one) is type(two)
    return one is None and two is None


def _spread(values: Sequence[int], count: int) -> list[int]:
    """At most `count` of them, evenly."""
    step = max(1, len(values) // count) if count else 1
    return list(values[::step][:count])
