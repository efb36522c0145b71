"""The sender is stopped before every statement, around every commit and around every call in turn; another one goes on.

Afterwards every message is in the state that its kind's policy allows, and was performed once, or twice only where the
row says that a call's outcome was unknown.
"""

import pytest

from promostack.core import ids
from promostack.db import trip
from promostack.db.uow import Transaction
from promostack.delivery.models import Kind
from promostack.delivery.sender import Sender
from tests.integration.delivery.conftest import FakeTelegram, photo, text


class Killed(BaseException):
    """SIGKILL: nothing of the sender runs any more."""


class Executioner:
    """Counts the points that it passes and kills at one of them; whatever the dead sender tries then fails, too."""

    def __init__(self) -> None:
        self.deadline, self.passed = -1, 0

    def pass_point(self, *_: object) -> None:
        if 0 <= self.deadline <= self.passed:
            raise Killed
        self.passed += 1


@pytest.fixture
def executioner(monkeypatch) -> Executioner:
    made = Executioner()

    def watched(method):
        def call(self, *arguments, **params):
            made.pass_point()
            return method(self, *arguments, **params)

        return call

    def commit(self) -> None:
        made.pass_point()
        real_commit(self)
        made.pass_point()

    def sent(*arguments) -> list:
        made.pass_point()
        answer = real_sent(*arguments)
        made.pass_point()
        return answer

    for name in ("rows", "value", "run"):
        monkeypatch.setattr(Transaction, name, watched(getattr(Transaction, name)))
    real_sent = trip._sent
    monkeypatch.setattr(trip, "_sent", sent)
    real_commit = Transaction.commit
    monkeypatch.setattr(Transaction, "commit", commit)
    return made


def _work(sender: Sender, bot, way: str, lease: str) -> None:
    """A conversation's answers and a broadcast: a button's answer, two texts, a picture that two chats get."""
    messages = [text(1, method="answerCallbackQuery"), text(1), photo(2), photo(3), text(4, kind=Kind.BROADCAST)]
    if way == "own":
        sender.send_own(bot.put(*messages, lease=lease), lease)
    else:
        bot.put(*messages)
        sender.drain(lease, seconds=10)


@pytest.mark.parametrize("way", ["own", "worker"])
def test_a_kill_at_any_point_ends_in_the_same_state(add_bot, executioner, objects, way) -> None:
    deadline, was_killed = 0, True
    while was_killed:
        bot, telegram = add_bot(), FakeTelegram()
        telegram.before_call = telegram.after_call = executioner.pass_point
        sender = Sender(telegram, objects.__getitem__)
        executioner.deadline, executioner.passed = deadline, 0
        was_killed = False
        try:
            _work(sender, bot, way, ids.opaque_id())
        except Killed:
            was_killed = True
        executioner.deadline = -1
        bot.forget_limits()
        sender.drain(ids.opaque_id(), seconds=10)
        assert _problems(bot, telegram) == [], f"killed at point {deadline}"
        deadline += 1
    assert deadline > 20, "the sender has more points than that"


def _problems(bot, telegram: FakeTelegram) -> list[str]:
    """What is not as it has to be; nothing when the sender died before the enqueueing transaction was over."""
    problems = []
    rows = bot.rows("id, kind, state, ambiguities")
    if len(rows) not in (0, 5):
        problems.append(f"{len(rows)} of 5 messages were stored")
    for row_id, kind, state, ambiguities in rows:
        calls = len(telegram.of(row_id))
        if kind == "broadcast":
            is_right = (state, calls) == ("sent", 1) or (state == "ambiguous" and calls <= 1)
        else:
            is_right = state == "sent" and 1 <= calls <= 1 + ambiguities
        if not is_right:
            problems.append(f"{kind}: {state}, called {calls} times, {ambiguities} unknown")
    return problems
