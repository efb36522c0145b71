"""A suspended tenant's bots answer nothing and lose nothing: what comes in is kept, what would go out waits."""

from datetime import timedelta

import pytest

from promostack.db.uow import unit_of_work
from promostack.delivery.models import Kind, Message
from promostack.delivery.outbox import enqueue
from promostack.telegram import bots, held, updates
from promostack.telegram.inbox import Inbox
from promostack.telegram.updates import UpdateHandler
from promostack.tenants import oversight
from promostack.tenants.audit import Actor

PLATFORM = Actor("admin:platform@promostack.example")


class Desk:
    """Whatever is asked of the rest of the house is answered with nothing: /help needs none of it."""

    def __getattr__(self, name: str) -> object:
        return lambda *_, **__: {}


@pytest.fixture
def handler(sender) -> Inbox:
    return Inbox(lambda: UpdateHandler(lambda bot, incoming: Desk(), sender))


@pytest.fixture
def receive(bot, user, handler):
    """Hands in /help, as the update of that number."""
    secret = bots.webhook_of(bot.tenant_id, bot.id)[1]
    person = {"id": user, "is_bot": False, "first_name": "Ada"}
    chat = {"id": user, "type": "private"}

    def hand_in(number: int) -> str:
        text = {"message_id": 5, "from": person, "chat": chat, "date": 1, "text": "/help"}
        return handler.receive(bot.public_id, secret, {"update_id": number, "message": text}, number)

    return hand_in


def suspend(bot) -> None:
    oversight.suspend(bot.tenant_id, reason="A reason", actor=PLATFORM)


def resume(bot) -> None:
    oversight.resume(bot.tenant_id, actor=PLATFORM)


def state_of(database, bot) -> str:
    return database.query("SELECT state FROM bots WHERE id = %s", bot.id)[0][0]


def stale(bot) -> list[int]:
    return sorted(number for _, bot_id, number in updates.find_stale(100) if bot_id == bot.id)


def sent(simulator, bot) -> int:
    return len(simulator.calls("sendMessage", bot=bot.username))


def put_into_outbox(bot, user: int, *keys: str, lease_token: str | None = None) -> list:
    messages = [Message(user, Kind.INTERACTIVE, "sendMessage", {"text": key}, f"{bot.id}:{key}") for key in keys]
    with unit_of_work(bot.tenant_id) as tx:
        return enqueue(tx, messages, tenant_id=bot.tenant_id, bot_id=bot.id, lease_token=lease_token)


def test_updates_are_kept_unanswered_and_answered_when_the_tenant_is_back(simulator, bot, receive) -> None:
    assert receive(1) == "done"
    before = sent(simulator, bot)
    suspend(bot)
    assert [receive(2), receive(2), receive(3)] == ["held"] * 3
    assert sent(simulator, bot) == before
    assert stale(bot) == [], "the tick hands nothing in"
    resume(bot)
    assert stale(bot) == [2], "a person's updates come up one after the other"
    assert receive(2) == "done"
    assert stale(bot) == [3]
    assert [receive(3), receive(2)] == ["done", "duplicate"]
    assert sent(simulator, bot) == before + 2
    assert stale(bot) == []


def test_what_waited_for_longer_than_a_day_is_not_answered_any_more(database, simulator, bot, receive) -> None:
    suspend(bot)
    receive(1)
    database.query(
        "UPDATE telegram_updates SET received_at = now() - %s WHERE bot_id = %s",
        timedelta(seconds=held.FRESH_S + 1),
        bot.id,
    )
    resume(bot)
    assert receive(1) == "ignored"
    assert sent(simulator, bot) == 0
    assert database.query("SELECT state, last_error FROM telegram_updates WHERE bot_id = %s", bot.id) == [
        ("ignored", "too_old")
    ]


def test_a_days_questions_come_up_a_few_at_a_time_and_older_ones_not_at_all(database, bot, receive) -> None:
    suspend(bot)
    numbers = list(range(1, 2 * held.A_MINUTE + 6))
    assert {receive(number) for number in numbers} == {"held"}
    database.query(
        "UPDATE telegram_updates SET received_at = now() - %s WHERE bot_id = %s AND update_id <= 5",
        timedelta(seconds=held.FRESH_S + 1),
        bot.id,
    )
    resume(bot)
    assert held.release(bot.tenant_id) == (5, 2 * held.A_MINUTE)
    up = "SELECT update_id FROM telegram_updates WHERE bot_id = %s AND state = 'waiting' AND lease_until <= now()"
    assert sorted(database.query(up, bot.id)) == [(number,) for number in numbers[5 : 5 + held.A_MINUTE]]
    assert stale(bot) == [6]
    waits = database.query(
        "SELECT count(*) FROM telegram_updates WHERE bot_id = %s AND state = 'waiting'"
        " AND lease_until BETWEEN now() + interval '50 s' AND now() + interval '61 s'",
        bot.id,
    )
    assert waits == [(held.A_MINUTE,)]
    assert receive(1) == "duplicate"


def test_what_came_in_out_of_order_comes_up_in_telegrams_order(database, bot, receive) -> None:
    suspend(bot)
    numbers = list(range(1, held.A_MINUTE + 3))
    for number in reversed(numbers):
        receive(number)
    database.query("UPDATE telegram_updates SET payload = '{}' WHERE bot_id = %s AND update_id > 2", bot.id)
    resume(bot)
    held.release(bot.tenant_id)
    assert stale(bot) == [1, *range(3, held.A_MINUTE + 1)], "2 is of the same chat as 1"


def test_an_update_that_is_being_handled_keeps_the_chats_next_one_back(database, bot, receive) -> None:
    suspend(bot)
    assert [receive(1), receive(2)] == ["held"] * 2
    resume(bot)
    leased = (
        "UPDATE telegram_updates SET state = 'leased', lease_until = now() + %s WHERE bot_id = %s AND update_id = 1"
    )
    database.query(leased, timedelta(seconds=30), bot.id)
    assert stale(bot) == []


def test_waiting_messages_are_held_and_go_out_when_the_tenant_is_back(
    database, simulator, bot, user, sender, lease
) -> None:
    put_into_outbox(bot, user, "one", "two")
    suspend(bot)
    assert sender.drain(lease, seconds=5).sent == 0
    assert database.query("SELECT DISTINCT state FROM outbox WHERE bot_id = %s", bot.id) == [("waiting",)]
    resume(bot)
    assert sender.drain(lease, seconds=5).sent == 2
    assert sent(simulator, bot) == 2


def test_a_sender_that_holds_messages_already_sends_none_of_them(database, simulator, bot, user, sender, lease) -> None:
    """Suspended after the rows were leased and before they were called: none goes out, none is lost or doubled."""
    rows = put_into_outbox(bot, user, "one", "two", lease_token=lease)
    suspend(bot)
    assert sender.send_own(rows, lease).sent == 0
    assert sent(simulator, bot) == 0
    database.query(
        "UPDATE outbox SET lease_until = now() - interval '1 s' WHERE bot_id = %s AND state = 'leased'", bot.id
    )
    resume(bot)
    assert sender.drain(f"{lease}-again", seconds=5).sent == 2
    assert database.query("SELECT state, ambiguities FROM outbox WHERE bot_id = %s", bot.id) == [("sent", 0)] * 2


def test_connecting_a_bot_again_does_not_bring_it_back(database, bot) -> None:
    suspend(bot)
    with unit_of_work(bot.tenant_id) as tx:
        activate = "UPDATE bots SET state = 'active' WHERE tenant_id = %(tenant_id)s AND id = %(id)s"
        tx.run(activate, tenant_id=bot.tenant_id, id=bot.id)
    assert state_of(database, bot) == "suspended"
    resume(bot)
    assert state_of(database, bot) == "active"


def test_a_bot_that_was_stopped_for_its_own_reason_stays_stopped(database, bot) -> None:
    database.query("UPDATE bots SET state = 'paused', paused_reason = 'revoked' WHERE id = %s", bot.id)
    suspend(bot)
    assert state_of(database, bot) == "paused"
    resume(bot)
    assert state_of(database, bot) == "paused"


def test_another_tenants_bot_goes_on(database, bot, tenant_id: str) -> None:
    other = database.add_tenant()
    oversight.suspend(other, reason="Not this one", actor=PLATFORM)
    assert state_of(database, bot) == "active"
    assert bot.tenant_id == tenant_id
