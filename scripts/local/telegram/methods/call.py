"""What a method gets: the world, the calling bot, the parameters. And how it finds the chat it is meant for."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ApiError, bad_request, forbidden
from ..params import Params
from ..state import Bot, Chat, Stored, Thread, World
from ..updates import Courier


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

    def chat(self, *, to_send: bool = False, right: str = "can_post_messages") -> Thread:
        """The thread that chat_id names. Raises the vendor's 400 and 403; with `to_send` also when it may not write."""
        given = self.params.text("chat_id")
        if not given:
            raise bad_request("chat_id is empty")
        if given.startswith("@"):
            chat = next((c for c in self.world.chats.values() if c.username.lower() == given[1:].lower()), None)
            if chat is None:
                raise bad_request("chat not found")
            return self._shared_chat(chat, to_send, right)
        try:
            chat_id = int(given)
        except ValueError:
            raise bad_request("chat not found") from None
        if chat_id in self.world.chats:
            return self._shared_chat(self.world.chats[chat_id], to_send, right)
        return self._private_chat(chat_id, to_send)

    def _private_chat(self, user_id: int, to_send: bool) -> Thread:
        user = self.world.users.get(user_id)
        if user is None:
            if user_id in self.world.bots and to_send:
                raise forbidden("bots can't send messages to bots")
            raise bad_request("chat not found")
        thread = self.world.private_thread(self.bot, user_id)
        if not thread.started:
            knows = any(chat.status_of(self.bot.id) != "none" and user_id in chat.members
                        for chat in self.world.chats.values())  # fmt: skip
            raise forbidden("bot can't initiate conversation with a user") if knows else bad_request("chat not found")
        if to_send and user.deactivated:
            raise forbidden("user is deactivated")
        if to_send and thread.blocked:
            raise forbidden("bot was blocked by the user")
        return thread

    def _shared_chat(self, chat: Chat, to_send: bool, right: str) -> Thread:
        status = chat.status_of(self.bot.id)
        kind = f"{chat.type} chat"
        if chat.migrated_to:
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat",
                           {"migrate_to_chat_id": chat.migrated_to})  # fmt: skip
        if status == "none" and not chat.username:
            raise bad_request("chat not found")
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {kind}")
        if status in ("none", "left") and (to_send or not chat.username):
            raise forbidden(f"bot is not a member of the {kind}")
        if to_send and chat.type == "channel" and not self._has_right(chat, right):
            raise bad_request("need administrator rights in the channel chat")
        return self.world.chat_thread(chat)

    def _has_right(self, chat: Chat, right: str) -> bool:
        member = chat.members[self.bot.id]
        return member["status"] == "creator" or (member["status"] == "administrator" and bool(member.get(right)))

    def message(self, thread: Thread, what: str) -> Stored:
        """The message that message_id names; `what` words the refusal ("message to edit")."""
        if not self.params.text("message_id"):
            raise bad_request("message identifier is not specified")
        stored = thread.messages.get(self.params.integer("message_id"))
        if stored is None:
            raise bad_request(f"{what} not found")
        return stored
