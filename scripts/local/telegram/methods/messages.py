"""Texts, deletions, copies, and the "typing" line."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..state import Stored, Thread
from .call import Call
from .post import post, read_markup, text_content

ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip
DELETABLE_S = 48 * 3600


async def send_message(call: Call) -> dict[str, Any]:
    markup = read_markup(call)
    content = text_content(call)
    return post(call, call.chat(to_send=True), content, markup)


async def send_chat_action(call: Call) -> bool:
    action = call.params.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread = call.chat(to_send=True)
    call.world.changed("action", thread=thread.key, chat=thread.chat_id, action=action)
    return True


async def delete_message(call: Call) -> bool:
    thread = call.chat()
    stored = call.message(thread, "message to delete")
    if not _may_delete(call, thread, stored):
        raise bad_request("message can't be deleted for everyone")
    remove(call, thread, stored)
    return True


async def delete_messages(call: Call) -> bool:
    thread = call.chat()
    ids = call.params.data("message_ids", "Can't parse message_ids JSON object")
    if not isinstance(ids, list) or not ids:
        raise bad_request("Message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("Too many message identifiers specified")
    if not all(isinstance(message_id, int) for message_id in ids):
        raise bad_request("Message identifier must be a Number")
    for message_id in ids:
        if stored := thread.messages.get(message_id):
            remove(call, thread, stored)
    return True


def remove(call: Call, thread: Thread, stored: Stored) -> None:
    message_id = stored.message["message_id"]
    del thread.messages[message_id]
    call.world.changed("deleted", thread=thread.key, chat=thread.chat_id, message_id=message_id)


def _may_delete(call: Call, thread: Thread, stored: Stored) -> bool:
    is_recent = call.now() - stored.message["date"] <= DELETABLE_S
    chat = call.world.chats.get(thread.chat_id)
    if chat and chat.members.get(call.bot.id, {}).get("can_delete_messages"):
        return True
    return is_recent and (thread.bot_id is not None or stored.author == call.bot.id)


async def copy_message(call: Call) -> dict[str, int]:
    return {"message_id": _resend(call, "copy")["message_id"]}


async def forward_message(call: Call) -> dict[str, Any]:
    return _resend(call, "forward")


def _resend(call: Call, verb: str) -> dict[str, Any]:
    source = Call(call.world, call.courier, call.bot, call.params)
    source.params = type(call.params)({**call.params.values, "chat_id": call.params.text("from_chat_id")})
    stored = source.message(source.chat(), f"message to {verb}")
    kept = ("text", "entities", "caption", "caption_entities", "photo", "document")
    content = {key: value for key, value in stored.message.items() if key in kept}
    if verb == "forward":
        content["forward_origin"] = {"type": "hidden_user", "date": stored.message["date"], "sender_user_name": "…"}
    return post(call, call.chat(to_send=True), content, read_markup(call), unique=stored.unique)


METHODS = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
