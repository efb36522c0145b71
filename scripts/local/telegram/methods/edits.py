"""Changing what was sent: text, caption, media, buttons."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..markup import check_markup
from ..state import Stored, Thread
from .albums import input_media
from .call import Call
from .post import NO_MARKUP, caption_content, read_text, text_content

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TEXT_FIELDS = ("text", "entities")
CAPTION_FIELDS = ("caption", "caption_entities")
MEDIA_FIELDS = ("photo", "document", "has_media_spoiler")


async def edit_message_text(call: Call) -> dict[str, Any]:
    content = text_content(call)
    thread, stored = _target(call)
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    return _apply(call, thread, stored, content, TEXT_FIELDS)


async def edit_message_caption(call: Call) -> dict[str, Any]:
    content = caption_content(*read_text(call, "caption"))
    thread, stored = _target(call)
    if not any(field in stored.message for field in MEDIA_FIELDS):
        raise bad_request("there is no caption in the message to edit")
    return _apply(call, thread, stored, content, CAPTION_FIELDS)


async def edit_message_media(call: Call) -> dict[str, Any]:
    media = call.params.data("media", "Can't parse input media JSON object")
    thread, stored = _target(call)
    content, unique = await input_media(call, media, ("photo", "document"))
    if unique == stored.unique:
        kept = {key: stored.message[key] for key in MEDIA_FIELDS if key in stored.message}
        content |= kept
    edited = _apply(call, thread, stored, content, TEXT_FIELDS + CAPTION_FIELDS + MEDIA_FIELDS)
    stored.unique = unique
    return edited


async def edit_message_reply_markup(call: Call) -> dict[str, Any]:
    thread, stored = _target(call)
    return _apply(call, thread, stored, {}, ())


def _target(call: Call) -> tuple[Thread, Stored]:
    thread = call.chat()
    stored = call.message(thread, "message to edit")
    if stored.author != call.bot.id:
        raise bad_request("message can't be edited")
    return thread, stored


def _apply(
    call: Call, thread: Thread, stored: Stored, content: dict[str, Any], replaced: tuple[str, ...]
) -> dict[str, Any]:
    """Replaces those fields by the content, and the buttons by reply_markup (none given means none)."""
    markup = check_markup(call.params.data("reply_markup", NO_MARKUP))
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("Inline keyboard expected")
    outdated = (*replaced, "reply_markup", "edit_date")
    kept = {key: value for key, value in stored.message.items() if key not in outdated}
    message = {**kept, **content, **({"reply_markup": markup} if markup else {})}
    if message == {key: value for key, value in stored.message.items() if key != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    stored.message = {**message, "edit_date": call.now()}
    call.world.changed("edited", thread=thread.key, chat=thread.chat_id, message_id=message["message_id"])
    return stored.message


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
}
