"""Recaps, statistics and the briefing against figures worked out by hand; announcements and the queue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from promostack.signals.activation import Choice, Slot, settle, wish
from promostack.signals.announcements import Announcement, choose
from promostack.signals.positions import Event
from promostack.signals.recaps import brief, day_before, recap
from promostack.signals.statistics import Sample, summarise, wilson_interval
from tests.strategies.market import quarters

D = Decimal


def _sample(at: str, net_r: str, *, hit: int = 0) -> Sample:
    closed_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    outcome = "tp3" if hit == 3 else "stopped"
    return Sample(closed_at, outcome, hit, D(net_r), D(net_r) * 2, D(net_r) * 20)


WEEK = [
    _sample("2024-03-04T10:00", "-1.05"),
    _sample("2024-03-04T15:00", "0.45", hit=1),
    _sample("2024-03-05T09:00", "-0.05", hit=1),
    _sample("2024-03-05T22:30", "1.65", hit=3),  # after 17:00 New York: Wednesday's
    _sample("2024-03-08T21:59", "-1.00"),
]


def test_figures_are_what_they_are_by_hand() -> None:
    figures = summarise(reversed(WEEK))
    assert (figures.n, figures.wins, figures.tp1_hits) == (5, 2, 3)
    assert (figures.net_r, figures.expectancy_r) == (D("0.00"), D("0.0000"))
    assert figures.profit_factor == D("1.0000")  # 2.10 won, 2.10 lost
    assert figures.max_drawdown_r == D("1.05")  # from the start to the first loss
    assert (figures.win_rate, figures.tp1_rate) == (D("0.4"), D("0.6"))
    assert (figures.best_r, figures.worst_r) == (D("1.65"), D("-1.05"))
    assert figures.outcomes == {"stopped": 4, "tp3": 1}


def test_nothing_is_said_of_no_signals() -> None:
    figures = summarise([])
    assert (figures.n, figures.net_r, figures.max_drawdown_r) == (0, D(0), D(0))
    assert figures.win_rate is figures.win_rate_95 is figures.profit_factor is figures.expectancy_r is None


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, "0.0000", "0.2775"),
        (5, 10, "0.2366", "0.7634"),
        (10, 10, "0.7225", "1.0000"),
        (42, 100, "0.3280", "0.5179"),
    ],
)
def test_the_interval_is_wilsons(hits: int, n: int, low: str, high: str) -> None:
    assert wilson_interval(hits, n) == (D(low), D(high))


def test_a_days_recap_ends_at_17_new_york_and_a_weeks_with_friday() -> None:
    days = [recap("day", date(2024, 3, day), WEEK).figures.n for day in range(4, 9)]
    assert days == [2, 1, 1, 0, 1]
    week = recap("week", date(2024, 3, 6), WEEK)
    assert (week.figures.n, week.curve[-1][1]) == (5, D("0.00"))
    assert week.start == datetime(2024, 3, 3, 22, tzinfo=UTC)
    assert recap("month", date(2024, 3, 31), WEEK).figures.n == 5
    assert recap("month", date(2024, 2, 29), WEEK).figures.n == 0


def test_on_monday_the_day_before_is_friday() -> None:
    assert day_before(datetime(2024, 3, 11, 6, 30, tzinfo=UTC)) == date(2024, 3, 8)
    assert day_before(datetime(2024, 3, 12, 6, 30, tzinfo=UTC)) == date(2024, 3, 11)


def test_the_briefing_is_made_of_closed_bars() -> None:
    """2024-03-06: the day before reached 2141.81 at 13:30 UTC; nothing of today after 06:15 is known."""
    now = datetime(2024, 3, 6, 6, 20, tzinfo=UTC)
    told = brief(quarters(), now)
    night = quarters().bars_between(datetime(2024, 3, 5, 22, tzinfo=UTC), datetime(2024, 3, 6, 6, 15, tzinfo=UTC))
    before = quarters().bars_between(datetime(2024, 3, 4, 22, tzinfo=UTC), datetime(2024, 3, 5, 22, tzinfo=UTC))
    high, low, close = max(bar.high for bar in before), min(bar.low for bar in before), before[-1].close
    assert (told.asia_high, told.asia_low) == (max(bar.high for bar in night), min(bar.low for bar in night))
    assert (high, told.last_range) == (D("2141.81"), high - low)
    assert told.pivot == ((high + low + close) / 3).quantize(D("0.01"))
    assert told.support < told.pivot < told.resistance
    assert brief(quarters(), datetime(2024, 2, 10, 6, 20, tzinfo=UTC)) is None


NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)


def _event(kind: str, name: str, minute: int = 0) -> Event:
    return Event(kind, name, NOW + timedelta(minutes=minute), D(2000))


def _chosen(
    *events: Event, claimed: set[str] | None = None, ago: int | None = None
) -> tuple[str | None, tuple[str, ...]]:
    told_at = NOW - timedelta(seconds=ago) if ago is not None else None
    answer: Announcement = choose(events, claimed=claimed or set(), last_told_at=told_at, now=NOW)
    return answer.tell.name if answer.tell else None, answer.drop


P40, P70 = _event("milestone", "progress_40"), _event("milestone", "progress_70")
TP1, TP2 = _event("target", "tp1"), _event("target", "tp2")


def test_the_newest_progress_is_told_and_what_it_overtook_is_dropped() -> None:
    assert _chosen(P40) == ("progress_40", ())
    assert _chosen(P40, P70) == ("progress_70", ("progress_40",))
    assert _chosen(P40, P70, TP1) == ("tp1", ("progress_40", "progress_70"))
    assert _chosen(P40, claimed={"progress_40"}) == (None, ())


def test_targets_are_told_in_their_order_and_each_once() -> None:
    assert _chosen(TP1, TP2) == ("tp1", ())
    assert _chosen(TP1, TP2, claimed={"tp1"}) == ("tp2", ())
    end = _event("closed", "tp3")
    assert _chosen(TP1, TP2, _event("target", "tp3"), end, claimed={"tp1", "tp2"}) == ("tp3", ())


def test_messages_are_90_seconds_apart_but_an_end_does_not_wait() -> None:
    assert _chosen(TP1, ago=89)[0] is None
    assert _chosen(TP1, ago=90)[0] == "tp1"
    assert _chosen(_event("closed", "stopped"), ago=1)[0] == "stopped"
    assert _chosen(_event("stop_moved", "entry"), _event("thesis", "holding")) == (None, ())


A, B, C = (Choice(key, key * 3) for key in "abc")


def test_a_switch_waits_for_the_open_signal() -> None:
    slot = wish(Slot(), A, has_open_signal=False)
    assert slot == Slot(active=A)
    assert wish(slot, B, has_open_signal=False) == Slot(active=B)
    waiting = wish(slot, B, has_open_signal=True)
    assert waiting == Slot(active=A, queued=B)
    assert wish(waiting, C, has_open_signal=True) == Slot(active=A, queued=C)
    assert wish(waiting, A, has_open_signal=True) == Slot(active=A)
    assert settle(waiting) == Slot(active=B)
    assert settle(Slot(active=A)) == Slot(active=A)


def test_switching_off_waits_too() -> None:
    waiting = wish(Slot(active=A), None, has_open_signal=True)
    assert waiting.active == A
    assert settle(waiting) == Slot()
    assert wish(Slot(active=A), None, has_open_signal=False) == Slot()
