"""What people do in Telegram: start a bot, write, press a button, block it, add it to a channel.

Each act changes the world and sends the update that Telegram would send.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from .entities import find_entities
from .members import member_json
from .state import Bot, CallbackQuery, Chat, Stored, Thread, Update, User, World
from .updates import Courier


class Refused(Exception):
    """Something that a person can't do: there is no such chat, message or button."""


class People:
    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.courier = courier

    def start(self, bot: Bot, user: User, payload: str = "") -> Update | None:
        """Opens the private chat by "Start" or a t.me link with a payload."""
        thread = self.world.private_thread(bot, user.id)
        if thread.blocked:
            self.unblock(bot, user)
        return self.write(bot, user, f"/start {payload}".strip())

    def write(self, bot: Bot, user: User, text: str, *, reply_to: int = 0) -> Update | None:
        """Sends a text to the bot in the private chat."""
        thread = self.world.private_thread(bot, user.id)
        thread.started = True
        if thread.blocked:
            raise Refused("the bot is blocked by this user; unblock it first")
        message = self._add(thread, user, text, reply_to)
        return self.courier.send(bot, "message", message, f"chat:{user.id}")

    def write_in(self, chat: Chat, user: User, text: str) -> list[Update]:
        """Sends a text to a group or posts it in a channel; every bot in it gets the update."""
        thread = self.world.chat_thread(chat)
        message = self._add(thread, user, text, 0)
        kind = "channel_post" if chat.type == "channel" else "message"
        bots = [bot for bot in self.world.bots.values() if chat.status_of(bot.id) not in ("none", "left", "kicked")]
        sent = [self.courier.send(bot, kind, message, f"chat:{chat.id}") for bot in bots]
        return [update for update in sent if update]

    def _add(self, thread: Thread, user: User, text: str, reply_to: int) -> dict[str, Any]:
        chat = self.world.chat_json(thread)
        sender = {"sender_chat": chat} if chat["type"] == "channel" else {"from": user.as_user()}
        message: dict[str, Any] = {"message_id": self.world.take_message_id(thread), **sender, "chat": chat,
                                   "date": int(self.world.clock.now()), "text": text}  # fmt: skip
        if entities := find_entities(text):
            message["entities"] = entities
        if original := thread.messages.get(reply_to):
            message["reply_to_message"] = {k: v for k, v in original.message.items() if k != "reply_to_message"}
        thread.messages[message["message_id"]] = Stored(message, user.id)
        self.world.changed("message", thread=thread.key, chat=thread.chat_id, message_id=message["message_id"])
        return message

    def press(self, thread: Thread, user: User, message_id: int, data: str) -> CallbackQuery:
        """Presses the inline button with that callback data."""
        stored = thread.messages.get(message_id)
        if stored is None:
            raise Refused("no such message in this chat")
        buttons = [
            button for row in stored.message.get("reply_markup", {}).get("inline_keyboard", []) for button in row
        ]
        if not any(button.get("callback_data") == data for button in buttons):
            raise Refused(f"the message has no button with the data {data!r}")
        bot = self.world.bots[stored.author]
        query = CallbackQuery(str(secrets.randbelow(9 * 10**17) + 10**17), bot.id, user.id, self.world.clock.now())
        self.world.callbacks[query.id] = query
        payload = {"id": query.id, "from": user.as_user(), "message": stored.message, "data": data,
                   "chat_instance": _chat_instance(thread)}  # fmt: skip
        self.courier.send(bot, "callback_query", payload, f"user:{user.id}")
        return query

    def ask_inline(self, bot: Bot, user: User, text: str) -> CallbackQuery:
        """Types "@bot text" in some chat."""
        query = CallbackQuery(str(secrets.randbelow(9 * 10**17) + 10**17), bot.id, user.id, self.world.clock.now())
        self.world.callbacks[query.id] = query
        payload = {"id": query.id, "from": user.as_user(), "query": text, "offset": "", "chat_type": "sender"}
        self.courier.send(bot, "inline_query", payload, f"inline:{user.id}")
        return query

    def block(self, bot: Bot, user: User) -> None:
        self._change_private(bot, user, blocked=True)

    def unblock(self, bot: Bot, user: User) -> None:
        self._change_private(bot, user, blocked=False)

    def _change_private(self, bot: Bot, user: User, *, blocked: bool) -> None:
        thread = self.world.private_thread(bot, user.id)
        if thread.blocked == blocked:
            return
        thread.blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._member_changed(bot, user, user.as_chat(), {"status": before}, {"status": after})
        self.world.changed("chats")

    def set_bot_in_chat(self, chat: Chat, bot: Bot, by: User, member: dict[str, Any]) -> None:
        """Adds, promotes, demotes or removes a bot. member: {"status", rights…}."""
        before = chat.members.get(bot.id, {"status": "left"})
        chat.members[bot.id] = member
        self._member_changed(bot, by, chat.as_chat(), before, member)
        self.world.changed("chats")

    def _member_changed(
        self, bot: Bot, by: User, chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        is_channel = chat["type"] == "channel"
        payload = {"chat": chat, "from": by.as_user(), "date": int(self.world.clock.now()),
                   "old_chat_member": member_json(bot.as_user(), old, is_channel=is_channel),
                   "new_chat_member": member_json(bot.as_user(), new, is_channel=is_channel)}  # fmt: skip
        self.courier.send(bot, "my_chat_member", payload, f"member:{chat['id']}")


def _chat_instance(thread: Thread) -> str:
    """The same for all buttons of one chat, also after a restart."""
    return str(int.from_bytes(hashlib.sha256(thread.key.encode()).digest()[:7], "big"))
