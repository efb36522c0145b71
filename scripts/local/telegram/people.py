"""What people do in Telegram: start a bot, write, press a button, block it, add it to a channel.

Each act changes the world and sends the update that Telegram would send.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from .entities import find_entities
from .members import is_in, member_json
from .privacy import sees
from .state import Bot, CallbackQuery, Chat, Stored, Thread, Update, User, World
from .updates import Courier

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
BOT_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
MAX_INLINE_QUERY = 256
QUERIES_KEPT = 2_000  # an answer comes within 150 s or never


class Refused(Exception):
    """Something that a person can't do: there is no such chat, message or button."""


class People:
    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.courier = courier

    def start(self, bot: Bot, user: User, payload: str = "") -> Update | None:
        """Opens the private chat by "Start" or a t.me link with a payload of 1-64 characters."""
        if payload and not START_PAYLOAD.fullmatch(payload):
            raise Refused("a start payload has 1-64 of A-Za-z0-9_-; Telegram opens the chat without it")
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
        message = self._add(thread, user, {"text": text}, reply_to)
        return self.courier.send(bot, "message", message, f"chat:{user.id}")

    def write_in(self, chat: Chat, user: User, text: str, *, reply_to: int = 0) -> list[Update]:
        """Sends a text to a group or posts it in a channel; every bot that may read it gets the update."""
        thread = self.world.chat_thread(chat)
        message = self._add(thread, user, {"text": text}, reply_to)
        return self._tell_bots(chat, thread, message)

    def _tell_bots(self, chat: Chat, thread: Thread, message: dict[str, Any]) -> list[Update]:
        kind = "channel_post" if chat.type == "channel" else "message"
        bots = [
            bot for bot in self.world.bots.values()
            if is_in(chat.members.get(bot.id, {})) and sees(bot, chat, thread, message)
        ]  # fmt: skip
        sent = [self.courier.send(bot, kind, message, f"chat:{chat.id}") for bot in bots]
        return [update for update in sent if update]

    def _add(self, thread: Thread, user: User, content: dict[str, Any], reply_to: int, **stored: Any) -> dict[str, Any]:
        chat = self.world.chat_json(thread)
        sender = {"sender_chat": chat} if chat["type"] == "channel" else {"from": user.as_user()}
        message: dict[str, Any] = {"message_id": self.world.take_message_id(thread), **sender, "chat": chat,
                                   "date": int(self.world.clock.now()), **content}  # fmt: skip
        if "entities" not in content and (entities := find_entities(content.get("text", ""))):
            message["entities"] = entities
        if original := thread.messages.get(reply_to):
            message["reply_to_message"] = {k: v for k, v in original.message.items() if k != "reply_to_message"}
        thread.messages[message["message_id"]] = Stored(message, user.id, **stored)
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
        bot = self.world.bots[stored.author if stored.via_bot is None else stored.via_bot]
        about = {"inline_message_id": stored.inline_id} if stored.inline_id else {"message": stored.message}
        query = self._query(bot, user)
        payload = {"id": query.id, "from": user.as_user(), **about, "data": data,
                   "chat_instance": _chat_instance(thread)}  # fmt: skip
        self.courier.send(bot, "callback_query", payload, f"user:{user.id}")
        return query

    def _query(self, bot: Bot, user: User, text: str = "") -> CallbackQuery:
        number = str(secrets.randbelow(9 * 10**17) + 10**17)
        query = CallbackQuery(number, bot.id, user.id, self.world.clock.now(), text=text)
        self.world.callbacks[query.id] = query
        if len(self.world.callbacks) > QUERIES_KEPT:
            del self.world.callbacks[next(iter(self.world.callbacks))]
        return query

    def ask_inline(self, bot: Bot, user: User, text: str, *, chat_type: str = "sender") -> CallbackQuery:
        """Types "@bot text" in some chat."""
        if not bot.has_inline:
            raise Refused("inline mode of this bot is off; its owner turns it on at BotFather with /setinline")
        if len(text) > MAX_INLINE_QUERY:
            raise Refused(f"an inline query has at most {MAX_INLINE_QUERY} characters")
        query = self._query(bot, user, text)
        payload = {"id": query.id, "from": user.as_user(), "query": text, "offset": "", "chat_type": chat_type}
        self.courier.send(bot, "inline_query", payload, f"inline:{user.id}")
        return query

    def choose_inline(self, query: CallbackQuery, result_id: str, thread: Thread) -> dict[str, Any]:
        """Sends the chosen result to a chat, "via" the bot; tells the bot what was chosen if it asked for feedback."""
        message = ((query.answer or {}).get("messages") or {}).get(result_id)
        if message is None:
            raise Refused(f"the answer has no result {result_id!r}")
        bot, user = self.world.bots[query.bot_id], self.world.users[query.user_id]
        inline_id = secrets.token_urlsafe(20)[:27] if message["markup"] else ""
        content = {"via_bot": bot.as_user(), **message["content"]}
        if message["markup"]:
            content["reply_markup"] = message["markup"]
        sent = self._add(thread, user, content, 0, unique=message["unique"], via_bot=bot.id, inline_id=inline_id)
        if bot.has_inline_feedback:
            chosen = {"result_id": result_id, "from": user.as_user(), "query": query.text}
            chosen |= {"inline_message_id": inline_id} if inline_id else {}
            self.courier.send(bot, "chosen_inline_result", chosen, f"chosen:{user.id}")
        if thread.bot_id is not None:
            thread.started = True
            self.courier.send(self.world.bots[thread.bot_id], "message", sent, f"chat:{user.id}")
        else:
            self._tell_bots(self.world.chats[thread.chat_id], thread, sent)
        return sent

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

    def create_managed_bot(self, manager: Bot, user: User, username: str, name: str) -> Bot:
        """Follows t.me/newbot/MANAGER/USERNAME: a bot that the person owns and the manager runs (bots.createBot)."""
        if not manager.can_manage_bots:
            raise Refused("MANAGER_PERMISSION_MISSING")
        if not username.lower().endswith("bot"):
            raise Refused("USERNAME_SUFFIX_MISSING")
        if not BOT_USERNAME.fullmatch(username):
            raise Refused("USERNAME_INVALID")
        if any(bot.username.lower() == username.lower() for bot in self.world.bots.values()):
            raise Refused("USERNAME_OCCUPIED")
        if not 1 <= len(name) <= 64:
            raise Refused("NAME_INVALID")
        bot = self.world.add_bot({"username": username, "first_name": name})
        bot.manager, bot.owner = manager.id, user.id
        self._tell_manager(bot)
        self.world.changed("chats")
        return bot

    def replace_token(self, bot: Bot) -> None:
        """What the owner does at BotFather with /revoke; a manager is told that there is a new token."""
        self.world.replace_token(bot)
        self._tell_manager(bot)
        self.world.changed("chats")

    def _tell_manager(self, bot: Bot) -> None:
        if bot.manager is not None and bot.owner is not None:
            payload = {"user": self.world.users[bot.owner].as_user(), "bot": bot.as_user()}
            self.courier.send(self.world.bots[bot.manager], "managed_bot", payload, f"managed:{bot.owner}")

    def set_bot_in_chat(self, chat: Chat, bot: Bot, by: User, member: dict[str, Any]) -> None:
        """Adds, promotes, demotes or removes a bot. member: {"status", rights…}."""
        before = chat.members.get(bot.id, {"status": "left"})
        if chat.type != "channel" and is_in(before) and not is_in(member):
            self._note(chat, by, {"left_chat_member": bot.as_user()})
        chat.members[bot.id] = member
        if chat.type != "channel" and is_in(member) and not is_in(before):
            self._note(chat, by, {"new_chat_members": [bot.as_user()]})
        self._member_changed(bot, by, chat.as_chat(), before, member)
        self.world.changed("chats")

    def migrate(self, group: Chat, new_id: int) -> Chat:
        """A group becomes a supergroup with another number; its bots are told in both."""
        new = Chat(new_id, "supergroup", group.title, members=dict(group.members))
        self.world.chats[new.id] = new
        by = self.world.users.get(next(iter(group.members), 0)) or next(iter(self.world.users.values()))
        self._note(group, by, {"migrate_to_chat_id": new.id})
        self._note(new, by, {"migrate_from_chat_id": group.id})
        group.migrated_to = new.id
        self.world.changed("chats")
        return new

    def _note(self, chat: Chat, by: User, content: dict[str, Any]) -> None:
        """A service message: what happened to the group, which every bot in it sees."""
        thread = self.world.chat_thread(chat)
        self._tell_bots(chat, thread, self._add(thread, by, content, 0))

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
