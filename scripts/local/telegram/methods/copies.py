"""Copies and forwards, one message or many at once."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..state import Stored, Thread
from .call import Call
from .post import caption_content, post, read_markup, read_text

KEPT = ("text", "entities", "caption", "caption_entities", "photo", "document", "has_media_spoiler")
MOST = 100


async def copy_message(call: Call) -> dict[str, int]:
    stored = _original(call, "copy")
    content = _content(stored)
    if "caption" in call.params.values and "text" not in content:
        content = {key: value for key, value in content.items() if key not in ("caption", "caption_entities")}
        content |= caption_content(*read_text(call, "caption"))
    sent = post(call, call.chat("write"), content, read_markup(call), unique=stored.unique)
    return {"message_id": sent["message_id"]}


async def forward_message(call: Call) -> dict[str, Any]:
    return _forward(call, _original(call, "forward"), call.chat("write"))


async def copy_messages(call: Call) -> list[dict[str, int]]:
    def copy(stored: Stored, thread: Thread) -> dict[str, Any]:
        content = _content(stored)
        if call.params.boolean("remove_caption"):
            content = {key: value for key, value in content.items() if key not in ("caption", "caption_entities")}
        return post(call, thread, content, None, unique=stored.unique)

    return [{"message_id": sent["message_id"]} for sent in _several(call, copy)]


async def forward_messages(call: Call) -> list[dict[str, int]]:
    sent = _several(call, lambda stored, thread: _forward(call, stored, thread))
    return [{"message_id": message["message_id"]} for message in sent]


def _several(call: Call, resend: Any) -> list[dict[str, Any]]:
    """Those of the messages that exist, in the order of their numbers; 400 when none does."""
    ids = read_message_ids(call)
    source = _source(call)
    found = [stored for message_id in ids if (stored := source.messages.get(message_id))]
    if not found:
        raise bad_request("there are no messages to forward")
    if any(stored.message.get("has_protected_content") for stored in found):
        raise bad_request("message has protected content and can't be forwarded")
    thread = call.chat("write")
    return [resend(stored, thread) for stored in found]


def read_message_ids(call: Call) -> list[int]:
    ids = call.params.data("message_ids", "Can't parse message_ids JSON object")
    if ids is None or ids == []:
        raise bad_request("Message identifiers are not specified")
    if not isinstance(ids, list):
        raise bad_request("Expected an Array of message identifiers")
    if len(ids) > MOST:
        raise bad_request("Too many message identifiers specified")
    if not all(type(message_id) is int for message_id in ids):
        raise bad_request("Message identifier must be a Number")
    if min(ids) <= 0:
        raise bad_request("Invalid message identifier specified")
    return ids


def _source(call: Call) -> Thread:
    given = call.params.text("from_chat_id")
    if not given:
        raise bad_request('Parameter "from_chat_id" is required')
    values = {**call.params.values, "chat_id": given}
    return Call(call.world, call.courier, call.bot, type(call.params)(values)).chat()


def _original(call: Call, verb: str) -> Stored:
    stored = call.message(_source(call), f"message to {verb}")
    if stored.message.get("has_protected_content"):
        raise bad_request("message has protected content and can't be forwarded")
    return stored


def _content(stored: Stored) -> dict[str, Any]:
    content = {key: value for key, value in stored.message.items() if key in KEPT}
    if not content:
        raise bad_request("Message can't be copied")
    return content


def _forward(call: Call, stored: Stored, thread: Thread) -> dict[str, Any]:
    message = stored.message
    origin: dict[str, Any] = {"type": "channel", "chat": message["chat"], "message_id": message["message_id"]}
    if "from" in message:
        origin = {"type": "user", "sender_user": message["from"]}
    content = {**_content(stored), "forward_origin": message.get("forward_origin", {**origin, "date": message["date"]})}
    return post(call, thread, content, read_markup(call), unique=stored.unique)


METHODS = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
