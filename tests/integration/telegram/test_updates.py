"""An update's path through inbox, conversation and outbox, with the doubles and deaths that a webhook sees."""

import threading

import pytest

from promostack.core.errors import Unavailable
from promostack.db import connection
from promostack.db.uow import unit_of_work
from promostack.delivery import outbox
from promostack.delivery.errors import OutcomeUnknown
from promostack.delivery.models import Attachment, Kind, Message
from promostack.telegram import bots, updates
from promostack.telegram.errors import UnknownBot, UpdateBusy, WrongSecret
from promostack.telegram.inbox import Inbox
from promostack.telegram.models import GalleryEntry, Picture
from promostack.telegram.updates import UpdateHandler


class Desk:
    """Knows one template and takes every code for valid, unless it is told to fail."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.asked = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def check_code(self, raw: str) -> tuple[str, str]:
        self.asked.set()
        assert self.go_on.wait(60)
        if self.trouble:
            raise self.trouble
        return "valid", raw.upper()

    def gallery(self) -> list[GalleryEntry]:
        return [GalleryEntry("aurora", "Aurora", ("square",), Attachment("renders/x.png", "a" * 64, "a.png"))]

    def render(self, slug: str, format_name: str, code: str) -> Picture:
        return Picture("renders/x.png", "b" * 64, "image/png")

    def referral_link(self, code: str) -> str:
        return ""

    def qr(self, link: str) -> Picture:
        return Picture("renders/x.png", "b" * 64, "image/png")

    def own_texts(self, language: str) -> dict[str, str]:
        return {}

    def show_rendering(self) -> None: ...


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def handler(desk, sender) -> Inbox:
    return Inbox(lambda: UpdateHandler(lambda bot, incoming: desk, sender))


@pytest.fixture
def secret(bot) -> str:
    return bots.webhook_of(bot.tenant_id, bot.id)[1]


def message(user: int, text: str, update_id: int = 1) -> dict:
    person = {"id": user, "is_bot": False, "first_name": "Ada"}
    chat = {"id": user, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": 5, "from": person, "chat": chat, "date": 1, "text": text}}


def inbox(database, bot) -> list[tuple]:
    return database.query(
        "SELECT state, attempts, last_error FROM telegram_updates WHERE bot_id = %s ORDER BY update_id", bot.id
    )


def expire_leases(database, bot) -> None:
    database.query("UPDATE telegram_updates SET lease_until = now() - interval '1 s' WHERE bot_id = %s", bot.id)


def test_a_code_is_answered_with_the_gallery(database, simulator, bot, user, handler, secret) -> None:
    assert handler.receive(bot.public_id, secret, message(user, "welcome"), 1) == "done"
    (shown,) = [each for each in simulator.messages(bot, user) if "photo" in each]
    assert "WELCOME" in shown["caption"]
    assert inbox(database, bot) == [("done", 1, None)]
    assert database.query("SELECT kind FROM usage_events WHERE bot_id = %s", bot.id) == [("code_valid",)]


def test_a_doubled_update_has_one_effect(database, simulator, bot, user, handler, secret) -> None:
    update = message(user, "welcome")
    assert [handler.receive(bot.public_id, secret, update, 1) for _ in range(3)] == ["done", "duplicate", "duplicate"]
    assert len(simulator.calls("sendPhoto", bot=bot.username)) == 1


def test_a_wrong_secret_stores_nothing(database, bot, user, handler) -> None:
    with pytest.raises(WrongSecret):
        handler.receive(bot.public_id, "guess", message(user, "welcome"), 1)
    assert inbox(database, bot) == []


def test_an_unknown_address_is_not_found(handler, user) -> None:
    with pytest.raises(UnknownBot):
        handler.receive("nobody", "s", message(user, "x"), 1)


@pytest.mark.parametrize(
    "payload",
    [
        {"update_id": 1, "brand_new_kind": {"a": 1}},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "text": "CODE"}},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "pinned_message": {}}},
        {"update_id": 1, "message": {"chat": {"id": 5, "type": "private"}, "text": "", "via_bot": {}}},
    ],
)
def test_what_the_bot_does_not_understand_is_stored_and_ignored(database, bot, handler, secret, payload) -> None:
    assert handler.receive(bot.public_id, secret, payload, 1) == "ignored"
    assert inbox(database, bot)[0][0] == "ignored"


def test_a_failing_vendor_leaves_the_update_waiting_for_the_next_delivery(
    database, bot, user, handler, secret, desk
) -> None:
    desk.trouble = Unavailable("store down")
    for _ in range(5):
        with pytest.raises(Unavailable):
            handler.receive(bot.public_id, secret, message(user, "welcome"), 1)
    assert inbox(database, bot) == [("waiting", 0, "unavailable")]
    desk.trouble = None
    assert handler.receive(bot.public_id, secret, message(user, "welcome"), 1) == "done"


def test_a_poison_update_is_parked_after_three_tries(database, bot, user, handler, secret, desk) -> None:
    desk.trouble = KeyError("bug")
    for _ in range(2):
        with pytest.raises(KeyError):
            handler.receive(bot.public_id, secret, message(user, "welcome"), 1)
    assert handler.receive(bot.public_id, secret, message(user, "welcome"), 1) == "parked"
    assert inbox(database, bot) == [("parked", 3, "KeyError")]


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud83db"])
def test_what_the_database_does_not_take_is_replaced(database, simulator, bot, user, handler, secret, typed) -> None:
    update = message(user, f"{typed} 🎉")
    update["message"]["from"]["first_name"] = f"Ada{typed}"
    update["message"]["entities"] = [{typed: [typed, 1, None, True]}]
    assert handler.receive(bot.public_id, secret, update, 1) == "done"
    assert inbox(database, bot) == [("done", 1, None)]
    ((stored,),) = database.query("SELECT payload->'message' FROM telegram_updates WHERE bot_id = %s", bot.id)
    assert (stored["text"], stored["from"]["first_name"]) == ("a\ufffdb 🎉", "Adaa\ufffdb")
    assert stored["entities"] == [{"a\ufffdb": ["a\ufffdb", 1, None, True]}]
    assert [each for each in simulator.messages(bot, user) if "photo" in each]


def test_an_update_that_kills_its_handler_again_and_again_is_parked(database, bot, user, handler, secret) -> None:
    database.query(
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, attempts, lease_until)"
        " VALUES (%s, %s, 1, '{}', 'leased', %s, now() - interval '1 s')",
        bot.tenant_id,
        bot.id,
        updates.MOST_DEATHS,
    )
    assert handler.receive(bot.public_id, secret, message(user, "welcome"), 1) == "parked"
    assert inbox(database, bot)[0][2] == "handler_died"


def test_a_handler_that_died_is_taken_over_when_its_lease_ends(database, bot, user, handler, secret) -> None:
    database.query(
        "INSERT INTO telegram_updates"
        " (tenant_id, bot_id, update_id, payload, state, attempts, lease_until, lease_token)"
        " VALUES (%s, %s, 1, '{}', 'leased', 1, now() + interval '30 s', 'dead')",
        bot.tenant_id,
        bot.id,
    )
    with pytest.raises(UpdateBusy) as refused:
        handler.receive(bot.public_id, secret, message(user, "welcome"), 1)
    assert refused.value.retry_after_s
    expire_leases(database, bot)
    assert updates.find_stale(10) == [(bot.tenant_id, bot.id, 1)]
    assert handler.receive(bot.public_id, secret, message(user, "welcome"), 1) == "done"


def test_an_answer_worked_out_from_an_old_state_is_worked_out_again(
    database, simulator, bot, user, handler, secret, desk, sender
) -> None:
    """`/generate` is under way with the last code when `/cancel` forgets that code: the code must stay forgotten."""
    assert handler.receive(bot.public_id, secret, message(user, "first", 1), 1) == "done"
    desk.asked.clear()
    desk.go_on.clear()
    results: list[str] = []

    def generate() -> None:
        results.append(handler.receive(bot.public_id, secret, message(user, "/generate", 2), 2))
        connection.discard()

    thread = threading.Thread(target=generate)
    thread.start()
    assert desk.asked.wait(60)
    second = Inbox(lambda: UpdateHandler(lambda *_: Desk(), sender))
    assert second.receive(bot.public_id, secret, message(user, "/cancel", 3), 3) == "done"
    desk.go_on.set()
    thread.join(timeout=60)
    assert results == ["done"]
    assert database.query("SELECT version, state->>'code' FROM conversations WHERE bot_id = %s", bot.id) == [(3, "")]
    assert "no code yet" in simulator.messages(bot, user)[-1]["text"]


def test_a_bot_belongs_to_one_tenant(database, simulator, bot) -> None:
    from promostack.integrations.telegram_bot import call
    from promostack.telegram.errors import BotTaken

    token = bots.token_of(bot.tenant_id, bot.id)
    with pytest.raises(BotTaken):
        bots.connect(database.add_tenant(), token, webhook_base="http://127.0.0.1:9", call=call)
    again = bots.connect(bot.tenant_id, token, webhook_base="http://127.0.0.1:9", call=call)
    assert again.public_id == bot.public_id
    assert token not in str(database.query("SELECT * FROM bots WHERE id = %s", bot.id))


def membership(user: int, status: str, update_id: int) -> dict:
    person = {"id": user, "is_bot": False, "first_name": "Ada"}
    change = {"chat": {"id": user, "type": "private"}, "from": person, "date": 1}
    member = {"status": status, "user": {"id": 1, "is_bot": True, "first_name": "Promo"}}
    return {"update_id": update_id, "my_chat_member": {**change, "old_chat_member": member, "new_chat_member": member}}


def test_an_older_block_that_comes_later_blocks_nobody(database, bot, user, handler, secret) -> None:
    def has_blocked() -> bool:
        return database.query("SELECT blocked_at IS NOT NULL FROM conversations WHERE bot_id = %s", bot.id)[0][0]

    def told(status: str, update_id: int, date: int) -> None:
        change = membership(user, status, update_id)
        change["my_chat_member"]["date"] = date
        assert handler.receive(bot.public_id, secret, change, update_id) == "done"

    handler.receive(bot.public_id, secret, message(user, "GOLD", 1), 1)
    told("member", 4, 100)
    told("kicked", 2, 50)
    told("kicked", 3, 100)
    assert not has_blocked()
    told("kicked", 5, 100)
    assert has_blocked()
    told("member", 6, 200)
    assert not has_blocked()
    kinds = database.query(
        "SELECT kind FROM usage_events WHERE bot_id = %s AND kind LIKE '%%blocked' ORDER BY id", bot.id
    )
    assert [kind for (kind,) in kinds] == ["unblocked", "blocked", "unblocked"]


def test_a_bot_whose_webhook_could_not_be_set_again_still_knows_telegram(bot, user, handler, secret) -> None:
    from promostack.integrations.telegram_bot import call

    def failing(token: str, method: str, params: dict) -> object:
        if method == "setWebhook":
            raise OutcomeUnknown("Bad Gateway (502)")
        return call(token, method, params)

    token = bots.token_of(bot.tenant_id, bot.id)
    with pytest.raises(OutcomeUnknown):
        bots.connect(bot.tenant_id, token, webhook_base="http://127.0.0.1:9", call=failing)
    assert handler.receive(bot.public_id, secret, message(user, "GOLD"), 1) == "done"


def test_a_block_ends_what_waits_and_an_unblock_brings_it_back(database, bot, user, handler, secret) -> None:
    def states() -> tuple:
        return database.query(
            "SELECT state, error_code FROM outbox WHERE bot_id = %s AND idempotency_key = 'later'", bot.id
        )[0]

    handler.receive(bot.public_id, secret, message(user, "hello"), 1)
    with unit_of_work(bot.tenant_id) as tx:
        later = Message(user, Kind.JOURNEY, "sendMessage", {"text": "Hi"}, "later")
        outbox.enqueue(tx, [later], tenant_id=bot.tenant_id, bot_id=bot.id)

    assert handler.receive(bot.public_id, secret, membership(user, "kicked", 2), 2) == "done"
    assert states()[0] == "cancelled"
    assert database.query("SELECT blocked_at IS NULL FROM conversations WHERE bot_id = %s", bot.id) == [(False,)]

    assert handler.receive(bot.public_id, secret, membership(user, "member", 3), 3) == "done"
    assert states() == ("waiting", None)
    assert database.query("SELECT blocked_at IS NULL FROM conversations WHERE bot_id = %s", bot.id) == [(True,)]


def test_the_wish_for_no_news_and_the_language_are_kept(database, bot, user, handler, secret) -> None:
    def kept() -> tuple:
        query = "SELECT language, started_at IS NOT NULL, stopped_at IS NOT NULL FROM conversations WHERE bot_id = %s"
        return database.query(query, bot.id)[0]

    asked = {"id": "77", "from": {"id": user, "is_bot": False, "first_name": "Ada"}, "query": "", "offset": ""}
    handler.receive(bot.public_id, secret, {"update_id": 1, "inline_query": asked}, 1)
    assert kept() == ("en", False, False)
    stop = message(user, "/stop", 2)
    stop["message"]["from"]["language_code"] = "de-AT"
    handler.receive(bot.public_id, secret, stop, 2)
    assert kept() == ("de", True, True)
    handler.receive(bot.public_id, secret, message(user, "/resume", 3), 3)
    assert kept() == ("en", True, False)
