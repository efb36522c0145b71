"""Several senders at once: fences, lost leases, and limits that they keep together."""

import threading

import pytest

from promostack.core import ids
from promostack.delivery import claims
from promostack.delivery.errors import NotSent, OutcomeUnknown, SendFailed, SlowDown
from promostack.delivery.models import Counts, Kind
from promostack.delivery.sender import Sender
from tests.integration.delivery.conftest import FakeTelegram, in_parallel, most_in_any_second, text

MESSAGES = 200
SENDERS = 8


def test_200_messages_go_out_once_from_eight_senders(add_bot, sender, telegram) -> None:
    bots = [add_bot() for _ in range(20)]
    rows = [row.id for bot in bots for row in bot.put(*(text(chat) for chat in range(MESSAGES // len(bots))))]
    in_parallel([lambda: sender.drain(ids.opaque_id(), seconds=20)] * SENDERS)
    assert sorted(call.row.id for call in telegram.calls) == sorted(rows)
    assert {state for bot in bots for state in bot.rows()} == {"sent"}


def test_200_rows_of_dead_senders_are_taken_over_by_the_policy_of_their_kind(add_bot, sender, telegram) -> None:
    bots = [add_bot() for _ in range(20)]
    kinds = [Kind.INTERACTIVE, Kind.JOURNEY, Kind.SIGNAL, Kind.BROADCAST, Kind.POST] * 2
    for bot in bots:
        own = bot.put(*(text(chat, kind=kind) for chat, kind in enumerate(kinds)), lease="dead")
        called = [row.id for row in own[:5]]
        bot.database.query("UPDATE outbox SET intent_at = now(), attempts = 1 WHERE id = ANY(%s)", called)
        bot.forget_limits()
    in_parallel([lambda: sender.drain(ids.opaque_id(), seconds=20)] * SENDERS)
    again, lost, fresh = ("sent", 2, 1), ("ambiguous", 1, 0), ("sent", 1, 0)
    for bot in bots:
        assert bot.rows("state, attempts, ambiguities") == [again, again, lost, lost, lost, *[fresh] * 5]
    assert len(telegram.calls) == 20 * 7


def test_200_rows_that_another_sender_has_taken_over_are_not_called_by_the_first(add_bot, sender, telegram) -> None:
    """The first sender comes to its rows late, in several threads, while the second one holds them."""
    bots = [add_bot() for _ in range(8)]
    owned = [bot.put(*(text(chat) for chat in range(MESSAGES // len(bots))), lease="late") for bot in bots]
    for bot in bots:
        bot.forget_limits()
        held = claims.claim(bot.tenant_id, bot.id, lease_token="next", most=MESSAGES, counts=Counts())
        assert len(held) == MESSAGES // len(bots)
    in_parallel([lambda own=own: sender.send_own(own, "late") for own in owned])
    assert telegram.calls == []
    assert {row for bot in bots for row in bot.rows("state, lease_token")} == {("leased", "next")}


@pytest.mark.parametrize("ending", [None, SendFailed("no"), NotSent("no"), OutcomeUnknown("no"), SlowDown("no")])
def test_a_late_outcome_does_not_touch_a_row_that_another_sender_holds(bot, telegram, ending) -> None:
    """The first sender hangs in its call until its lease is over and another one holds the row."""
    called, go_on = threading.Event(), threading.Event()
    slow = FakeTelegram(before_call=lambda: (called.set(), go_on.wait(60)))
    slow.troubles[1] = [ending]
    own = bot.put(text(1), lease="slow")
    stuck = threading.Thread(target=lambda: in_parallel([lambda: Sender(slow, lambda key: b"").send_own(own, "slow")]))
    stuck.start()
    assert called.wait(60)
    bot.forget_limits()
    claims.claim(bot.tenant_id, bot.id, lease_token="next", most=5, counts=Counts())
    held = bot.rows("state, lease_token, attempts, ambiguities, message_id, error_code")
    go_on.set()
    stuck.join()
    assert bot.rows("state, lease_token, attempts, ambiguities, message_id, error_code") == held
    assert held[0][:2] == ("leased", "next")


def test_two_senders_together_stay_within_the_bots_limit(bot, sender, telegram) -> None:
    bot.put(*(text(chat, kind=Kind.BROADCAST) for chat in range(70)))
    in_parallel([lambda: sender.drain(ids.opaque_id(), seconds=20)] * 2)
    assert bot.rows() == ["sent"] * 70
    assert most_in_any_second([call.at for call in telegram.calls]) <= 30


def test_messages_of_one_chat_keep_their_order_when_two_senders_look(bot, sender, telegram) -> None:
    rows = bot.put(*(text(chat) for chat in (1, 2, 1, 2)))
    in_parallel([lambda: sender.drain(ids.opaque_id(), seconds=20)] * 4)
    for chat in (1, 2):
        assert [call.row.id for call in telegram.calls if call.row.chat_id == chat] == [
            row.id for row in rows if row.chat_id == chat
        ]
