"""What Telegram would refuse for its form alone: too long, too many bytes on a button, HTML that does not close."""

from collections.abc import Mapping
from typing import Any

from promostack.telegram import captions
from promostack.telegram.captions import CaptionRefused

# In UTF-16 units after parsing, and in bytes (Bot API: sendMessage, sendPhoto, InlineKeyboardButton).
MOST_CHARACTERS = {"text": 4096, "caption": captions.MOST_CHARACTERS}
MOST_CALLBACK_BYTES = 64


def problem_of(params: Mapping[str, Any]) -> str | None:
    """Why a call with these parameters cannot be made, None when nothing speaks against it."""
    parts = [params, params.get("media"), *(params.get("results") or ())]
    found = (_problem_of_part(part) for part in parts if isinstance(part, Mapping))
    return next(filter(None, found), None)


def _problem_of_part(part: Mapping[str, Any]) -> str | None:
    for name, most in MOST_CHARACTERS.items():
        text = part.get(name)
        if text and (problem := _problem_of_text(text, most, is_html=part.get("parse_mode") == "HTML")):
            return f"{name}: {problem}"
    markup = part.get("reply_markup") or {}
    for button in (button for row in markup.get("inline_keyboard", ()) for button in row):
        size = len(button.get("callback_data", "").encode())
        if size > MOST_CALLBACK_BYTES:
            return f"a button carries {size} bytes; Telegram takes {MOST_CALLBACK_BYTES}"
    return None


def _problem_of_text(text: str, most: int, *, is_html: bool) -> str | None:
    try:
        found = captions.units(text) if is_html else captions.length(text)
    except CaptionRefused as error:
        return error.message
    return f"{found} characters are too long; Telegram takes {most}" if found > most else None
