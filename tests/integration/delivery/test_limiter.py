"""The limits in Postgres: slots of a bot, of a chat and of a group, turns, the gate."""

import itertools
import math
import time
from dataclasses import replace

import pytest

from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import limiter
from promostack.delivery.database_clock import DatabaseClock
from promostack.delivery.models import Kind, Leased
from tests.integration.delivery.conftest import in_parallel, most_in_any_second


def call(bot, chat: int, kind: Kind = Kind.BROADCAST, method: str = "sendMessage") -> Leased:
    return Leased(0, bot.tenant_id, bot.id, chat, kind, method, {}, None, 0)


def reserve(rows: list[Leased], **options: float) -> limiter.Reservation:
    with unit_of_work(rows[0].tenant_id) as tx:
        return limiter.reserve(tx, rows, **options)


def take(rows: list[Leased]) -> list[tuple[float, float]]:
    """The slots taken for these rows: the monotonic moments when each may be entered, from and until."""
    made = reserve(rows, horizon_s=60)
    begins = [made.counted_from + wait_s for is_taken, wait_s in made.slots if is_taken]
    return [(begin, begin + made.late_s) for begin in begins]


def entered(spans: list[tuple[float, float]]) -> list[float]:
    """Each slot that may be entered at all, at its first moment."""
    return [begin for begin, end in spans if begin <= end]


class Process:
    """A sender's process that knows nothing of the database's clock yet, and reads its first answers 100 ms late."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, late: float) -> None:
        self.left, self.questions = late, 0
        real_rows, real_value = Transaction.rows, Transaction.value

        def rows(tx: Transaction, query: str, **params: object) -> list:
            return self._read(real_rows(tx, query, **params))

        def value(tx: Transaction, query: str, **params: object) -> object:
            self.questions += 1
            return self._read(real_value(tx, query, **params))

        monkeypatch.setattr(limiter, "_clock", DatabaseClock())
        monkeypatch.setattr(Transaction, "rows", rows)
        monkeypatch.setattr(Transaction, "value", value)

    def _read(self, answer: object) -> object:
        if self.left > 0:
            self.left -= 1
            time.sleep(0.1)  # others have the processor
        return answer


def test_no_second_holds_more_than_thirty_slots_whoever_takes_them(bot) -> None:
    slots: list[tuple[float, float]] = []

    def take_many(first: int) -> None:
        for batch in range(3):
            slots.extend(take([call(bot, 1000 * first + 10 * batch + number) for number in range(limiter.BATCH)]))

    in_parallel([lambda first=first: take_many(first) for first in range(8)])
    assert len(slots) == 8 * 3 * limiter.BATCH
    assert most_in_any_second(entered(slots)) <= 30


@pytest.mark.parametrize(("late", "questions"), [(3, 3), (math.inf, limiter.QUESTIONS_AT_MOST)])
def test_a_process_that_reads_answers_late_does_not_crowd_the_slots_of_others(bot, late, questions) -> None:
    """It asks until it knows the database's clock; as long as it does not, its slots pass unused."""
    with pytest.MonkeyPatch.context() as patch:
        starved = Process(patch, late=late)
        early = take([call(bot, number) for number in range(limiter.BATCH)])
    others = [slot for first in range(10, 60, 10) for slot in take([call(bot, first + each) for each in range(8)])]
    worst = [end for begin, end in early if begin <= end]  # as late as it may, and all others on time
    assert most_in_any_second(worst + entered(others)) <= 30
    assert starved.questions >= questions
    assert (len(early), len(worst) <= (0 if late is math.inf else 8)) == (limiter.BATCH, True)


def test_a_batch_is_one_statement_and_its_slots_are_evenly_spaced(bot) -> None:
    made = reserve([call(bot, chat) for chat in range(limiter.BATCH)])
    waits = [wait_s for _, wait_s in made.slots]
    assert waits[0] == 0
    assert [round(later - earlier, 4) for earlier, later in itertools.pairwise(waits)] == [limiter.SPACING_S] * (
        limiter.BATCH - 1
    )


@pytest.mark.parametrize(("kind", "at_once"), [(Kind.BROADCAST, 1), (Kind.JOURNEY, 1), (Kind.INTERACTIVE, 3)])
def test_a_chat_gets_one_message_a_second_and_an_answer_may_be_three(bot, kind, at_once) -> None:
    began = time.monotonic()
    taken = [reserve([call(bot, 7, kind)], horizon_s=60).slots[0] for _ in range(at_once + 1)]
    took_s = time.monotonic() - began
    assert [is_taken for is_taken, _ in taken] == [True] * at_once + [False]
    assert limiter.CHAT_SPACING_S - took_s - 0.1 < taken[-1][1] <= limiter.CHAT_SPACING_S


def test_calls_that_are_no_messages_do_not_wait_for_their_chat(bot) -> None:
    rows = [call(bot, 7, method=method) for method in ("sendMessage", "sendChatAction", "answerCallbackQuery")]
    for row in (*rows, replace(rows[0], method="editMessageText")):
        assert reserve([row], horizon_s=60).slots[0][0]


def test_a_group_gets_twenty_messages_a_minute(bot) -> None:
    group = -100_123
    for _ in range(limiter.GROUP_MOST):
        assert reserve([call(bot, group)], horizon_s=60).slots[0][0]
        bot.database.query("UPDATE chat_limiters SET next_at = now() - interval '1 s' WHERE chat_id = %s", group)
    ((is_taken, wait_s),) = reserve([call(bot, group)], horizon_s=60).slots
    assert not is_taken
    assert 55 < wait_s <= limiter.GROUP_WINDOW_S
    bot.database.query("UPDATE chat_limiters SET recent[1] = now() - interval '62 s' WHERE chat_id = %s", group)
    assert reserve([call(bot, group)], horizon_s=60).slots[0][0]
    assert bot.database.query("SELECT cardinality(recent) FROM chat_limiters WHERE chat_id = %s", group) == [(20,)]


def test_who_finds_the_slots_taken_is_given_turns_one_after_the_other(bot) -> None:
    for start in range(0, 32, limiter.BATCH):
        take([call(bot, start + number) for number in range(limiter.BATCH)])
    batch = [call(bot, 100 + number) for number in range(limiter.BATCH)]
    made = [reserve(batch) for _ in range(3)]
    assert None not in [each.busy_s for each in made]
    turns = [each.counted_from + each.busy_s for each in made]
    gaps = [later - earlier for earlier, later in itertools.pairwise(turns)]
    assert all(0.2 < gap < limiter.BATCH * limiter.SPACING_S + 0.01 for gap in gaps)


def test_an_answer_gets_its_slot_while_a_broadcast_waits_for_its_turn(bot) -> None:
    for start in range(0, 16, limiter.BATCH):
        take([call(bot, start + number) for number in range(limiter.BATCH)])
    assert reserve([call(bot, 50)]).busy_s is not None
    ((is_taken, wait_s),) = reserve([call(bot, 51, Kind.INTERACTIVE)]).slots
    assert is_taken
    assert wait_s <= 16 * limiter.SPACING_S


def test_a_closed_gate_gives_nobody_a_slot(bot) -> None:
    with unit_of_work(bot.tenant_id) as tx:
        limiter.close_gate(tx, bot.tenant_id, bot.id, 30)
        limiter.close_gate(tx, bot.tenant_id, bot.id, 1)
    made = reserve([call(bot, 1, Kind.INTERACTIVE)])
    assert made.slots == ()
    assert 20 < made.busy_s <= 30
