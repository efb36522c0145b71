"""What pages read of the outbox."""

import pytest

from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.delivery import errors, limiter, reading
from promostack.delivery.models import Kind
from tests.integration.delivery.conftest import photo, text


@pytest.fixture
def read(bot):
    """Calls a function of `reading` for the bot's tenant."""

    def call(function, **options):
        with unit_of_work(bot.tenant_id) as tx:
            return function(tx, bot.tenant_id, **options)

    return call


def test_the_outbox_is_listed_newest_first_in_pages(bot, read) -> None:
    rows = bot.put(*(text(chat) for chat in range(5)))
    first = read(reading.list_messages, limit=3)
    rest = read(reading.list_messages, limit=3, cursor=first.next)
    assert [item.id for item in (*first.items, *rest.items)] == [row.id for row in reversed(rows)]
    assert rest.next is None
    assert first.items[0].summary == "words for 4"


def test_filters_narrow_the_list(add_bot, bot, read, drain) -> None:
    other = add_bot(bot.tenant_id)
    bot.put(text(1), photo(2), text(3, kind=Kind.BROADCAST, source="broadcast:1"))
    other.put(text(1, kind=Kind.BROADCAST))
    stranger = add_bot()
    stranger.put(text(1))

    def chats(**options: object) -> list[int]:
        return [item.chat_id for item in read(reading.list_messages, **options).items]

    assert chats() == [1, 3, 2, 1]
    assert chats(bot_id=other.id) == [1]
    assert chats(kind=Kind.BROADCAST) == [1, 3]
    assert chats(source="broadcast:1") == [3]
    assert chats(chat_id=2) == [2]
    drain()
    assert chats(states=["waiting"]) == []
    assert len(chats(states=["sent"])) == 4


def test_dead_letters_come_with_their_reasons(bot, read, drain, telegram) -> None:
    telegram.troubles[1] = [errors.SendFailed("Bad Request: message text is empty")]
    telegram.troubles[2] = [errors.OutcomeUnknown("no answer")]
    bot.put(text(1), text(2, kind=Kind.SIGNAL), text(3))
    drain()
    dead = read(reading.list_dead_letters).items
    assert [(item.state, item.error_code) for item in dead] == [
        ("ambiguous", "outcome_unknown"),
        ("failed", "rejected"),
    ]
    assert dead[1].error_text == "Bad Request: message text is empty"


def test_a_chats_history_is_its_own(bot, read, drain) -> None:
    bot.put(text(1), text(2), photo(1))
    history = read(reading.chat_history, bot_id=bot.id, chat_id=1).items
    assert [(item.method, item.has_picture) for item in history] == [("sendPhoto", True), ("sendMessage", False)]


def test_the_live_rate_counts_what_was_sent_lately(bot, read, sender) -> None:
    bot.put(*(text(chat) for chat in range(10)))
    sender.drain(ids.opaque_id(), seconds=5)
    bot.put(text(1), text(2))
    with unit_of_work(bot.tenant_id) as tx:
        limiter.close_gate(tx, bot.tenant_id, bot.id, 30)
    rate = read(reading.send_rate, bot_id=bot.id)
    assert (rate.per_s, rate.in_last_minute, rate.due) == (2.0, 10, 2)
    assert 20 < rate.closed_s <= 30
