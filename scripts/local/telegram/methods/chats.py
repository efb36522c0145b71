"""Looking at chats and members, leaving them."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..members import member_json
from ..state import Chat
from .call import Call


async def get_chat(call: Call) -> dict[str, Any]:
    thread = call.chat()
    chat = call.world.chat_json(thread)
    full = {"accent_color_id": thread.chat_id % 7 if thread.chat_id > 0 else -thread.chat_id % 7,
            "max_reaction_count": 11, "accepted_gift_types": _GIFTS}  # fmt: skip
    return {**chat, **full}


_GIFTS = {"unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
          "gifts_from_channels": False}  # fmt: skip


async def get_chat_member(call: Call) -> dict[str, Any]:
    thread = call.chat()
    user_id = call.params.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    chat = call.world.chats.get(thread.chat_id)
    if chat is None:
        if user_id not in (thread.chat_id, call.bot.id):
            raise bad_request("user not found")
        return _shown(call, {"status": "member"}, user_id, None)
    if user_id not in chat.members and user_id not in call.world.users:
        raise bad_request("user not found")
    return _shown(call, chat.members.get(user_id, {"status": "left"}), user_id, chat)


def _shown(call: Call, member: dict[str, Any], user_id: int, chat: Chat | None) -> dict[str, Any]:
    user = call.world.users.get(user_id) or call.world.bots.get(user_id)
    if user is None:
        raise bad_request("user not found")
    return member_json(user.as_user(), member, is_channel=chat is not None and chat.type == "channel")


async def get_chat_administrators(call: Call) -> list[dict[str, Any]]:
    thread = call.chat()
    chat = call.world.chats.get(thread.chat_id)
    if chat is None:
        raise bad_request("there are no administrators in the private chat")
    return [
        _shown(call, member, user_id, chat)
        for user_id, member in chat.members.items()
        if member["status"] in ("creator", "administrator")
    ]


async def get_chat_member_count(call: Call) -> int:
    thread = call.chat()
    chat = call.world.chats.get(thread.chat_id)
    if chat is None:
        return 2
    return sum(member["status"] not in ("left", "kicked") for member in chat.members.values())


async def leave_chat(call: Call) -> bool:
    thread = call.chat()
    chat = call.world.chats.get(thread.chat_id)
    if chat is None:
        raise bad_request("chat not found")
    chat.members[call.bot.id] = {"status": "left"}
    call.world.changed("chats")
    return True


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
