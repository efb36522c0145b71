"""client/bots: how bots are, a revoked token and a lost webhook mended, manners in groups, what was said in a chat."""

import json
from itertools import count
from uuid import uuid4

import pytest

from promostack.app import services
from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.delivery.models import Kind, Message
from promostack.delivery.outbox import enqueue
from promostack.integrations.telegram_bot import call
from promostack.telegram import bots
from promostack.telegram.inbox import Inbox
from promostack.telegram.updates import UpdateHandler
from promostack.tenants import secrets
from tests.integration.people import build_house

BASE = "http://127.0.0.1:9"
ROUTE = "client/bots"
_numbers = count(700_001)


@pytest.fixture
def house(database, issuer):
    return build_house(database, issuer)


@pytest.fixture
def bot(simulator, house):
    """The house's own."""
    token = simulator.ask("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")["token"]
    return bots.connect(house.tenant_id, token, webhook_base=BASE, call=call)


@pytest.fixture
def look(database, house, bot):
    """Has the bot checked anew, by whoever may see it."""

    def check() -> dict:
        database.query("UPDATE bots SET checked_at = NULL WHERE id = %s", bot.id)
        return house.member.caller.post(f"{ROUTE}/{bot.id}/check").json

    return check


def wait(bot, text: str = "Hi", chat_id: int = 11) -> None:
    """A message that waits for the worker."""
    message = Message(chat_id, Kind.BROADCAST, "sendMessage", {"text": text}, ids.opaque_id())
    with unit_of_work(bot.tenant_id) as tx:
        enqueue(tx, [message], tenant_id=bot.tenant_id, bot_id=bot.id)


def audit(house) -> list[tuple[str, str, str]]:
    items = house.owner.caller.get("client/settings/audit").json["items"]
    return [(each["actor"], each["action"], each["target"]) for each in items if each["action"].startswith("bot.")]


def test_a_bot_that_is_well_needs_nothing_and_is_asked_for_once_in_a_while(simulator, house, bot) -> None:
    [told] = house.member.caller.get(ROUTE).json["items"]
    assert (told["username"], told["state"], told["webhook"]["checked_at"]) == (bot.username, "active", None)
    first = house.member.caller.post(f"{ROUTE}/{bot.id}/check")
    assert first.status == 200
    assert first.json["health"] == {"status": "ok", "problem": None, "next": None, "fix": None}
    assert (first.json["webhook"]["pending"], first.json["webhook"]["problem"]) == (0, None)
    asked = len(simulator.calls("getWebhookInfo", bot=bot.username))
    again = house.owner.caller.post(f"{ROUTE}/{bot.id}/check")
    assert again.json["webhook"]["checked_at"] == first.json["webhook"]["checked_at"]
    assert len(simulator.calls("getWebhookInfo", bot=bot.username)) == asked


def test_a_revoked_token_pauses_the_bot_and_a_new_one_sends_what_waits(
    simulator, database, house, bot, look, sender, user
) -> None:
    simulator.ask("POST", "/bots/revoke", bot=bot.username)
    broken = look()
    assert (broken["state"], broken["health"]["status"], broken["health"]["fix"]) == ("paused", "broken", "token")
    assert f"/mybots, @{bot.username}" in broken["health"]["next"]
    wait(bot, "You have won", user)
    assert house.member.caller.get(f"{ROUTE}/{bot.id}").json["waiting"] == 1
    assert sender.drain(ids.opaque_id(), seconds=2).sent == 0
    token = simulator.ask("POST", "/bots/token", bot=bot.username)["token"]
    mended = house.admin.caller.put(f"{ROUTE}/{bot.id}/token", {"token": f" {token}\n"})
    assert mended.status == 200, mended.body
    assert (mended.json["state"], mended.json["health"]["status"], mended.json["paused_reason"]) == (
        "active",
        "ok",
        None,
    )
    assert sender.drain(ids.opaque_id(), seconds=2).sent == 1
    assert [each["text"] for each in simulator.messages(bot, user)][-1] == "You have won"
    assert bots.token_of(house.tenant_id, bot.id) == token
    assert audit(house) == [(house.admin.email, "bot.token_renewed", f"@{bot.username}")]
    assert token not in json.dumps(database.query("SELECT data::text FROM audit_log"))


def test_only_a_token_of_the_same_bot_is_taken(simulator, database, house, bot) -> None:
    path = f"{ROUTE}/{bot.id}/token"
    before = bots.token_of(house.tenant_id, bot.id)
    other = simulator.ask("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Other")
    refused = house.owner.caller.put(path, {"token": other["token"]})
    assert (refused.status, refused.error) == (409, "other_bot")
    assert f"@{other['username']}" in refused.json["error"]["message"]
    number = before.partition(":")[0]
    for wrong in (f"{number}:{'x' * 35}", "../../bot", f"{number}:{'x' * 30}/../getMe", ""):
        refused = house.owner.caller.put(path, {"token": wrong})
        assert (refused.status, refused.error) == (422, "token_refused"), wrong
        assert "token" in refused.json["error"]["fields"]
        assert not wrong or wrong not in refused.body.decode()
    assert house.member.caller.put(path, {"token": before}).status == 403
    assert (bots.token_of(house.tenant_id, bot.id), audit(house)) == (before, [])


def test_a_token_in_use_elsewhere_and_a_telegram_that_is_away_change_nothing(
    simulator, database, house, bot, issuer
) -> None:
    before = bots.token_of(house.tenant_id, bot.id)
    simulator.ask("POST", "/faults", kind="500", method="setWebhook", bot=bot.username, times=1)
    away = house.owner.caller.put(f"{ROUTE}/{bot.id}/token", {"token": before})
    assert (away.status, away.error) == (503, "telegram_unavailable")
    # Another tenant holds the very token, as a race of two repairs would leave it.
    elsewhere = database.add_tenant()
    token = simulator.ask("POST", "/bots/token", bot=bot.username)["token"]
    with unit_of_work(elsewhere) as tx:
        secrets.put(tx, elsewhere, secrets.BOT_TOKEN, ids.new_id(), token)
    taken = house.owner.caller.put(f"{ROUTE}/{bot.id}/token", {"token": token})
    assert (taken.status, taken.error) == (409, "bot_taken")
    assert bots.token_of(house.tenant_id, bot.id) == before
    assert audit(house) == []


def test_a_webhook_that_went_elsewhere_is_set_anew(simulator, house, bot, look) -> None:
    token = bots.token_of(house.tenant_id, bot.id)
    call(token, "setWebhook", {"url": "http://127.0.0.1:9/thief/secret-of-his", "secret_token": "his"})
    told = look()
    assert (told["state"], told["health"]["fix"], told["webhook"]["problem"]) == (
        "active", "webhook", "webhook_elsewhere",
    )  # fmt: skip
    assert "goes to 127.0.0.1." in told["health"]["problem"]
    assert "secret-of-his" not in json.dumps(told)
    call(token, "deleteWebhook", {})
    assert look()["webhook"]["problem"] == "webhook_missing"
    assert house.member.caller.post(f"{ROUTE}/{bot.id}/webhook").status == 403
    mended = house.admin.caller.post(f"{ROUTE}/{bot.id}/webhook")
    assert mended.json["health"]["status"] == "ok"
    assert call(token, "getWebhookInfo", {}).url == f"{BASE}/hooks/telegram-webhook/{bot.public_id}"
    assert audit(house) == [(house.admin.email, "bot.webhook_set", f"@{bot.username}")]


def test_a_webhook_that_fails_and_a_telegram_that_is_away_are_told_and_do_not_pause(simulator, bot, look, user) -> None:
    simulator.ask("POST", "/send", bot=bot.username, user=user, text="GOLD")
    simulator.ask("POST", "/settle", timeout_s=1)
    told = look()
    assert (told["webhook"]["problem"], told["health"]["status"]) == ("webhook_failing", "attention")
    assert told["webhook"]["pending"] >= 1
    simulator.ask("POST", "/faults", kind="500", method="getMe", bot=bot.username, times=1)
    told = look()
    assert (told["webhook"]["problem"], told["state"]) == ("unreachable", "active")


def test_a_check_that_comes_late_does_not_pause_a_repaired_bot(simulator, house, bot, look, monkeypatch) -> None:
    """Between a look with the old token and its record, somebody gives the new one."""
    care = services.bot_care()
    simulator.ask("POST", "/bots/revoke", bot=bot.username)
    look_of = care._look

    def slow(token: str, address: str):
        found = look_of(token, address)
        fresh = simulator.ask("POST", "/bots/token", bot=bot.username)["token"]
        assert house.owner.caller.put(f"{ROUTE}/{bot.id}/token", {"token": fresh}).status == 200
        return found

    monkeypatch.setattr(care, "_look", slow)
    told = look()
    assert (told["state"], told["health"]["status"]) == ("active", "ok")


def test_what_failed_and_what_was_set_aside_is_counted_and_leads_to_the_outbox(database, house, bot) -> None:
    wait(bot)
    database.query("UPDATE outbox SET state = 'failed' WHERE bot_id = %s", bot.id)
    told = house.member.caller.get(f"{ROUTE}/{bot.id}").json
    assert (told["dead"], told["waiting"], told["health"]["fix"]) == (1, 0, "outbox")
    assert told["health"]["problem"].startswith("1 message has")
    database.query("DELETE FROM outbox WHERE bot_id = %s", bot.id)
    database.query(
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state)"
        " VALUES (%s, %s, 1, '{}', 'parked')",
        bot.tenant_id,
        bot.id,
    )
    told = house.member.caller.get(f"{ROUTE}/{bot.id}").json
    assert (told["parked"], told["health"]["fix"]) == (1, "parked")
    database.query(
        "INSERT INTO channels (tenant_id, id, bot_id, chat_id, title, connected_by, broken, told_at, told_update)"
        " VALUES (%s, %s, %s, -5, 'Gold', 1, 'no_rights', now(), 1)",
        bot.tenant_id,
        ids.new_id(),
        bot.id,
    )
    told = house.member.caller.get(f"{ROUTE}/{bot.id}").json
    assert (told["channels"], told["health"]["fix"], told["lost_channels"][0]["title"]) == (1, "channel", "Gold")


def test_the_live_rate_tells_each_second(house, bot, database, sender, user) -> None:
    for number in range(2):
        wait(bot, f"News {number}", user)
    wait(bot, "Later", user + 1)
    database.query("UPDATE outbox SET due_at = now() + interval '1 hour' WHERE payload #>> '{params,text}' = 'Later'")
    assert house.member.caller.get(f"{ROUTE}/{bot.id}/rate").json["waiting"] == 2
    assert sender.drain(ids.opaque_id(), seconds=5).sent == 2
    rate = house.member.caller.get(f"{ROUTE}/{bot.id}/rate").json
    assert (rate["in_last_minute"], sum(rate["seconds"]), len(rate["seconds"])) == (2, 2, 60)
    assert (rate["waiting"], rate["closed_s"]) == (0, 0)
    assert sum(rate["seconds"][-10:]) == 2


class Desk:
    def own_texts(self, language: str) -> dict[str, str]:
        return {}


@pytest.fixture
def group(simulator, bot, user, sender, database):
    """Says something in a group and hands the update in; returns what became of it."""
    chat_id = simulator.ask("POST", "/chats", type="supergroup", title="Traders", members=[user])["id"]
    simulator.ask("POST", "/chats/bot", chat=chat_id, bot=bot.username, status="member")
    person = {"id": user, "is_bot": False, "first_name": "Ada"}

    def say(text: str, **more: object) -> str:
        said = simulator.ask("POST", "/send", chat=chat_id, user=user, text=text)
        message = {"message_id": said.get("message_id", 1), "from": person, "date": 1, "text": text, **more}
        message["chat"] = {"id": chat_id, "type": "supergroup", "title": "Traders"}
        number = next(_numbers)
        handler = Inbox(lambda: UpdateHandler(lambda bot, incoming: Desk(), sender))
        secret = bots.webhook_of(bot.tenant_id, bot.id)[1]
        return handler.receive(bot.public_id, secret, {"update_id": number, "message": message}, number)

    def heard() -> list[dict]:
        found = [each["message"] for each in simulator.look("/messages", chat=chat_id)["messages"]]
        return [each for each in found if each.get("from", {}).get("is_bot")]

    def forget() -> None:
        database.query("DELETE FROM outbox WHERE bot_id = %s", bot.id)

    say.heard, say.forget, say.chat_id = heard, forget, chat_id
    return say


def test_in_a_group_the_bot_leads_away_when_it_is_spoken_to_or_is_silent(house, bot, group, database) -> None:
    assert group("Anybody here?") == "ignored"
    assert group("/ban@another_bot") == group("/ban Ada") == "ignored"
    assert group(f"/start@{bot.username.upper()}") == "done"
    [said] = group.heard()
    assert "private chat" in said["text"]
    assert said["reply_markup"]["inline_keyboard"][0][0]["url"] == f"https://t.me/{bot.username}"
    assert group(f"Hey @{bot.username}, a picture please") == "done"
    assert len(group.heard()) == 1, "one line a minute leads everybody"
    reply = {"reply_to_message": {"message_id": 1, "from": {"is_bot": True, "username": bot.username}}}
    for text, more in ((f"Hey @{bot.username}", {}), ("Thanks", reply), ("/help", {})):
        group.forget()
        assert group(text, **more) == "done"
    assert len(group.heard()) == 4
    assert database.query("SELECT count(*) FROM conversations WHERE chat_id = %s", group.chat_id) == [(0,)]

    changed = house.admin.caller.put(f"{ROUTE}/{bot.id}/settings", {"group_answer": "silent"})
    assert changed.json["group_answer"] == "silent"
    group.forget()
    assert group(f"/start@{bot.username}") == "ignored"
    assert len(group.heard()) == 4
    assert house.member.caller.put(f"{ROUTE}/{bot.id}/settings", {"group_answer": "polite"}).status == 403
    assert house.owner.caller.put(f"{ROUTE}/{bot.id}/settings", {"group_answer": "loud"}).status == 422
    house.admin.caller.put(f"{ROUTE}/{bot.id}/settings", {"group_answer": "silent"})
    assert audit(house) == [(house.admin.email, "bot.changed", f"@{bot.username}")], "no change is no line"


def test_a_chat_is_read_in_both_directions_page_by_page(house, bot, database) -> None:
    said = {"message": {"text": "GOLD", "chat": {"id": 77}, "from": {"id": 77}}}
    keyboard = [[{"text": "Square", "callback_data": "f:1"}]]
    tap = {"data": "f:1", "message": {"chat": {"id": 77}, "reply_markup": {"inline_keyboard": keyboard}}}
    stored = [(1, said), (2, {"callback_query": tap}), (3, {"message": {"chat": {"id": 78}, "text": "Not his"}})]
    for number, payload in stored:
        database.query(
            "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, received_at)"
            " VALUES (%s, %s, %s, %s, 'done', now() - %s * interval '1 minute')",
            bot.tenant_id,
            bot.id,
            number,
            json.dumps(payload),
            10 - number,
        )
    for text in ("<b>GOLD</b> is good", "Here it is"):
        wait(bot, text, 77)
    seen, cursor = [], ""
    while cursor is not None:
        query = f"limit=2&cursor={cursor}" if cursor else "limit=2"
        page = house.admin.caller.get(f"{ROUTE}/chats/77", query=query).json
        seen, cursor = seen + page["items"], page["next"]
    assert [(each["direction"], each["what"], each["text"]) for each in seen] == [
        ("out", "text", "Here it is"),
        ("out", "text", "<b>GOLD</b> is good"),
        ("in", "button", "Square"),
        ("in", "text", "GOLD"),
    ]
    assert {each["bot"] for each in seen} == {bot.username}
    assert house.member.caller.get(f"{ROUTE}/chats/77").status == 403
    for wrong in ("79", "x", "9" * 30, "-", "٣"):
        assert house.admin.caller.get(f"{ROUTE}/chats/{wrong}").error == "chat_not_found", wrong


def test_an_update_of_any_shape_is_stored(bot, database) -> None:
    """The chat is only noted where it looks like one."""
    for number, chat in enumerate(({"id": "x" * 5_000}, {"id": {"a": 1}}, "no object", None, [])):
        database.query(
            "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state)"
            " VALUES (%s, %s, %s, %s, 'done')",
            bot.tenant_id,
            bot.id,
            number,
            json.dumps({"message": {"chat": chat}}),
        )
    assert database.query("SELECT max(length(chat_key)) FROM telegram_updates WHERE bot_id = %s", bot.id) == [(20,)]
