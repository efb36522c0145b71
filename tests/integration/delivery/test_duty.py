"""Who sends when: few senders on duty, one successor for what is left, none for nothing."""

import threading

import pytest

from promostack.app import schedule, worker
from promostack.delivery import shifts
from promostack.delivery.models import Kind
from promostack.delivery.sender import Sender
from tests.integration.delivery.conftest import in_parallel, text


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """The functions that were started."""
    names: list[str] = []
    for module in (worker, schedule):
        monkeypatch.setattr(module, "start_function", lambda name, event: names.append(name))
    return names


@pytest.fixture(autouse=True)
def _nobody_on_duty(database) -> None:
    database.query("UPDATE sender_shifts SET holder = NULL, held_until = '-infinity'")


def hold_shifts(database, count: int) -> None:
    database.query(
        "UPDATE sender_shifts SET holder = 'h', held_until = now() + interval '20 s' WHERE number <= %s", count
    )


def test_a_sender_that_finds_enough_on_duty_ends_at_once(bot, sender, database, started) -> None:
    bot.put(text(1))
    hold_shifts(database, schedule.MOST_SENDERS)
    assert worker.deliver(sender, 5.0) == {"on_duty": False}
    assert bot.rows() == ["waiting"]
    assert started == []


def test_a_sender_that_is_done_ends_its_shift_and_asks_for_nobody(bot, sender, started) -> None:
    bot.put(text(1))
    assert worker.deliver(sender, 5.0)["sent"] == 1
    assert shifts.count_on_duty() == 0
    assert started == []


def test_what_is_left_at_the_end_of_the_time_asks_for_one_successor(bot, sender, started) -> None:
    bot.put(*(text(chat, kind=Kind.BROADCAST) for chat in range(300)))
    assert worker.deliver(sender, 0.3)["successors"] == 1
    assert started == ["work/deliver"]
    assert shifts.count_on_duty() == 0


def test_many_senders_started_at_once_leave_few_and_one_successor_each(bot, sender, database, started) -> None:
    """Twelve are started by mistake; the ones on duty ask for as many successors as there were of them."""
    bot.put(*(text(chat, kind=Kind.BROADCAST) for chat in range(200)))
    results, all_there = [], threading.Barrier(12)

    def deliver() -> None:
        all_there.wait(60)
        results.append(worker.deliver(sender, 1.0))

    in_parallel([deliver] * 12)
    on_duty = [result for result in results if result["on_duty"]]
    assert 1 <= len(on_duty) <= schedule.MOST_SENDERS
    assert len(started) == len(on_duty)
    assert shifts.count_on_duty() == 0


def test_a_killed_sender_is_replaced_when_its_shift_has_run_out(bot, sender, database, started) -> None:
    bot.put(text(1))
    hold_shifts(database, schedule.MOST_SENDERS)
    assert schedule.start_senders_if_due() == 0
    database.query("UPDATE sender_shifts SET held_until = now() - interval '1 s'")
    assert schedule.start_senders_if_due() == 1
    assert worker.deliver(sender, 5.0)["sent"] == 1


def test_a_sender_whose_shift_went_to_another_one_stops_without_a_successor(bot, sender, database, started) -> None:
    bot.put(*(text(chat, kind=Kind.BROADCAST) for chat in range(60)))
    with shifts.Shift("mine") as shift:
        database.query("UPDATE sender_shifts SET holder = 'other' WHERE holder = 'mine'")
        shift._renewed_at = 0.0
        assert not shift.keep()
        assert sender.drain("lease", seconds=5, keep_on=shift.keep).sent == 0


@pytest.mark.parametrize(
    ("bots", "on_duty", "expected"), [(0, 0, 0), (1, 0, 1), (1, 1, 0), (5, 0, 2), (5, 1, 1), (40, 0, 4)]
)
def test_the_tick_starts_as_many_senders_as_there_is_work_for(
    add_bot, database, started, bots, on_duty, expected
) -> None:
    hold_shifts(database, on_duty)
    for _ in range(bots):
        add_bot().put(text(1))
    assert schedule.start_senders_if_due() == expected
    assert started == ["work/deliver"] * expected


def test_a_database_that_goes_away_for_a_moment_costs_no_outcome(bot, telegram, objects, database) -> None:
    """The server ends the sender's session while Telegram performs the call; the outcome is written all the same."""

    def end_sessions() -> None:
        database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'promostack_app'"
        )

    telegram.after_call = end_sessions
    bot.put(text(1), text(2, kind=Kind.BROADCAST))
    Sender(telegram, objects.__getitem__).drain("lease", seconds=10)
    assert bot.rows("state, ambiguities") == [("sent", 0)] * 2
    assert len(telegram.calls) == 2
