"""Changing what was sent: text, caption, media, buttons."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..markup import check_markup
from ..state import Stored, Thread
from .albums import input_media
from .call import Call
from .post import NO_MARKUP, caption_content, read_text, text_content

Edited = dict[str, Any] | bool

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TEXT_FIELDS = ("text", "entities")
CAPTION_FIELDS = ("caption", "caption_entities")
MEDIA_FIELDS = ("photo", "document", "has_media_spoiler")


async def edit_message_text(call: Call) -> Edited:
    content = text_content(call)
    thread, stored = _target(call)
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    return _apply(call, thread, stored, content, TEXT_FIELDS)


async def edit_message_caption(call: Call) -> Edited:
    content = caption_content(*read_text(call, "caption"))
    thread, stored = _target(call)
    if not any(field in stored.message for field in MEDIA_FIELDS):
        raise bad_request("there is no caption in the message to edit")
    return _apply(call, thread, stored, content, CAPTION_FIELDS)


async def edit_message_media(call: Call) -> Edited:
    if not call.params.text("media"):
        raise bad_request('Parameter "media" is required')
    media = call.params.data("media", "Can't parse input media JSON object")
    thread, stored = _target(call)
    content, unique = await input_media(call, media, ("photo", "document"))
    if unique == stored.unique:
        kept = {key: stored.message[key] for key in MEDIA_FIELDS if key in stored.message}
        content |= kept
    edited = _apply(call, thread, stored, content, TEXT_FIELDS + CAPTION_FIELDS + MEDIA_FIELDS)
    stored.unique = unique
    return edited


async def edit_message_reply_markup(call: Call) -> Edited:
    thread, stored = _target(call)
    return _apply(call, thread, stored, {}, ())


def _target(call: Call) -> tuple[Thread, Stored]:
    """The message to edit: by chat_id and message_id, or by inline_message_id when both are absent."""
    if not call.params.text("chat_id") and not call.params.integer("message_id"):
        return _inline_target(call)
    thread = call.chat("edit")
    stored = call.message(thread, "message to edit")
    if not _may_edit(call, thread, stored):
        raise bad_request("message can't be edited")
    return thread, stored


def _inline_target(call: Call) -> tuple[Thread, Stored]:
    wanted = call.params.text("inline_message_id")
    if not wanted:
        raise bad_request("Message identifier is not specified")
    for thread in call.world.threads.values():
        for stored in thread.messages.values():
            if stored.inline_id == wanted and stored.via_bot == call.bot.id:
                return thread, stored
    raise bad_request("MESSAGE_ID_INVALID")


def _may_edit(call: Call, thread: Thread, stored: Stored) -> bool:
    """As the vendor's can_edit_message (MessagesManager.cpp)."""
    if "forward_origin" in stored.message or stored.keyboard:
        return False
    if stored.via_bot is not None:
        return stored.via_bot == call.bot.id
    chat = call.world.chats.get(thread.chat_id)
    is_own = stored.author == call.bot.id
    if chat is None or chat.type != "channel":
        return is_own
    return call.has_right(chat, "can_edit_messages") or (is_own and call.has_right(chat, "can_post_messages"))


def _apply(call: Call, thread: Thread, stored: Stored, content: dict[str, Any], replaced: tuple[str, ...]) -> Edited:
    """Replaces those fields by the content, and the buttons by reply_markup (none given means none).

    The edited message; True for one that was sent inline, whose chat the bot does not see.
    """
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
    return True if stored.inline_id else stored.message


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
}
