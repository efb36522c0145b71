"""A person with a bot and a channel, as the tests of channels and posts play them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.telegram import bots, channels, posts
from promostack.telegram.inbox import Inbox
from promostack.telegram.models import Bot, Picture, Shown
from promostack.telegram.post_desk import PostDesk
from promostack.telegram.post_models import Draft, NewPost, Post
from promostack.telegram.updates import UpdateHandler

PICTURE = Picture("renders/x.png", "b" * 64, "image/png")
RIGHTS = {"can_post_messages": True, "can_edit_messages": True}


class Desk:
    """The house of one person: every code is good, every picture is the same one."""

    def __init__(self, bot: Bot, user_id: int) -> None:
        self.posts = PostDesk(bot, user_id)

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

    def handler(self) -> Inbox:
        return Inbox(lambda: UpdateHandler(lambda bot, incoming: Desk(bot, incoming.user_id), self.sender))

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
        shown = Shown(PICTURE, "GOLD", "https://shop.example.com/?promo=GOLD", "p1")
        state = json.dumps({"code": "GOLD", "picture": shown.as_json()})
        self.database.query(
            "INSERT INTO conversations (tenant_id, bot_id, user_id, chat_id, state, started_at)"
            " VALUES (%s, %s, %s, %s, %s, now())"
            " ON CONFLICT (tenant_id, bot_id, user_id) DO UPDATE SET state = excluded.state",
            self.bot.tenant_id, self.bot.id, user or self.user, user or self.user, state,
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


def soon(**ahead: float) -> datetime:
    return datetime.now(UTC) + timedelta(**ahead)
