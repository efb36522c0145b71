"""client/outbox: what waits and what failed, in words; once more, cancelled, and answered after all."""

import json
from uuid import uuid4

import pytest

from promostack.app import services
from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.delivery import errors, limiter, outbox
from promostack.delivery.models import Kind
from promostack.delivery.sender import Sender
from promostack.telegram import updates
from tests.integration.delivery.conftest import FakeTelegram, TestBot, photo, text

ROUTE = "client/outbox"


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> FakeTelegram:
    made = FakeTelegram()
    monkeypatch.setattr(services, "text_sender", lambda: Sender(made, {}.__getitem__))
    return made


@pytest.fixture
def bot(house, database) -> TestBot:
    return add_bot(database, house.tenant_id, "gold_bot")


def add_bot(database, tenant_id: str, name: str) -> TestBot:
    bot_id = str(uuid4())
    database.query(
        "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
        " VALUES (%s, %s, %s, %s, %s, 'h')",
        tenant_id,
        bot_id,
        bot_id,
        uuid4().int % 2**40,
        name,
    )
    return TestBot(database, tenant_id, bot_id)


def put(bot: TestBot, chat: int, state: str = "waiting", *, code: str | None = None, said: str | None = None, **more):
    """The key of a new message in that state."""
    message = text(chat, **more)
    (row,) = bot.put(message)
    bot.database.query(
        "UPDATE outbox SET state = %s, error_code = %s, error_text = %s,"
        " finished_at = CASE WHEN %s IN ('waiting', 'leased') THEN NULL ELSE now() END WHERE id = %s",
        state, code, said, state, row.id,
    )  # fmt: skip
    return message.idempotency_key


def listed(person, query: str = "") -> list[dict]:
    return person.caller.get(ROUTE, query=query).json["items"]


def lines(house, action: str) -> list[dict]:
    items = house.owner.caller.get("client/settings/audit").json["items"]
    return [each for each in items if each["action"] == action]


def test_the_list_is_paged_and_narrowed(house, bot, database) -> None:
    other = add_bot(database, house.tenant_id, "other_bot")
    keys = [put(bot, chat) for chat in (1, 2)]
    keys += [put(bot, 3, "failed", code="rejected"), put(bot, 3, "ambiguous", kind=Kind.POST, source="post:1")]
    keys += [put(other, 1, "sent"), put(bot, 4, "leased")]
    seen, cursor = [], None
    while cursor != "":
        page = house.member.caller.get(ROUTE, query=f"limit=4&cursor={cursor}" if cursor else "limit=4").json
        seen, cursor = seen + [each["id"] for each in page["items"]], page["next"] or ""
    assert seen == keys[::-1]
    assert [each["text"] for each in listed(house.admin)][-2:] == ["words for 2", "words for 1"]
    assert {each["text"] for each in listed(house.member)} == {""}, "private chats are not for members"

    def found(query: str) -> list[str]:
        return [each["id"] for each in listed(house.member, query)][::-1]

    assert found("state=dead") == keys[2:4]
    assert found("state=open") == [keys[0], keys[1], keys[5]]
    assert found(f"bot={other.id}") == [keys[4]]
    assert found("chat=3&state=failed") == [keys[2]]
    assert found("kind=post") == found("source=post:1") == [keys[3]]
    for query in ("state=lost", "kind=spam", "bot=x", "limit=101", "cursor=e30=", "chat=9223372036854775808"):
        assert house.member.caller.get(ROUTE, query=query).status == 422, query
    numbers = {str(row[0]) for row in database.query("SELECT id FROM outbox WHERE tenant_id = %s", house.tenant_id)}
    assert not numbers & set(seen), "the numbers count for all tenants"


def test_each_state_says_why_and_what_to_do(house, bot, database) -> None:
    gone = errors.RecipientGone.code
    put(bot, 1)
    put(bot, 2, "failed", code="rejected", said="Bad Request: can't parse entities")
    put(bot, 3, "failed", code="rejected", said="Given up after 8 tries: Bad Gateway")
    put(bot, 4, "failed", code=gone, said="Forbidden: bot was blocked by the user")
    put(bot, -5, "cancelled", code=gone)
    put(bot, 6, "ambiguous", code="outcome_unknown")
    put(bot, 7, "sent")
    told = {each["chat_id"]: each for each in listed(house.member)}
    assert told[1]["why"] == "It is next in line."
    assert told[2]["why"] == "Telegram refused it: Bad Request: can't parse entities."
    assert "mostly over" in told[3]["next"]
    assert "back within a day" in told[4]["next"]
    assert "rights back" in told[-5]["next"]
    assert "may arrive twice" in told[6]["next"]
    assert (told[7]["why"], told[7]["next"]) == ("", "")
    assert [chat for chat, each in told.items() if each["may_requeue"]] == [6, 4, 3, 2]
    assert [chat for chat, each in told.items() if each["may_cancel"]] == [-5, 4, 1]
    with unit_of_work(bot.tenant_id) as tx:
        limiter.close_gate(tx, bot.tenant_id, bot.id, 30)
    assert "wait for 30 s" in listed(house.member, "state=waiting")[0]["why"]
    database.query("UPDATE bots SET state = 'paused', paused_reason = 'no token' WHERE id = %s", bot.id)
    assert listed(house.member, "state=waiting")[0]["why"] == "@gold_bot stands still: no token"


def test_counts_are_by_state_and_bot(house, bot, database) -> None:
    for state in ("waiting", "waiting", "leased", "failed", "ambiguous", "sent", "cancelled"):
        put(bot, 1, state)
    database.query(
        "UPDATE outbox SET due_at = now() + interval '1 hour'"
        " WHERE id = (SELECT min(id) FROM outbox WHERE bot_id = %s)",
        bot.id,
    )
    park(bot, 11)
    found = house.member.caller.get(f"{ROUTE}/counts").json
    counts = {"waiting": 1, "later": 1, "sending": 1, "failed": 1, "ambiguous": 1, "parked": 1}
    assert {name: found[name] for name in counts} == counts
    assert found["bots"] == [{"id": bot.id, "username": "gold_bot", "state": "active", **counts}]


def test_a_dead_letter_is_sent_at_once_and_written_down(house, bot, telegram) -> None:
    keys = [put(bot, chat, "failed", code="rejected", said="Bad Request") for chat in (1, 2)]
    done = house.admin.caller.post(f"{ROUTE}/requeue", {"ids": keys})
    assert (done.status, done.json) == (200, {"changed": 2, "sent": 2})
    assert sorted(call.row.chat_id for call in telegram.calls) == [1, 2]  # who missed his slot comes later
    assert bot.rows() == ["sent", "sent"]
    (line,) = lines(house, "outbox.requeued")
    assert (line["actor"], line["data"]) == (house.admin.email, {"messages": 2, "may_arrive_twice": 0})
    again = house.admin.caller.post(f"{ROUTE}/requeue", {"ids": keys})
    assert (again.json, len(telegram.calls), len(lines(house, "outbox.requeued"))) == ({"changed": 0, "sent": 0}, 2, 1)


def test_one_that_may_have_arrived_is_asked_about(house, bot, telegram) -> None:
    keys = [put(bot, 1, "failed"), put(bot, 2, "ambiguous")]
    asked = house.owner.caller.post(f"{ROUTE}/requeue", {"ids": keys})
    assert (asked.status, asked.error, bot.rows()) == (409, "may_arrive_twice", ["failed", "ambiguous"])
    done = house.owner.caller.post(f"{ROUTE}/requeue", {"ids": keys, "may_arrive_twice": True})
    assert (done.json, bot.rows()) == ({"changed": 2, "sent": 2}, ["sent", "sent"])
    assert lines(house, "outbox.requeued")[0]["data"] == {"messages": 2, "may_arrive_twice": 1}


def test_what_cannot_be_sent_now_waits_for_the_worker(house, bot, telegram, database) -> None:
    telegram.troubles[1] = [errors.NotSent("Connection refused")]
    keys = [put(bot, 1, "failed"), put(bot, 2, "failed")]
    assert house.owner.caller.post(f"{ROUTE}/requeue", {"ids": keys}).json == {"changed": 2, "sent": 1}
    assert bot.rows() == ["waiting", "sent"]
    put(bot, 3, "failed")
    database.query("UPDATE bots SET state = 'paused' WHERE id = %s", bot.id)
    paused = house.owner.caller.post(f"{ROUTE}/requeue", {"ids": [listed(house.owner)[0]["id"]]})
    assert (paused.json, bot.rows("state, lease_token")[2]) == ({"changed": 1, "sent": 0}, ("waiting", None))


def test_a_picture_and_what_follows_it_wait_for_the_worker(house, bot, telegram, database) -> None:
    keys = [put(bot, 1, "failed")]
    picture = photo(2)
    bot.put(picture)
    keys += [picture.idempotency_key, put(bot, 2, "failed")]
    database.query("UPDATE outbox SET state = 'failed', finished_at = now() WHERE bot_id = %s", bot.id)
    assert house.owner.caller.post(f"{ROUTE}/requeue", {"ids": keys}).json == {"changed": 3, "sent": 1}
    assert bot.rows("state, attempts, lease_token") == [("sent", 1, None), ("waiting", 0, None), ("waiting", 0, None)]


def test_an_old_caption_does_not_come_back(house, bot, telegram, database) -> None:
    """A change of a post that a later one has replaced stays dead."""
    channel, post = ids.new_id(), ids.new_id()
    sent = put(bot, -9, "sent", kind=Kind.POST, source=f"post:{post}")
    old = put(bot, -9, "failed", kind=Kind.POST, source=f"post:{post}", method="editMessageCaption")
    new = put(bot, -9, "failed", kind=Kind.POST, source=f"post:{post}", method="editMessageCaption")
    database.query(
        "INSERT INTO channels (tenant_id, id, bot_id, chat_id, title, connected_by, told_at, told_update)"
        " VALUES (%s, %s, %s, -9, 'Gold news', 1, now(), 1)",
        house.tenant_id, channel, bot.id,
    )  # fmt: skip
    database.query(
        "INSERT INTO channel_posts (tenant_id, id, channel_id, author, code, object_key, sha256, media_type, caption,"
        " outbox_id, change_id) SELECT %s, %s, %s, 'chat:1', 'C', 'k', 's', 'image/png', 'c',"
        " (SELECT id FROM outbox WHERE idempotency_key = %s), (SELECT id FROM outbox WHERE idempotency_key = %s)",
        house.tenant_id, post, channel, sent, new,
    )  # fmt: skip
    assert {each["chat"] for each in listed(house.member)} == {"Gold news"}
    done = house.owner.caller.post(f"{ROUTE}/requeue", {"ids": [old, new]})
    assert (done.json, bot.rows()) == ({"changed": 1, "sent": 1}, ["sent", "failed", "sent"])


def test_what_waits_is_cancelled_and_what_was_called_is_not(house, bot, database) -> None:
    gone = errors.RecipientGone.code
    keys = [put(bot, 1), put(bot, 2, "leased"), put(bot, 3, "cancelled", code=gone), put(bot, 4, "sent")]
    called = put(bot, 5, "leased")
    database.query("UPDATE outbox SET intent_at = now() WHERE idempotency_key = %s", called)
    done = house.owner.caller.post(f"{ROUTE}/cancel", {"ids": [*keys, called]})
    assert done.json == {"changed": 3, "sent": 0}
    assert bot.rows() == ["cancelled", "cancelled", "cancelled", "sent", "leased"]
    with unit_of_work(bot.tenant_id) as tx:
        assert outbox.recipient_is_back(tx, bot.tenant_id, bot_id=bot.id, chat_id=3) == 0
    assert lines(house, "outbox.cancelled")[0]["data"] == {"messages": 3}


def park(bot: TestBot, number: int, *, hours: int = 0) -> str:
    """The id of an update that was set aside so long ago."""
    payload = {"update_id": number, "message": {"text": f"code {number}", "from": {"id": 7, "username": "ann"}}}
    bot.database.query(
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, attempts, last_error, received_at)"
        " VALUES (%s, %s, %s, %s, 'parked', 3, 'KeyError', now() - %s * interval '1 hour')",
        bot.tenant_id, bot.id, number, json.dumps(payload), hours,
    )  # fmt: skip
    return f"{bot.id}:{number}"


def test_updates_set_aside_are_listed_and_handed_in_again(house, bot, database) -> None:
    keys = [park(bot, number, hours=30 - 10 * number) for number in range(3)]
    seen, cursor = [], None
    while cursor != "":
        query = f"limit=2&cursor={cursor}" if cursor else "limit=2"
        page = house.admin.caller.get(f"{ROUTE}/parked", query=query).json
        seen, cursor = seen + page["items"], page["next"] or ""
    assert [each["id"] for each in seen] == keys[::-1]
    assert (seen[0]["kind"], seen[0]["person"], seen[0]["name"], seen[0]["text"]) == ("message", 7, "ann", "code 2")
    assert [each["may_retry"] for each in seen] == [True, True, False]
    told = house.member.caller.get(f"{ROUTE}/parked").json["items"][0]
    assert (told["person"], told["name"], told["text"]) == (7, None, "")
    done = house.admin.caller.post(f"{ROUTE}/parked/retry", {"ids": keys})
    assert done.json == {"changed": 2}
    found = [(tenant, bot_id, number) for tenant, bot_id, number in updates.find_stale(100) if bot_id == bot.id]
    assert sorted(number for _, _, number in found) == [1, 2]
    assert lines(house, "inbox.retried")[0]["data"] == {"updates": 2}
    assert house.admin.caller.post(f"{ROUTE}/parked/retry", {"ids": keys}).json == {"changed": 0}
    database.query("UPDATE telegram_updates SET state = 'done' WHERE bot_id = %s", bot.id)


@pytest.mark.parametrize("route", ["requeue", "cancel", "parked/retry"])
def test_writes_want_the_right_and_known_ids(house, bot, route: str) -> None:
    key = park(bot, 1) if route == "parked/retry" else put(bot, 1, "failed")
    assert house.member.caller.post(f"{ROUTE}/{route}", {"ids": [key]}).error == "not_allowed"
    for unknown in ("nobodys", f"{bot.id}:99", f"{bot.id}:{2**63}", f"{bot.id}:٣", "x" * 300):
        refused = house.owner.caller.post(f"{ROUTE}/{route}", {"ids": [key, unknown]})
        assert (refused.status, refused.error) in [(404, "message_not_found"), (404, "update_not_found")], unknown
    for body in ({}, {"ids": []}, {"ids": [""]}, {"ids": ["a\0b"]}, {"ids": [1]}, {"ids": ["a"] * 101}, {"id": "a"}):
        assert house.owner.caller.post(f"{ROUTE}/{route}", body).status == 422, body
