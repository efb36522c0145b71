"""Delivery's pure rules."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from promostack.delivery.errors import SlotMissed
from promostack.delivery.models import PRIORITY, Kind, Leased
from promostack.delivery.outgoing import Lane, Outgoing
from promostack.delivery.records import backoff_s
from promostack.delivery.slots import LATE_S, Slot

ROW = Leased(1, "t", "b", 7, Kind.BROADCAST, "sendMessage", {}, None, 0)


@given(some.integers(1, 20), some.floats(0, 1, exclude_max=True))
def test_each_try_waits_longer_but_never_longer_than_ten_minutes(attempts: int, chance: float) -> None:
    assert min(600, 3 ** (attempts - 1)) / 2 <= backoff_s(attempts, chance) <= 600


@pytest.mark.parametrize(
    ("kind", "method", "again"),
    [
        (Kind.INTERACTIVE, "sendMessage", True),
        (Kind.JOURNEY, "sendPhoto", True),
        (Kind.SIGNAL, "sendMessage", False),
        (Kind.POST, "sendPhoto", False),
        (Kind.BROADCAST, "sendMessage", False),
        (Kind.BROADCAST, "deleteMessage", True),
        (Kind.POST, "editMessageCaption", True),
    ],
)
def test_what_is_sent_again_when_nobody_knows(kind: Kind, method: str, again: bool) -> None:
    assert replace(ROW, kind=kind, method=method).sends_again is again


def test_people_who_wait_come_first() -> None:
    order = [Kind.INTERACTIVE, Kind.JOURNEY, Kind.SIGNAL, Kind.BROADCAST]
    assert sorted(order, key=PRIORITY.__getitem__) == order


def test_only_the_first_message_of_each_chat_is_ready_and_none_of_one_that_is_being_called() -> None:
    rows = [replace(ROW, id=number, chat_id=chat) for number, chat in enumerate((1, 1, 2, 3))]
    lane = Lane("t", "b", [Outgoing(row) for row in rows])
    lane.items[2].is_open = True
    assert [item.row.id for item in lane.ready(time.monotonic())] == [0, 3]


def test_the_answer_to_a_button_waits_for_nobody() -> None:
    rows = [ROW, replace(ROW, id=2, method="answerCallbackQuery")]
    assert len(Lane("t", "b", [Outgoing(row) for row in rows]).ready(time.monotonic())) == 2


def test_a_slot_can_be_entered_in_its_moment_only() -> None:
    Slot(time.monotonic()).enter()
    with pytest.raises(SlotMissed):
        Slot(time.monotonic() - LATE_S - 0.01).enter()
    withdrawn = Slot(time.monotonic())
    withdrawn.withdraw()
    with pytest.raises(SlotMissed):
        withdrawn.enter()
