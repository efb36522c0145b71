"""The sender is stopped before every statement, around every commit and around every call in turn; another one goes on.

Afterwards every message is in the state that its kind's policy allows, and was performed once, or twice only where the
row says that a call's outcome was unknown.
"""

import contextlib
import itertools

import pytest

from promostack.core import ids
from promostack.delivery.models import Kind
from promostack.delivery.sender import Sender
from tests.integration.delivery.conftest import FakeTelegram, photo, text
from tests.integration.killing import Killed, Life, Lives


@pytest.fixture
def lives(monkeypatch) -> Lives:
    return Lives(monkeypatch)


def _work(sender: Sender, bot, way: str, lease: str) -> None:
    """A conversation's answers and a broadcast: a button's answer, two texts, a picture that two chats get."""
    messages = [text(1, method="answerCallbackQuery"), text(1), photo(2), photo(3), text(4, kind=Kind.BROADCAST)]
    if way == "own":
        sender.send_own(bot.put(*messages, lease=lease), lease)
    else:
        bot.put(*messages)
        sender.drain(lease, seconds=10)


@pytest.mark.parametrize("way", ["own", "worker"])
def test_a_kill_at_any_point_ends_in_the_same_state(add_bot, lives, objects, way) -> None:
    for deadline in itertools.count():
        bot, telegram = add_bot(), FakeTelegram()
        telegram.before_call = telegram.after_call = lambda *_: lives.now.pass_point()
        sender = Sender(telegram, objects.__getitem__)
        life = lives.now = Life(deadline)
        with contextlib.suppress(Killed):
            _work(sender, bot, way, ids.opaque_id())
        lives.now = Life()
        bot.forget_limits()
        sender.drain(ids.opaque_id(), seconds=10)
        assert _problems(bot, telegram) == [], f"killed at point {deadline}"
        if not life.is_over:
            break
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
