"""reply_markup: checked as Telegram checks it, returned as Telegram returns it."""

from __future__ import annotations

import re
from typing import Any

from .errors import bad_request

MAX_CALLBACK_DATA_BYTES = 64
MAX_BUTTONS = 100
TYPES = ("url", "callback_data", "callback_game", "pay", "switch_inline_query", "switch_inline_query_current_chat",
         "switch_inline_query_chosen_chat", "login_url", "web_app", "copy_text")  # fmt: skip


def check_markup(markup: Any) -> dict[str, Any] | None:
    """The markup as stored, None when there is none. Raises 400."""
    if markup in (None, ""):
        return None
    if not isinstance(markup, dict):
        raise bad_request("Object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        return {**markup, "keyboard": _reply(markup["keyboard"])}
    return markup or None


def _rows(rows: Any, field: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        owner = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
        raise bad_request(f'Field "{field}"{owner} must be an Array of Arrays')
    return [row for row in rows if row]


def _inline(rows: Any) -> dict[str, Any] | None:
    checked = [[_inline_button(button) for button in row] for row in _rows(rows, "inline_keyboard")]
    if sum(map(len, checked)) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG" if len(checked) < MAX_BUTTONS else "reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("Can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request('Can\'t parse inline keyboard button: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    kinds = [kind for kind in TYPES if kind in button and (button[kind] != "" or kind.startswith("switch"))]
    if not kinds:
        raise bad_request("Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "url" in kinds:
        return {"text": button["text"], "url": _button_url(button["url"])}
    if "callback_data" in kinds and len(str(button["callback_data"]).encode()) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in kinds and not isinstance(button["copy_text"], dict):
        raise bad_request('Can\'t parse inline keyboard button: Field "copy_text" must be of type Object')
    if "copy_text" in kinds and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {key: value for key, value in button.items() if key in ("text", "style", "icon_custom_emoji_id", kinds[0])}


def _button_url(url: Any) -> str:
    if re.match(r"^tg://\S+$", str(url)):
        return str(url)
    match = re.match(r"^(?:(https?)://)?([^\s/:?#]+\.[^\s/:?#]+|localhost)(:\d+)?([/?#]\S*)?$", str(url), re.IGNORECASE)
    if not match:
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid: {_url_problem(str(url))}")
    address = str(url) if match[1] else f"http://{url}"
    return address if match[4] else f"{address}/"


def _url_problem(url: str) -> str:
    scheme = url.split("://", 1)[0] if "://" in url else ""
    return "Unsupported URL protocol" if scheme and scheme not in ("http", "https") else "Wrong HTTP URL"


def _reply(rows: Any) -> list[list[dict[str, Any]]]:
    return [[_reply_button(button) for button in row] for row in _rows(rows, "keyboard")]


def _reply_button(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not str(button.get("text", "")).strip():
        raise bad_request("Keyboard button text must be non-empty")
    return button
