"""Channels and posts: rights come and go, taps are doubled, posts wait, change, repeat and end; nobody posts elsewhere
than in his own channels.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from promostack.core import ids
from promostack.db import connection
from promostack.db.uow import unit_of_work
from promostack.telegram import bots, channels, posts
from promostack.telegram.models import Bot, Picture
from promostack.telegram.post_desk import PostDesk
from promostack.telegram.post_models import Deletion, Draft, NewCaption, NewPost, Post
from promostack.telegram.updates import UpdateHandler

PICTURE = Picture("renders/x.png", "b" * 64, "image/png")
RIGHTS = {"can_post_messages": True, "can_edit_messages": True}


class Desk:
    """The house of one person: every code is good, every picture is the same one."""

    def __init__(self, bot: Bot, user_id: int) -> None:
        self.posts = PostDesk(bot, user_id)

    def referral_link(self, code: str) -> str:
        return f"https://shop.example.com/?promo={code}"

    def own_texts(self, language: str) -> dict[str, str]:
        return {}


@dataclass
class House:
    """A bot, a person and his channel in the simulator; updates are handed in as Telegram sends them."""

    database: object
    simulator: object
    bot: Bot
    user: int
    sender: object
    numbers: object
    chat_id: int = 0
    username: str = ""

    def handler(self) -> UpdateHandler:
        return UpdateHandler(lambda bot, incoming: Desk(bot, incoming.user_id), self.sender)

    def hand_in(self, kind: str, payload: dict) -> str:
        # The waits of one chat are tested with the limiter.
        self.database.query("DELETE FROM chat_limiters WHERE bot_id = %s", self.bot.id)
        number = next(self.numbers)
        secret = bots.webhook_of(self.bot.tenant_id, self.bot.id)[1]
        return self.handler().receive(self.bot.public_id, secret, {"update_id": number, kind: payload}, number)

    def place(self, *, by: int | None = None, **rights: object) -> str:
        """Changes the bot's place in the channel and hands in what Telegram says about it."""
        self.simulator.ask("POST", "/chats/bot", chat=self.chat_id, bot=self.bot.username, by=by or self.user, **rights)
        told = [
            each for each in self.simulator.look("/updates", bot=self.bot.username) if each["kind"] == "my_chat_member"
        ]
        return self.hand_in("my_chat_member", told[-1]["payload"])

    def tap(self, data: str, *, user: int | None = None) -> str:
        user = user or self.user
        person = {"id": user, "is_bot": False, "first_name": "Ada"}
        message = {"message_id": self.bot_messages(user)[-1]["message_id"], "chat": {"id": user, "type": "private"}}
        return self.hand_in("callback_query", {"id": "1", "from": person, "message": message, "data": data})

    def write(self, text: str) -> str:
        person = {"id": self.user, "is_bot": False, "first_name": "Ada"}
        chat = {"id": self.user, "type": "private"}
        return self.hand_in("message", {"message_id": 5, "from": person, "chat": chat, "date": 1, "text": text})

    def bot_messages(self, user: int | None = None) -> list[dict]:
        return self.simulator.messages(self.bot, user or self.user)

    def said(self) -> str:
        """The bot's last words to the person."""
        last = [each for each in self.bot_messages() if each["from"]["is_bot"]][-1]
        return last.get("text") or last["caption"]

    def buttons(self) -> dict[str, str]:
        """Text → data or address of the last keyboard."""
        keyboards = [each["reply_markup"] for each in self.bot_messages() if each.get("reply_markup")]
        return {
            button["text"]: button.get("callback_data") or button["url"]
            for row in keyboards[-1]["inline_keyboard"]
            for button in row
        }

    def press(self, text: str) -> str:
        return self.tap(self.buttons()[text])

    def in_channel(self) -> list[dict]:
        return [each["message"] for each in self.simulator.look("/messages", chat=self.chat_id)["messages"]]

    def channel(self) -> channels.Channel:
        with unit_of_work(self.bot.tenant_id) as tx:
            return channels.list_channels(tx, self.bot.tenant_id)[0]

    def posts(self) -> list[Post]:
        with unit_of_work(self.bot.tenant_id) as tx:
            return posts.list_posts(tx, self.bot.tenant_id, limit=10)

    def have_picture(self, *, user: int | None = None) -> None:
        """The conversation as it is after a picture was made."""
        state = (
            '{"code": "GOLD", "picture": {"object_key": "renders/x.png", "sha256": "%s", "media_type": "image/png"}}'
        )
        self.database.query(
            "INSERT INTO conversations (tenant_id, bot_id, user_id, chat_id, state, started_at)"
            " VALUES (%s, %s, %s, %s, %s, now())"
            " ON CONFLICT (tenant_id, bot_id, user_id) DO UPDATE SET state = excluded.state",
            self.bot.tenant_id, self.bot.id, user or self.user, user or self.user, state % PICTURE.sha256,
        )  # fmt: skip

    def post(
        self, *, draft_id: str | None = None, due_at: datetime | None = None, caption: str = "Hello", **more
    ) -> None:
        """A post as the conversation's store makes it, without sending it."""
        draft = Draft(draft_id or ids.new_id(), self.channel().id, "Gold", PICTURE, "GOLD", caption)
        self.apply(NewPost(draft, due_at, **more))

    def apply(self, change, *, person: int | None = None) -> None:
        by = posts.Author(f"chat:{person or self.user}", person or self.user)
        with unit_of_work(self.bot.tenant_id) as tx:
            posts.apply(tx, self.bot.tenant_id, change, by, lease="nobody")
        # Nobody sends what was leased: it waits for the next sender.
        self.database.query("UPDATE outbox SET state = 'waiting', lease_token = NULL, lease_until = NULL"
                            " WHERE state = 'leased' AND bot_id = %s", self.bot.id)  # fmt: skip

    def drain(self) -> None:
        self.sender.drain(ids.opaque_id(), seconds=10)


@pytest.fixture
def house(database, simulator, bot, user, sender, store) -> House:
    store.objects[PICTURE.object_key] = store.objects["renders/x.png"]
    made = House(database, simulator, bot, user, sender, count(1), username=f"c{uuid4().hex[:10]}")
    made.chat_id = simulator.ask(
        "POST", "/chats", type="channel", title="Gold", username=made.username, members=[user]
    )["id"]
    made.have_picture()
    return made


@pytest.fixture
def connected(house: House) -> House:
    assert house.place(**RIGHTS) == "done"
    return house


def soon(**ahead: float) -> datetime:
    return datetime.now(UTC) + timedelta(**ahead)


def test_a_channel_is_connected_once_renamed_and_told_to_who_did_it(connected: House) -> None:
    first = connected.channel()
    assert (first.title, first.username, first.connected_by, first.broken) == (
        "Gold",
        connected.username,
        connected.user,
        None,
    )
    assert "is connected" in connected.said()
    connected.place(**RIGHTS)
    news = {"message_id": 9, "date": int(datetime.now(UTC).timestamp()), "new_chat_title": "Platinum"}
    chat = {"id": connected.chat_id, "type": "channel", "title": "Gold", "username": "other_name"}
    assert connected.hand_in("channel_post", {**news, "chat": chat}) == "done"
    assert connected.database.query("SELECT title, username FROM channels WHERE bot_id = %s", connected.bot.id) == [
        ("Platinum", "other_name")
    ]
    assert connected.channel().id == first.id


def test_an_older_update_that_comes_later_changes_nothing(connected: House) -> None:
    told = connected.simulator.look("/updates", bot=connected.bot.username)[-1]["payload"]
    late = {**told, "date": told["date"] - 60, "new_chat_member": {**told["new_chat_member"], "status": "kicked"}}
    assert connected.hand_in("my_chat_member", late) == "done"
    assert connected.channel().broken is None


def test_the_way_from_the_picture_to_the_channel_and_its_end(connected: House) -> None:
    connected.tap("ch")
    preview = connected.bot_messages()[-1]
    assert (preview["caption"], "photo" in preview) == ("Code GOLD\nhttps://shop.example.com/?promo=GOLD", True)
    assert all(len(data.encode()) <= 64 for data in connected.buttons().values())
    connected.press("Post now")
    (post,) = connected.in_channel()
    assert (post["caption"], "reply_markup" in post) == (preview["caption"], False)
    assert connected.said() == "Posted in Gold."
    assert connected.buttons()["Open the post"] == f"https://t.me/{connected.username}/{post['message_id']}"
    connected.press("Edit caption")
    connected.write("x" * 1025)
    assert "1025 characters" in connected.said()
    connected.write("Now < 5 & more")
    assert connected.said() == "The caption in Gold is changed."
    assert connected.in_channel()[0]["caption"] == "Now < 5 & more"
    connected.press("Delete")
    connected.press("Yes, delete it")
    assert connected.said() == "Deleted from Gold."
    assert connected.in_channel() == []
    assert [post.stands for post in connected.posts()] == ["deleted"]
    left = connected.database.query(
        "SELECT count(*) FROM outbox WHERE bot_id = %s AND state IN ('waiting', 'leased')", connected.bot.id
    )
    assert left == [(0,)]


def test_two_taps_at_once_are_one_post(connected: House) -> None:
    connected.tap("ch")
    data = connected.buttons()["Post now"]

    def tap() -> None:
        connected.tap(data)
        connection.discard()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert len(connected.in_channel()) == 1
    assert len(connected.posts()) == 1
    assert len([each for each in connected.bot_messages() if each.get("text") == "Posted in Gold."]) == 1


def test_who_dies_before_he_can_tell_is_stood_in_for(connected: House, monkeypatch) -> None:
    connected.tap("ch")
    data = connected.buttons()["Post now"]

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(connected.sender, "send_own", die)
    with pytest.raises(Killed):
        connected.tap(data)
    monkeypatch.undo()
    connected.database.query(
        "UPDATE outbox SET lease_until = now() - interval '1 s' WHERE bot_id = %s AND state = 'leased'",
        connected.bot.id,
    )
    connected.database.query(
        "UPDATE outbox SET due_at = now() WHERE bot_id = %s AND state = 'waiting'", connected.bot.id
    )
    connected.drain()
    assert len(connected.in_channel()) == 1
    assert connected.said() == "On its way to Gold."
    connected.press("Where is it?")
    assert connected.said() == "Posted in Gold."


def test_the_same_again_within_a_day_asks_first(connected: House) -> None:
    for _ in range(2):
        connected.tap("ch")
        connected.press("Post now")
    assert "Post it once more?" in connected.said()
    assert len(connected.in_channel()) == 1
    connected.press("Post once more")
    assert len(connected.in_channel()) == 2


def test_what_came_in_between_is_seen_where_the_post_is_stored(connected: House) -> None:
    connected.post()
    with pytest.raises(posts.PostedBefore):
        connected.post(due_at=soon(hours=23))
    connected.post(due_at=soon(hours=25))
    connected.post(may_repeat=True)
    assert len(connected.posts()) == 3


@pytest.mark.parametrize("rights", [{"can_post_messages": False}, {"status": "kicked"}, {"status": "left"}])
def test_what_waits_outlasts_lost_rights_and_goes_out_with_them(connected: House, rights: dict) -> None:
    connected.post(due_at=soon(seconds=0))
    connected.post(due_at=soon(days=3), caption="Later")
    connected.place(**rights)
    assert connected.channel().broken == ("no_rights" if rights.get("status") is None else "removed")
    assert [post.stands for post in connected.posts()] == ["held", "held"]
    assert "t.me" in connected.buttons()["Connect a channel"]
    connected.drain()
    assert connected.simulator.calls("sendPhoto", bot=connected.bot.username) == []
    connected.database.query(
        "UPDATE outbox SET finished_at = now() - interval '9 days' WHERE bot_id = %s AND state = 'cancelled'",
        connected.bot.id,
    )
    connected.place(**RIGHTS)
    assert [post.stands for post in connected.posts()] == ["scheduled", "sending"]
    connected.drain()
    assert [post["caption"] for post in connected.in_channel()] == ["Hello"]
    assert [post.stands for post in connected.posts()] == ["scheduled", "posted"]


def test_a_refusal_that_comes_before_the_news_is_one_try_and_is_made_good(connected: House) -> None:
    connected.post()
    connected.simulator.ask(
        "POST", "/chats/bot", chat=connected.chat_id, bot=connected.bot.username, can_post_messages=False
    )
    connected.drain()
    connected.drain()
    assert len(connected.simulator.calls("sendPhoto", bot=connected.bot.username)) == 1
    assert (connected.channel().broken, connected.posts()[0].stands) == ("refused", "held")
    connected.tap("ch")
    assert "turns my posts in Gold away" in connected.said()
    connected.place(**RIGHTS)
    connected.drain()
    assert (connected.channel().broken, connected.posts()[0].stands) == (None, "posted")


def test_a_post_that_waits_is_changed_and_dropped_before_anybody_sees_it(connected: House) -> None:
    connected.post(due_at=soon(hours=5))
    connected.place(can_post_messages=False)
    (post,) = connected.posts()
    connected.apply(NewCaption(post.id, "Held and <b>changed</b>"))
    assert [each.stands for each in connected.posts()] == ["held"]
    connected.place(**RIGHTS)
    (again,) = connected.posts()
    assert (again.stands, again.due_at, again.caption) == ("scheduled", post.due_at, "Held and <b>changed</b>")
    connected.apply(NewCaption(post.id, "Last word"))
    connected.database.query(
        "UPDATE outbox SET due_at = now() WHERE bot_id = %s AND state = 'waiting'", connected.bot.id
    )
    connected.drain()
    assert [each["caption"] for each in connected.in_channel()] == ["Last word"]
    connected.post(due_at=soon(hours=5), caption="Never")
    connected.apply(Deletion(connected.posts()[0].id))
    connected.place(can_post_messages=False)
    connected.place(**RIGHTS)
    assert [each.stands for each in connected.posts()] == ["cancelled", "posted"]


def test_what_cannot_be_changed_any_more_says_so(connected: House) -> None:
    connected.post()
    connected.drain()
    (post,) = connected.posts()
    connected.database.query(
        "UPDATE outbox SET finished_at = now() - interval '49 hours' WHERE id = %s", post.outbox_id
    )
    with pytest.raises(posts.PostEnded):
        connected.apply(Deletion(post.id))
    connected.tap(f"pr:{post.id}")
    assert "48 hours only" in connected.said()
    connected.database.query(
        "UPDATE outbox SET state = 'leased', intent_at = now(), lease_until = now() + interval '1 hour' WHERE id = %s",
        post.outbox_id,
    )
    connected.tap(f"pe:{post.id}")
    assert "going out at this moment" in connected.said()


def test_nobody_posts_to_a_channel_that_somebody_else_connected(connected: House) -> None:
    stranger = connected.simulator.ask("POST", "/users", first_name="Eve", username=f"u{uuid4().hex[:10]}")["id"]
    connected.simulator.ask("POST", "/start", bot=connected.bot.username, user=stranger)
    connected.have_picture(user=stranger)
    connected.post()
    (post,) = connected.posts()
    connected.tap("ch", user=stranger)
    assert "No channel of yours" in connected.bot_messages(stranger)[-1]["text"]
    for data in (
        f"cc:{connected.channel().id}",
        f"pe:{post.id}",
        f"pr:{post.id}",
        f"ps:{post.id}",
        "pe:no-id",
        f"post:{post.id}:now",
    ):
        before = len(connected.bot_messages(stranger))
        connected.tap(data, user=stranger)
        assert len(connected.bot_messages(stranger)) == before
    draft = Draft(ids.new_id(), connected.channel().id, "Gold", PICTURE, "GOLD", "Mine")
    for change in (NewPost(draft, None), NewCaption(post.id, "Mine"), Deletion(post.id)):
        with pytest.raises((posts.ChannelNotFound, posts.PostNotFound)):
            connected.apply(change, person=stranger)
    assert [each.caption for each in connected.posts()] == ["Hello"]


def test_another_admins_change_of_rights_does_not_take_the_channel_over(connected: House) -> None:
    other = connected.simulator.ask("POST", "/users", first_name="Bob", username=f"u{uuid4().hex[:10]}")["id"]
    connected.place(by=other, **RIGHTS)
    assert connected.channel().connected_by == connected.user
    connected.place(by=other, status="kicked")
    connected.place(by=other, **RIGHTS)
    assert connected.channel().connected_by == other


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_tomorrow_at_nine_is_the_tenants_nine(connected: House, zone: str) -> None:
    with unit_of_work(connected.bot.tenant_id) as tx:
        moment = posts.moment_of(tx, "morning", zone)
    local, today = moment.astimezone(ZoneInfo(zone)), datetime.now(ZoneInfo(zone)).date()
    assert (local.hour, local.minute) == (9, 0)
    assert local.date() - today in (timedelta(days=1), timedelta(0))


@pytest.mark.parametrize(("button", "least_h"), [("In 1 hour", 0.9), ("Tomorrow 9:00", 8.9)])
def test_a_post_for_later_waits_in_the_outbox(connected: House, button: str, least_h: float) -> None:
    connected.tap("ch")
    connected.press(button)
    (post,) = connected.posts()
    assert post.stands == "scheduled"
    assert timedelta(hours=least_h) < post.due_at - datetime.now(UTC) < timedelta(hours=33.1)
    assert connected.said() == f"It will be posted in Gold: {post.due_local} (UTC)."
    connected.press("Don't post it")
    assert (connected.said(), connected.posts()[0].stands) == ("It is not posted in Gold.", "cancelled")


def test_several_channels_are_offered_and_cancel_drops_the_preview(connected: House) -> None:
    first = connected.chat_id
    connected.chat_id = connected.simulator.ask(
        "POST", "/chats", type="channel", title="Silver", members=[connected.user]
    )["id"]
    connected.place(**RIGHTS)
    connected.tap("ch")
    assert list(connected.buttons()) == ["Gold", "Silver"]
    connected.press("Silver")
    post_now = connected.buttons()["Post now"]
    connected.press("Cancel")
    assert connected.said() == "Nothing is posted."
    connected.tap(post_now)
    assert connected.in_channel() == []
    connected.chat_id = first
    assert connected.in_channel() == []
