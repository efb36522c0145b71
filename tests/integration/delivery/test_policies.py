"""What becomes of a message: retries, dead letters, cancelling, restoring, pictures, order and fairness."""

from datetime import UTC, datetime, timedelta

import pytest

from promostack.core import ids
from promostack.core.errors import Unavailable
from promostack.db.uow import unit_of_work
from promostack.delivery import errors, outbox
from promostack.delivery.models import Kind
from promostack.delivery.records import MAX_ATTEMPTS
from promostack.delivery.sender import bots_with_messages
from tests.integration.delivery.conftest import photo, text


def test_messages_stand_and_fall_with_the_callers_transaction(bot) -> None:
    def fail_after_enqueueing() -> None:
        with unit_of_work(bot.tenant_id) as tx:
            outbox.enqueue(tx, [text(1)], tenant_id=bot.tenant_id, bot_id=bot.id)
            raise RuntimeError("the fact did not happen")

    with pytest.raises(RuntimeError):
        fail_after_enqueueing()
    assert bot.rows() == []


def test_many_messages_are_stored_in_order_and_each_key_once(bot) -> None:
    messages = [text(chat, key=f"{bot.id}-{chat % 5}") for chat in range(10)]
    assert [row.chat_id for row in bot.put(*messages)] == [0, 1, 2, 3, 4]
    assert bot.put(*messages) == []


def test_a_message_waits_for_its_time_and_then_goes_within_seconds(bot, drain, telegram) -> None:
    due_at = datetime.now(UTC) + timedelta(seconds=1.5)
    bot.put(text(1, due_at=due_at))
    assert drain().sent == 0
    assert drain(10.0, linger_s=60, keep_on=lambda: not telegram.calls).sent == 1
    assert datetime.now(UTC) < due_at + timedelta(seconds=4)


def test_trouble_on_the_way_is_tried_again_later_and_given_up_in_the_end(bot, drain, telegram) -> None:
    telegram.troubles[1] = [errors.NotSent("no connection")] * MAX_ATTEMPTS
    bot.put(text(1))
    for attempt in range(1, MAX_ATTEMPTS):
        drain()
        ((state, attempts, is_later),) = bot.rows("state, attempts, due_at > now()")
        assert (state, attempts, is_later) == ("waiting", attempt, True)
        bot.database.query("UPDATE outbox SET due_at = now() WHERE bot_id = %s", bot.id)
        bot.forget_limits()
    assert drain().failed == 1
    ((state, reason),) = bot.rows("state, error_text")
    assert state == "failed"
    assert "no connection" in reason


def test_a_dead_letter_is_sent_again_by_request(bot, drain, telegram) -> None:
    telegram.troubles[1] = [errors.SendFailed("Bad Request: chat is odd")]
    telegram.troubles[2] = [errors.OutcomeUnknown("no answer")]
    rows = bot.put(text(1), text(2, kind=Kind.BROADCAST), text(3))
    drain()
    assert bot.rows() == ["failed", "ambiguous", "sent"]
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.requeue(tx, bot.tenant_id, ids=[row.id for row in rows]) == 2
    bot.forget_limits()
    drain()
    assert bot.rows("state, error_code") == [("sent", None)] * 3


def test_a_lost_answer_to_an_edit_is_harmless_and_repeated(bot, drain, telegram) -> None:
    telegram.troubles[1] = [errors.OutcomeUnknown("no answer")]
    bot.put(text(1, kind=Kind.BROADCAST, method="editMessageText"))
    drain()
    assert bot.rows("state, ambiguities") == [("waiting", 1)]


def test_a_429_closes_the_bot_and_is_no_try_of_the_row(bot, drain, telegram) -> None:
    telegram.troubles[1] = [errors.SlowDown("slow", retry_after_s=30)]
    bot.put(text(1), text(2), text(3))
    drain()
    assert set(bot.rows("state, attempts, due_at > now() + interval '20 s'")) <= {
        ("waiting", 0, True),
        ("sent", 1, False),
    }
    assert bot.rows("state, attempts")[0] == ("waiting", 0)
    assert bot.database.query("SELECT closed_until > now() FROM bot_limiters WHERE bot_id = %s", bot.id) == [(True,)]


def test_who_blocked_the_bot_gets_nothing_and_after_unblocking_what_he_missed(bot, drain, telegram) -> None:
    telegram.troubles[1] = [errors.RecipientGone("Forbidden: bot was blocked by the user")]
    bot.put(text(1), text(1), text(2))
    drain()
    assert bot.rows("state, error_code") == [
        ("failed", "recipient_gone"),
        ("cancelled", "recipient_gone"),
        ("sent", None),
    ]
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.recipient_is_back(tx, bot.tenant_id, bot_id=bot.id, chat_id=1) == 2
    bot.forget_limits()
    drain()
    assert bot.rows() == ["sent"] * 3


def test_what_was_missed_long_ago_stays_cancelled(bot) -> None:
    bot.put(text(1))
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.recipient_is_gone(tx, bot.tenant_id, bot_id=bot.id, chat_id=1) == 1
    bot.database.query("UPDATE outbox SET finished_at = now() - interval '25 hours' WHERE bot_id = %s", bot.id)
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.recipient_is_back(tx, bot.tenant_id, bot_id=bot.id, chat_id=1) == 0


def test_a_cause_is_cancelled_with_all_its_messages_even_those_in_a_senders_hands(bot, sender, telegram) -> None:
    held = bot.put(text(1, source="broadcast:9"), text(2, source="broadcast:9"), lease="held")
    bot.put(text(3, source="broadcast:9"), text(4, source="broadcast:8"))
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.cancel_source(tx, bot.tenant_id, source="broadcast:9") == 3
    assert sender.send_own(held, "held").sent == 0
    assert bot.rows() == ["cancelled"] * 3 + ["waiting"]
    assert telegram.calls == []


def test_one_message_is_cancelled_until_it_has_been_called(bot, drain) -> None:
    bot.put(text(1, key=f"{bot.id}-a"), text(2, key=f"{bot.id}-b", due_at=datetime.now(UTC) + timedelta(hours=1)))
    drain()
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.cancel(tx, bot.tenant_id, idempotency_key=f"{bot.id}-b")
        assert not outbox.cancel(tx, bot.tenant_id, idempotency_key=f"{bot.id}-a")
    assert bot.rows() == ["sent", "cancelled"]


def test_a_group_that_moved_gets_its_messages_at_its_new_id(bot, drain, telegram) -> None:
    telegram.troubles[-5] = [errors.Migrated(-1005)]
    bot.put(text(-5), text(-5))
    drain()
    bot.database.query("UPDATE outbox SET due_at = now() WHERE bot_id = %s", bot.id)
    bot.forget_limits()
    drain()
    assert bot.rows("state, chat_id") == [("sent", -1005)] * 2


def test_a_picture_for_many_is_uploaded_once(bot, drain, telegram) -> None:
    bot.put(*(photo(chat) for chat in range(6)))
    drain()
    assert [call.content is not None for call in telegram.calls] == [True] + [False] * 5
    assert {call.file_id for call in telegram.calls[1:]} == {f"file-{bot.id}"}


def test_a_forgotten_file_id_is_uploaded_anew_once(bot, drain, telegram) -> None:
    bot.put(photo(1))
    drain()
    telegram.troubles[2] = [errors.FileGone("wrong file identifier")]
    bot.put(photo(2), photo(3))
    drain()
    assert bot.rows("state, attempts") == [("sent", 1), ("sent", 2), ("sent", 1)]
    assert sum(call.content is not None for call in telegram.calls) == 2


def test_a_file_id_that_is_refused_twice_is_a_dead_letter(bot, drain, telegram) -> None:
    bot.put(photo(1))
    drain()
    telegram.troubles[2] = [errors.FileGone("wrong file identifier")] * 2
    bot.put(photo(2))
    drain()
    assert bot.rows() == ["sent", "failed"]


def test_too_large_a_picture_goes_as_a_document(bot, drain, telegram, objects) -> None:
    telegram.troubles[1] = [errors.PictureRefused("PHOTO_INVALID_DIMENSIONS")]
    bot.put(photo(1))
    drain()
    objects["renders/a.png"] = b"x" * 10_000_001
    bot.put(photo(2, digest="b" * 64))
    drain()
    assert [call.row.method for call in telegram.calls] == ["sendDocument"] * 2
    assert bot.database.query("SELECT DISTINCT kind FROM telegram_files WHERE bot_id = %s", bot.id) == [("document",)]


def test_a_store_that_is_away_makes_the_picture_wait(bot, sender, objects) -> None:
    def away(key: str) -> bytes:
        raise Unavailable("away")

    sender._load_object = away
    bot.put(photo(1), text(2))
    counts = sender.drain(ids.opaque_id(), seconds=5)
    assert (counts.sent, counts.retried) == (1, 1)


def test_a_revoked_token_pauses_the_bot_and_loses_nothing(bot, drain, telegram) -> None:
    telegram.troubles[1] = [errors.TokenRevoked("Unauthorized")]
    bot.put(text(1), text(1), text(1))
    drain()
    assert bot.rows("state, attempts") == [("waiting", 0)] * 3
    query = "SELECT state, paused_reason FROM bots WHERE id = %s"
    assert bot.database.query(query, bot.id) == [("paused", "Unauthorized")]
    assert drain().sent == 0


def test_the_urgent_goes_first(bot, drain, telegram) -> None:
    kinds = [Kind.BROADCAST, Kind.SIGNAL, Kind.JOURNEY, Kind.INTERACTIVE]
    bot.put(*(text(chat, kind=kind) for chat, kind in enumerate(kinds)))
    drain()
    assert list(dict.fromkeys(row.kind for row in telegram.asked)) == kinds[::-1]


def test_each_tenants_first_bot_comes_before_any_tenants_second(add_bot, database) -> None:
    many = [add_bot() for _ in range(1)]
    many += [add_bot(many[0].tenant_id) for _ in range(5)]
    one = add_bot()
    for bot in (*many, one):
        bot.put(text(1, kind=Kind.BROADCAST))
    urgent = add_bot(many[0].tenant_id)
    urgent.put(text(1))
    order = [bot_id for _, bot_id in bots_with_messages(ahead_s=0, most=100)]
    assert order[0] == urgent.id
    assert order.index(one.id) in (1, 2)


def test_a_long_broadcast_of_one_bot_does_not_keep_another_one_waiting(add_bot, drain, telegram) -> None:
    long, short = add_bot(), add_bot()
    long.put(*(text(chat, kind=Kind.BROADCAST) for chat in range(60)))
    short.put(text(1, kind=Kind.BROADCAST))
    drain()
    assert short.rows() == ["sent"]
    assert [call.row.bot_id for call in telegram.calls].index(short.id) < 30


def test_what_there_is_no_time_for_is_handed_back_untouched(bot, drain) -> None:
    bot.put(*(text(chat, kind=Kind.BROADCAST) for chat in range(300)))
    assert 0 < drain(0.5).sent < 300
    assert sorted(set(bot.rows("state, attempts, intent_at IS NULL, lease_token IS NULL"))) == [
        ("sent", 1, False, True),
        ("waiting", 0, True, True),
    ]
