"""Texts, deletions, copies, and the "typing" line."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..state import Stored, Thread
from .call import Call
from .copies import read_message_ids
from .post import post, read_markup, text_content

ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip
DELETABLE_S = 48 * 3600


async def send_message(call: Call) -> dict[str, Any]:
    markup = read_markup(call)
    content = text_content(call)
    return post(call, call.chat("write"), content, markup)


async def send_chat_action(call: Call) -> bool:
    action = call.params.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread = call.chat("write")
    call.check_may_send(thread, {"text": ""})
    call.world.changed("action", thread=thread.key, chat=thread.chat_id, action=action)
    return True


async def delete_message(call: Call) -> bool:
    if not call.params.text("chat_id"):
        raise bad_request("Chat identifier is not specified")
    if call.params.integer("message_id") <= 0:
        raise bad_request("Message identifier is not specified")
    thread = call.chat("write")
    stored = call.message(thread, "message to delete")
    if problem := _why_not_deletable(call, thread, stored):
        raise bad_request(problem)
    remove(call, thread, stored)
    return True


async def delete_messages(call: Call) -> bool:
    """Skips what isn't there, refuses all when one may not be deleted."""
    if not call.params.text("chat_id"):
        raise bad_request("Chat identifier is not specified")
    ids = read_message_ids(call)
    thread = call.chat("write")
    found = [stored for message_id in ids if (stored := thread.messages.get(message_id))]
    if problem := next((why for stored in found if (why := _why_not_deletable(call, thread, stored))), ""):
        raise bad_request(problem)
    for stored in found:
        remove(call, thread, stored)
    return True


def remove(call: Call, thread: Thread, stored: Stored) -> None:
    message_id = stored.message["message_id"]
    del thread.messages[message_id]
    call.world.changed("deleted", thread=thread.key, chat=thread.chat_id, message_id=message_id)


def _why_not_deletable(call: Call, thread: Thread, stored: Stored) -> str:
    """As the vendor's can_delete_message and can_revoke_message (MessagesManager.cpp); "" when it may go."""
    is_old = call.now() - stored.message["date"] > DELETABLE_S
    chat = call.world.chats.get(thread.chat_id)
    if chat is None:
        return "Message can't be deleted for everyone" if is_old else ""
    is_own = stored.author == call.bot.id
    if chat.type == "group":
        is_admin = chat.status_of(call.bot.id) in ("creator", "administrator")
        return "" if (is_own or is_admin) and not is_old else "Message can't be deleted for everyone"
    may = call.has_right(chat, "can_delete_messages") or (
        is_own and (chat.type != "channel" or call.has_right(chat, "can_post_messages"))
    )
    return "" if may and not is_old else "Message can't be deleted"


METHODS = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
