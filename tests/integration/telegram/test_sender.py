"""The outbox against a Telegram that refuses, slows down and loses answers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from promostack.core import ids
from promostack.core.errors import NotFound, Unavailable
from promostack.db import connection
from promostack.db.uow import unit_of_work
from promostack.delivery.models import Attachment, Kind, Message
from promostack.delivery.outbox import enqueue
from promostack.delivery.sender import Sender
from promostack.integrations import telegram_bot
from promostack.telegram import bots
from promostack.tenants import secrets

PICTURE = Attachment("renders/x.png", "e" * 64, "CODE.png")


@pytest.fixture(autouse=True)
def _nothing_left_for_the_next_test(database):
    yield
    database.query("UPDATE outbox SET state = 'cancelled' WHERE state IN ('waiting', 'leased')")


def text(user: int, key: str, *, kind: Kind = Kind.INTERACTIVE, words: str = "hello") -> Message:
    return Message(user, kind, "sendMessage", {"text": words}, key)


def photo(user: int, key: str) -> Message:
    return Message(user, Kind.INTERACTIVE, "sendPhoto", {"caption": "c"}, key, PICTURE)


def put(bot, lease: str, *messages: Message):
    with unit_of_work(bot.tenant_id) as tx:
        return enqueue(tx, messages, tenant_id=bot.tenant_id, bot_id=bot.id, lease_token=lease)


def rows(database, bot) -> list[tuple]:
    return database.query(
        "SELECT state, attempts, ambiguities, error_code FROM outbox WHERE bot_id = %s ORDER BY id", bot.id
    )


def make_due(database, bot) -> None:
    """Moves time on: waiting rows are due, leases have run out, the gate is open."""
    database.query("UPDATE outbox SET due_at = now(), lease_until = now() - interval '1 s' WHERE bot_id = %s", bot.id)
    database.query("UPDATE bot_limiters SET closed_until = NULL, next_slot_at = now() WHERE bot_id = %s", bot.id)


def test_an_own_message_goes_out_once(database, simulator, bot, user, sender, lease) -> None:
    counts = sender.send_own(put(bot, lease, text(user, "k")), lease)
    assert counts.sent == 1
    assert rows(database, bot) == [("sent", 1, 0, None)]
    assert sender.drain(ids.opaque_id(), seconds=2).sent == 0
    assert len(simulator.calls("sendMessage", bot=bot.username)) == 1


def test_an_answer_after_a_burst_is_not_left_to_the_worker(database, bot, user, sender, lease) -> None:
    burst = sender.send_own(put(bot, lease, *(text(user, str(number)) for number in range(3))), lease)
    answer = sender.send_own(put(bot, lease, *(text(user, str(number)) for number in range(3, 6))), lease)
    assert (burst.sent, answer.sent, answer.retried) == (3, 3, 0)
    assert [row[:3] for row in rows(database, bot)] == [("sent", 1, 0)] * 6


def test_the_same_key_is_one_message(database, bot, user, lease) -> None:
    assert len(put(bot, lease, text(user, "same"))) == 1
    assert put(bot, lease, text(user, "same")) == []
    assert len(rows(database, bot)) == 1


def test_a_picture_is_uploaded_once_and_then_named(simulator, bot, user, sender, store, lease) -> None:
    sender.send_own(put(bot, lease, photo(user, "1"), photo(user, "2")), lease)
    assert store.reads == ["renders/x.png"]
    sent = [each for each in simulator.messages(bot, user) if "photo" in each]
    assert len(sent) == 2
    assert sent[0]["photo"][-1]["file_unique_id"] == sent[1]["photo"][-1]["file_unique_id"]


def test_a_forgotten_file_id_is_uploaded_anew_once(database, simulator, bot, user, sender, store, lease) -> None:
    sender.send_own(put(bot, lease, photo(user, "1")), lease)
    database.query("UPDATE telegram_files SET file_id = 'stale' WHERE bot_id = %s", bot.id)
    sender.send_own(put(bot, lease, photo(user, "2")), lease)
    assert len(store.reads) == 2
    assert [row[0] for row in rows(database, bot)] == ["sent", "sent"]


@pytest.mark.parametrize(
    ("trouble", "state"), [(Unavailable("down"), "waiting"), (NotFound("no such object"), "failed")]
)
def test_a_picture_that_is_gone_fails_and_one_that_cannot_be_had_now_waits(
    database, bot, user, sender, lease, trouble, state
) -> None:
    def refuse(key: str) -> bytes:
        raise trouble

    sender._load_object = refuse
    sender.send_own(put(bot, lease, photo(user, "1")), lease)
    assert rows(database, bot)[0][0] == state


def test_429_closes_the_bot_and_loses_nothing(database, simulator, bot, user, sender, lease) -> None:
    simulator.ask("POST", "/faults", kind="429", method="sendMessage")
    counts = sender.send_own(put(bot, lease, text(user, "1"), text(user, "2")), lease)
    assert (counts.sent, counts.retried) == (0, 2)
    assert [row[0] for row in rows(database, bot)] == ["waiting", "waiting"]
    assert database.query("SELECT closed_until > now() FROM bot_limiters WHERE bot_id = %s", bot.id) == [(True,)]
    simulator.ask("DELETE", "/faults")
    make_due(database, bot)
    simulator.ask("PUT", "/clock", advance_s=10)
    assert sender.drain(ids.opaque_id(), seconds=5).sent == 2


@pytest.mark.parametrize(
    ("kind", "state", "ambiguities"), [(Kind.INTERACTIVE, "waiting", 1), (Kind.BROADCAST, "ambiguous", 0)]
)
def test_a_lost_answer_follows_the_policy_of_its_kind(
    database, simulator, bot, user, sender, lease, kind, state, ambiguities
) -> None:
    simulator.ask("POST", "/faults", kind="lost_answer", method="sendMessage")
    counts = sender.send_own(put(bot, lease, text(user, "1", kind=kind)), lease)
    assert counts.ambiguous == 1
    assert rows(database, bot) == [(state, 1, ambiguities, "outcome_unknown")]


@pytest.mark.parametrize(("kind", "state"), [(Kind.INTERACTIVE, "sent"), (Kind.SIGNAL, "ambiguous")])
def test_a_sender_that_died_while_calling_is_taken_over_by_the_policy(
    database, bot, user, sender, lease, kind, state
) -> None:
    put(bot, lease, text(user, "1", kind=kind))
    database.query("UPDATE outbox SET intent_at = now(), attempts = 1 WHERE bot_id = %s", bot.id)
    make_due(database, bot)
    counts = sender.drain(ids.opaque_id(), seconds=3)
    assert counts.ambiguous == 1
    assert rows(database, bot)[0][0] == state


def test_a_sender_that_lost_its_lease_does_not_send(database, simulator, bot, user, sender, lease) -> None:
    own = put(bot, lease, text(user, "1"))
    make_due(database, bot)
    assert sender.drain(ids.opaque_id(), seconds=3).sent == 1
    assert sender.send_own(own, lease).sent == 0
    assert len(simulator.calls("sendMessage", bot=bot.username)) == 1


def test_a_sender_whose_row_another_one_holds_does_not_send(database, simulator, bot, user, sender, lease) -> None:
    own = put(bot, lease, text(user, "1"))
    database.query("UPDATE outbox SET lease_token = 'another' WHERE bot_id = %s", bot.id)
    assert sender.send_own(own, lease).sent == 0
    assert simulator.calls("sendMessage", bot=bot.username) == []
    assert rows(database, bot) == [("leased", 0, 0, None)]


def test_a_blocked_recipient_gets_nothing_more(database, simulator, bot, user, sender, lease) -> None:
    simulator.ask("POST", "/block", bot=bot.username, user=user)
    own = put(bot, lease, text(user, "1"), text(user, "2"))
    database.query("UPDATE outbox SET state = 'waiting', lease_token = NULL WHERE id = %s", own[1].id)
    sender.send_own(own[:1], lease)
    assert [(row[0], row[3]) for row in rows(database, bot)] == [
        ("failed", "recipient_gone"),
        ("cancelled", "recipient_gone"),
    ]


def test_a_revoked_token_pauses_the_bot_and_its_messages_wait(database, simulator, bot, user, sender, lease) -> None:
    simulator.ask("POST", "/bots/revoke", bot=bot.username)
    sender.send_own(put(bot, lease, text(user, "1"), text(user, "2")), lease)
    assert database.query("SELECT state, paused_reason IS NOT NULL FROM bots WHERE id = %s", bot.id) == [
        ("paused", True)
    ]
    assert [row[0] for row in rows(database, bot)] == ["waiting", "waiting"]
    make_due(database, bot)
    assert sender.drain(ids.opaque_id(), seconds=2).retried == 0
    assert [row[0] for row in rows(database, bot)] == ["waiting", "waiting"]


class Stale(telegram_bot.TelegramMessenger):
    """Has just read the token that the bot had then."""

    def __init__(self, bot) -> None:
        super().__init__(bots.token_of)
        self._read = bots.token_of(bot.tenant_id, bot.id)

    def _token(self, message) -> tuple[str, bool]:
        return self._read, True


def test_a_call_with_the_old_token_does_not_pause_a_bot_that_has_a_new_one(
    database, simulator, bot, user, sender, store, lease
) -> None:
    stale = Sender(Stale(bot), store.load)
    token = simulator.ask("POST", "/bots/token", bot=bot.username)["token"]
    bots.connect(bot.tenant_id, token, webhook_base="http://127.0.0.1:9", call=telegram_bot.call)
    assert stale.send_own(put(bot, lease, text(user, "1")), lease).sent == 0
    assert rows(database, bot)[0][3] == "token_revoked"
    assert database.query("SELECT state FROM bots WHERE id = %s", bot.id) == [("active",)]
    make_due(database, bot)
    assert sender.drain(ids.opaque_id(), seconds=2).sent == 1


def test_a_pause_waits_for_whoever_is_giving_the_bot_a_token(database, simulator, bot, user, store, lease) -> None:
    stale = Sender(Stale(bot), store.load)
    leased = put(bot, lease, text(user, "1"))
    token = simulator.ask("POST", "/bots/token", bot=bot.username)["token"]
    with ThreadPoolExecutor(1) as pool:
        with unit_of_work(bot.tenant_id) as tx:
            tx.rows("SELECT id FROM bots WHERE id = %(id)s FOR NO KEY UPDATE", id=bot.id)
            secrets.put(tx, bot.tenant_id, secrets.BOT_TOKEN, bot.id, token)
            sending = pool.submit(stale.send_own, leased, lease)
            deadline = time.monotonic() + 60
            while not database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
                assert time.monotonic() < deadline, "nobody waits for the bot"
        sending.result()
        pool.submit(connection.discard).result()
    assert rows(database, bot)[0][3] == "token_revoked"
    assert database.query("SELECT state FROM bots WHERE id = %s", bot.id) == [("active",)]


def test_a_token_that_cannot_be_read_pauses_its_bot_only(database, simulator, bot, user, sender, lease) -> None:
    put(bot, lease, text(user, "1"))
    database.query("UPDATE secrets SET ciphertext = 'v2.gone.AAAA' WHERE subject = %s", bot.id)
    make_due(database, bot)
    sender.drain(ids.opaque_id(), seconds=2)
    assert database.query("SELECT state FROM bots WHERE id = %s", bot.id) == [("paused",)]
    assert [row[0] for row in rows(database, bot)] == ["waiting"]


def test_a_gate_that_another_sender_closed_stops_the_rest_of_the_batch(
    database, simulator, bot, user, sender, store, lease
) -> None:
    def close_gate_then_load(key: str) -> bytes:
        database.query("UPDATE bot_limiters SET closed_until = now() + interval '9 s' WHERE bot_id = %s", bot.id)
        return store.load(key)

    sender._load_object = close_gate_then_load
    sender.send_own(put(bot, lease, text(user, "1"), photo(user, "2"), text(user, "3")), lease)
    assert [row[0] for row in rows(database, bot)] == ["sent", "waiting", "waiting"]
    assert len(simulator.calls("sendPhoto", bot=bot.username)) == 0


def test_a_backlog_behind_a_closed_gate_does_not_push_the_slots_away(database, bot, user, sender, lease) -> None:
    database.query(
        "INSERT INTO bot_limiters (tenant_id, bot_id, closed_until) VALUES (%s, %s, now() + interval '30 s')",
        bot.tenant_id,
        bot.id,
    )
    for number in range(20):
        sender.send_own(put(bot, lease, text(user, str(number))), lease)
    (far,) = database.query("SELECT next_slot_at > now() FROM bot_limiters WHERE bot_id = %s", bot.id)
    assert far == (False,)


def test_a_sender_hands_back_what_it_has_no_time_for(database, bot, user, sender, lease) -> None:
    put(bot, lease, text(user, "1"), text(user, "2"))
    make_due(database, bot)
    assert sender.drain(ids.opaque_id(), seconds=0).sent == 0
    assert {row[0] for row in rows(database, bot)} <= {"waiting", "leased"}


def test_a_row_that_kills_its_sender_again_and_again_is_given_up(database, bot, user, sender, lease) -> None:
    put(bot, lease, text(user, "1"))
    database.query("UPDATE outbox SET intent_at = now(), attempts = 8 WHERE bot_id = %s", bot.id)
    make_due(database, bot)
    sender.drain(ids.opaque_id(), seconds=2)
    assert rows(database, bot)[0][0] == "ambiguous"


def test_what_telegram_refuses_is_a_dead_letter_with_its_reason(database, bot, user, sender, lease) -> None:
    edit = Message(user, Kind.INTERACTIVE, "editMessageText", {"message_id": 9_999, "text": "x"}, "1")
    sender.send_own(put(bot, lease, edit), lease)
    (row,) = database.query("SELECT state, error_code, error_text FROM outbox WHERE bot_id = %s", bot.id)
    assert row == ("failed", "rejected", "Message to edit not found")


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": "x" * 4097}, "too long"),
        ({"text": "<b>" + "😀" * 2049 + "</b>", "parse_mode": "HTML"}, "4098 characters"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "never closed"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "x" * 65}]]}}, "65 bytes"),
    ],
    ids=["4097", "emoji", "html", "button"],
)
def test_what_telegram_would_refuse_never_reaches_it(
    database, simulator, bot, user, sender, lease, params: dict, reason: str
) -> None:
    sender.send_own(put(bot, lease, Message(user, Kind.INTERACTIVE, "sendMessage", params, "bad")), lease)
    query = "SELECT state, error_code, error_text FROM outbox WHERE bot_id = %s AND state = 'failed'"
    (row,) = database.query(query, bot.id)
    assert row[:2] == ("failed", "rejected")
    assert reason in row[2]
    assert simulator.calls("sendMessage", bot=bot.username) == []
