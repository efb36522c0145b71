"""What a method gets: the world, the calling bot, the parameters. And how it finds the chat it is meant for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ApiError, bad_request, forbidden
from ..params import Params
from ..state import Bot, Chat, Stored, Thread, World
from ..updates import Courier

SENDING = {"photo": ("can_send_photos", "photos"), "document": ("can_send_documents", "documents"),
           "text": ("can_send_messages", "text messages")}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """A result that the vendor answers with a `description` beside it."""

    result: bool
    description: str


@dataclass
class Call:
    world: World
    courier: Courier
    bot: Bot
    params: Params

    def now(self) -> int:
        return int(self.world.clock.now())

    def chat(self, access: str = "read") -> Thread:
        """The thread that chat_id names, to "read", "edit" (as a member) or "write". Raises the vendor's 400, 403."""
        given = self.params.text("chat_id")
        if not given:
            raise bad_request("chat_id is empty")
        if given.startswith("@"):
            chat = next((c for c in self.world.chats.values() if c.username.lower() == given[1:].lower()), None)
            if chat is None:
                raise bad_request("chat not found")
            return self._shared_chat(chat, access)
        try:
            chat_id = int(given)
        except ValueError:
            raise bad_request("chat not found") from None
        if chat_id in self.world.chats:
            return self._shared_chat(self.world.chats[chat_id], access)
        return self._private_chat(chat_id, access)

    def _private_chat(self, user_id: int, access: str) -> Thread:
        user = self.world.users.get(user_id)
        if user is None:
            if user_id in self.world.bots and access == "write":
                raise forbidden("the bot can't send messages to the bot")
            raise bad_request("chat not found")
        thread = self.world.private_thread(self.bot, user_id)
        if not thread.started:
            knows = any(chat.status_of(self.bot.id) != "none" and user_id in chat.members
                        for chat in self.world.chats.values())  # fmt: skip
            raise forbidden("bot can't initiate conversation with a user") if knows else bad_request("chat not found")
        if access != "read" and user.deactivated:
            raise forbidden("user is deactivated")
        if access == "write" and thread.blocked:
            raise forbidden("bot was blocked by the user")
        return thread

    def _shared_chat(self, chat: Chat, access: str) -> Thread:
        """As the vendor's check_chat_access (Client.cpp): what a channel hides is open to members only."""
        status = chat.status_of(self.bot.id)
        kind = f"{chat.type} chat"
        if chat.migrated_to and access == "write":
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat",
                           {"migrate_to_chat_id": chat.migrated_to})  # fmt: skip
        if chat.deleted and access == "write":
            raise forbidden("the group chat was deleted")
        if status == "none" and not chat.username:
            raise bad_request("chat not found")
        is_open = access == "read" and (bool(chat.username) or chat.type == "group")
        if status == "kicked" and (chat.type != "group" or access != "read"):
            raise forbidden(f"bot was kicked from the {kind}")
        if status in ("none", "left") and not is_open:
            raise forbidden(f"bot is not a member of the {kind}")
        return self.world.chat_thread(chat)

    def check_may_send(self, thread: Thread, content: dict[str, Any]) -> None:
        """Raises 400 when the bot has no right to send this kind of message here (MessageContent.cpp)."""
        chat = self.world.chats.get(thread.chat_id)
        if chat is None:
            return
        if chat.type == "channel" and not self.has_right(chat, "can_post_messages"):
            raise bad_request("Need administrator rights in the channel chat")
        member = chat.members.get(self.bot.id, {})
        right, words = next((named for kind, named in SENDING.items() if kind in content), SENDING["text"])
        if member.get("status") == "restricted" and not member.get(right):
            raise bad_request(f"Not enough rights to send {words} to the chat")

    def has_right(self, chat: Chat, right: str) -> bool:
        member = chat.members.get(self.bot.id, {})
        return member.get("status") == "creator" or (
            member.get("status") == "administrator" and bool(member.get(right))
        )

    def message(self, thread: Thread, what: str) -> Stored:
        """The message that message_id names; `what` words the refusal ("message to edit")."""
        stored = thread.messages.get(self.params.integer("message_id"))
        if stored is None:
            raise bad_request(f"{what} not found")
        return stored
