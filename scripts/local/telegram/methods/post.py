"""Putting a message into a chat: the part that all sending methods share."""

from __future__ import annotations

from typing import Any

from ..entities import utf16_length
from ..errors import bad_request
from ..formatting import format_text
from ..markup import check_markup
from ..state import Stored, Thread
from .call import Call

MAX_TEXT, MAX_CAPTION = 4096, 1024
NO_MARKUP = "Can't parse reply keyboard markup JSON object"


def read_text(call: Call, name: str = "text") -> tuple[str, list[dict[str, Any]]]:
    """A text parameter with its entities. Lengths count UTF-16 units after parsing, as the apps do."""
    given = call.params.lenient_data("caption_entities" if name == "caption" else "entities")
    return format_text(call.params.text(name), call.params.text("parse_mode"), given)


def text_content(call: Call) -> dict[str, Any]:
    return check_text(*read_text(call))


def check_text(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def caption_content(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    if utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: dict[str, Any] = {"caption": text} if text else {}
    return content | ({"caption_entities": entities} if entities else {})


def read_markup(call: Call) -> dict[str, Any] | None:
    return check_markup(call.params.data("reply_markup", NO_MARKUP))


def post(
    call: Call, thread: Thread, content: dict[str, Any], markup: dict[str, Any] | None, *, unique: str = ""
) -> dict[str, Any]:
    """Adds the bot's message to the thread and returns it as the Bot API shows it. Raises 400 without the right."""
    call.check_may_send(thread, content)
    chat = call.world.chat_json(thread)
    is_channel = chat["type"] == "channel"
    sender = {"sender_chat": chat} if is_channel else {"from": call.bot.as_user()}
    is_inline = markup is not None and "inline_keyboard" in markup
    message = {
        "message_id": call.world.take_message_id(thread), **sender, "chat": chat, "date": call.now(),
        **_reply_to(call, thread), **content, **({"reply_markup": markup} if is_inline else {}),
    }  # fmt: skip
    if call.params.boolean("protect_content"):
        message["has_protected_content"] = True
    keyboard = None if is_inline else markup
    thread.messages[message["message_id"]] = Stored(message, call.bot.id, keyboard, unique)
    call.world.changed("message", thread=thread.key, chat=thread.chat_id, message_id=message["message_id"])
    return message


def _reply_to(call: Call, thread: Thread) -> dict[str, Any]:
    given = call.params.data("reply_parameters", "Can't parse reply parameters JSON object")
    if given is not None and not isinstance(given, dict):
        raise bad_request("Object expected as reply parameters")
    given = given or {"message_id": call.params.integer("reply_to_message_id")}
    wanted = given.get("message_id")
    if not isinstance(wanted, int):
        raise bad_request('field "message_id" must be of type Number')
    if not wanted:
        return {}
    original = thread.messages.get(wanted)
    if original is None:
        if given.get("allow_sending_without_reply") or call.params.boolean("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quoted = {key: value for key, value in original.message.items() if key != "reply_to_message"}
    return {"reply_to_message": quoted}
