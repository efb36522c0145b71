"""One bar, one strategy: which answers become what, and what the rails keep back."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from promostack.signals import guard
from promostack.signals.contract import Pace, SignalPlan
from promostack.signals.evaluation import due_bars, evaluate
from promostack.signals.plans import PlanRefused, check_plan
from promostack.signals.positions import publish
from promostack.signals.rails import Closed, Rails, RailState, find_block, state_of
from promostack.signals.results import Costs, Leg, result_of
from strategies.base_strategy import Bars, BaseStrategy
from tests.strategies.market import real
from tests.unit.signals.test_tracking import BUY

BARS = real().until(1400)
NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)
D = Decimal


def _strategy(answer: object) -> BaseStrategy:
    class Answering(BaseStrategy):
        key, name, description = "answering", "Answering", "Says what it is told."

        def decide(self, bars: Bars) -> SignalPlan | None:
            return answer(bars) if callable(answer) else answer

    return Answering()


def _plan(bars: Bars) -> SignalPlan:
    close, atr = float(bars.close[-1]), float(bars.atr()[-1])
    return SignalPlan("buy", close - atr, (close + atr, close + 2 * atr, close + 3 * atr))


def _evaluate(answer: object, *, bars: Bars = BARS, late: timedelta = timedelta(0), state: RailState | None = None):
    now = bars.closed_at + late
    always = Rails(session_from=0, session_to=24)
    return evaluate(_strategy(answer), bars, rails=always, state=lambda: state or RailState(), now=now)


def test_a_good_plan_becomes_a_draft_with_readings() -> None:
    found = _evaluate(_plan)
    assert (found.fate, found.bar_closed_at) == ("draft", BARS.closed_at)
    assert found.plan.entry == D(str(round(float(BARS.close[-1]), 2)))
    assert found.readings is not None


def test_no_plan_is_quiet_and_too_few_bars_are_not_asked() -> None:
    assert _evaluate(None).fate == "quiet"
    assert _evaluate(lambda bars: pytest.fail("asked"), bars=real().until(999)).fate == "warming"


def test_a_bar_looked_at_one_interval_late_is_only_recorded() -> None:
    just = timedelta(minutes=15) - timedelta(seconds=1)
    assert _evaluate(_plan, late=just).fate == "draft"
    assert _evaluate(lambda bars: pytest.fail("asked"), late=timedelta(minutes=15)).fate == "stale"


@pytest.mark.parametrize("answer", [42, "buy", (1, 2), SignalPlan("long", 1, (2, 3, 4)), SignalPlan("buy", 1, (2, 3))])
def test_nonsense_is_refused(answer: object) -> None:
    assert _evaluate(answer).fate == "refused"


def _raise(bars: Bars) -> None:
    raise KeyError("ema")


def _hang(bars: Bars) -> None:
    while True:
        pass


def _stubborn(bars: Bars) -> None:
    while True:
        try:
            time.sleep(10)
        except Exception:
            continue


@pytest.mark.parametrize(
    ("answer", "reason"), [(_raise, "raised: KeyError: 'ema'"), (lambda bars: exit(3), "SystemExit")]
)
def test_a_strategy_that_raises_is_recorded(answer: object, reason: str) -> None:
    found = _evaluate(answer)
    assert found.fate == "failed"
    assert reason in found.reason


@pytest.mark.parametrize("work", [_hang, _stubborn])
def test_a_strategy_that_hangs_is_left(work: object) -> None:
    answer, problem = guard.run("slow", lambda: work(BARS), limit_s=0.05)
    assert (answer, problem.kind) == (None, "hung")
    assert guard.run("next", lambda: 7) == (7, None)


def test_the_guard_works_outside_the_main_thread() -> None:
    answers = []

    def ask() -> None:
        answers.append(guard.run("a", lambda: 7))
        answers.append(guard.run("b", lambda: _raise(BARS)))
        answers.append(guard.run("c", lambda: threading.Event().wait(5), limit_s=0.05))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(60)
    assert [problem.kind if problem else answer for answer, problem in answers] == [7, "raised", "hung"]


def test_a_blocked_plan_keeps_its_plan() -> None:
    found = _evaluate(_plan, state=RailState(open_signals=1))
    assert (found.fate, found.reason) == ("blocked", "open_signal")
    assert found.plan is not None


CLOSE, ATR = 2000.0, 4.0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"stop": 2001.0}, "losing side"),
        ({"stop": 2000.0}, "losing side"),
        ({"targets": (2008.0, 2004.0, 2012.0)}, "not ordered"),
        ({"targets": (2004.0, 2004.0, 2012.0)}, "not ordered"),
        ({"targets": (1996.0, 2004.0, 2012.0)}, "less than 0.3 R"),
        ({"targets": (2001.1, 2004.0, 2012.0)}, "less than 0.3 R"),
        ({"split": (50, 30, 30)}, "split"),
        ({"split": (100, 0, 0)}, "split"),
        ({"split": (50.0, 30.0, 20.0)}, "split"),
        ({"stop": 1999.5}, "stop is 0.50 USD away"),
        ({"targets": (2004.0, 2008.0, 2041.0)}, "target 3 is 41.00 USD away"),
        ({"stop": float("nan")}, "positive numbers"),
        ({"targets": (2004.0, 2008.0, float("inf"))}, "positive numbers"),
        ({"targets": ("a", 2008.0, 2012.0)}, "positive numbers"),
        ({"stop": -5.0}, "positive numbers"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused_with_its_fault(change: dict, fault: str) -> None:
    good = SignalPlan("buy", 1996.0, (2004.0, 2008.0, 2012.0))
    assert check_plan(good, entry=CLOSE, atr=ATR).risk == D(4)
    with pytest.raises(PlanRefused, match=fault):
        check_plan(replace(good, **change), entry=CLOSE, atr=ATR)


def test_each_stored_bar_is_due_once_and_late_ones_are_stale() -> None:
    closes = [NOON - timedelta(minutes=15 * n) for n in range(6)]
    due = due_bars(closes, {closes[3]}, interval="15min", now=NOON + timedelta(seconds=70), since=closes[5])
    assert [(bar.closed_at, bar.is_stale) for bar in due] == [
        (closes[4], True), (closes[2], True), (closes[1], True), (closes[0], False)
    ]  # fmt: skip
    assert due_bars(closes, set(closes), interval="15min", now=NOON, since=closes[5]) == []
    future = [NOON + timedelta(minutes=15)]
    assert due_bars(future, set(), interval="15min", now=NOON, since=closes[5]) == []


@pytest.mark.parametrize(
    ("state", "at", "block"),
    [
        ({}, NOON, None),
        ({}, NOON.replace(hour=7, minute=59), "session"),
        ({}, NOON.replace(hour=8), None),
        ({}, NOON.replace(hour=22), "session"),
        ({}, datetime(2024, 3, 9, 12, tzinfo=UTC), "session"),
        ({"paused_until": NOON + timedelta(minutes=1)}, NOON, "paused"),
        ({"paused_until": NOON}, NOON, None),
        ({"open_signals": 1}, NOON, "open_signal"),
        ({"open_pips": None}, NOON, "loss_unknown"),
        ({"day_pips": D(-49)}, NOON, None),
        ({"day_pips": D(-50)}, NOON, "daily_loss"),
        ({"day_pips": D(-30), "open_pips": D(-20)}, NOON, "daily_loss"),
        ({"day_pips": D(-60), "open_pips": D(20)}, NOON, "daily_loss"),
        ({"last_loss_at": NOON - timedelta(minutes=29)}, NOON, "throttle"),
        ({"last_loss_at": NOON - timedelta(minutes=30)}, NOON, None),
        ({"published_today": 4}, NOON, "per_day"),
        ({"last_published_at": NOON - timedelta(minutes=14)}, NOON, "spacing"),
    ],
)
def test_rails_keep_back_what_they_say(state: dict, at: datetime, block: str | None) -> None:
    pace = Pace(per_day=4, spacing=timedelta(minutes=15), throttle=timedelta(minutes=30))
    assert find_block(Rails(), pace, RailState(**state), now=at) == block


def test_the_rails_state_comes_from_stored_signals() -> None:
    costs = Costs(D("0.20"))
    loss = result_of(BUY, [Leg(100, D(98), "stop")], costs)
    gain = result_of(BUY, [Leg(100, D(102), "tp1")], costs)
    yesterday, morning = NOON - timedelta(days=1), NOON - timedelta(hours=2)
    closed = [
        Closed(yesterday, yesterday + timedelta(hours=1), loss),
        Closed(morning, morning + timedelta(minutes=30), loss),
        Closed(morning, morning + timedelta(minutes=90), gain),
    ]
    position = replace(publish(BUY, _strategy(None).terms, at=NOON), legs=(Leg(50, D(102), "tp1"),))
    state = state_of(closed, [position], now=NOON, price=D(101), costs=costs)
    assert state.day_pips == D(-22) + D(18)
    assert state.open_pips == (D(50) * 2 + D(50) * 1) / 100 / D("0.1") - 2
    assert state.last_loss_at == morning + timedelta(minutes=30)
    assert (state.published_today, state.open_signals, state.last_published_at) == (3, 1, NOON)
    assert state_of(closed, [position], now=NOON, price=None, costs=costs).open_pips is None
