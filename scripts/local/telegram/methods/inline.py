"""Inline mode: answers to what a person types after "@bot", checked as Telegram checks them."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..formatting import format_text
from ..markup import check_markup
from .call import Call
from .callbacks import TOO_OLD
from .media import media_content, read_file
from .post import caption_content, check_text
from .profile import missing

ANSWERABLE_S = 30
MOST_RESULTS = 50
MAX_ID_BYTES, MAX_OFFSET_BYTES, MAX_BUTTON_START = 64, 64, 64
FILES = {"photo": "photo", "document": "document"}
# Kinds that Telegram knows and that this simulator takes without looking further.
OTHER_KINDS = ("audio", "contact", "game", "gif", "location", "mpeg4_gif", "sticker", "venue", "video", "voice")


async def answer_inline_query(call: Call) -> bool:
    """Keeps what was answered and, for each result, the message that choosing it will send."""
    button = _button(call)
    results = call.params.data("results", "Can't parse JSON encoded inline query results: wrong JSON")
    results = [] if results is None else results
    if not isinstance(results, list):
        raise bad_request("Expected an Array of inline query results")
    if len(results) > MOST_RESULTS:
        raise bad_request("Too many inline query results specified")
    messages = {}
    for result in results:
        message = await _message_of(call, result)
        if result["id"] in messages:
            raise bad_request("RESULT_ID_DUPLICATE")
        messages[result["id"]] = message
    offset = call.params.text("next_offset")
    if len(offset.encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = call.world.callbacks.get(call.params.text("inline_query_id"))
    if query is None or query.bot_id != call.bot.id or call.now() - query.created_at > ANSWERABLE_S:
        raise bad_request(TOO_OLD)
    query.answer = {"results": results, "button": button, "next_offset": offset, "messages": messages}
    call.world.changed("inline_results", bot=call.bot.id, user=query.user_id, query=query.id, results=results)
    return True


def _button(call: Call) -> dict[str, Any] | None:
    button = call.params.data("button", "Can't parse inline query results button JSON object")
    if button is None:
        return None
    if not isinstance(button, dict):
        raise _unusable("inline query results button", "InlineQueryResultsButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _unusable("inline query results button", missing(button, "text"))
    if "start_parameter" not in button and "web_app" not in button:
        raise _unusable("inline query results button", "InlineQueryResultsButton must have exactly one optional field")
    start = str(button.get("start_parameter", "x"))
    if not 1 <= len(start) <= MAX_BUTTON_START or not start.replace("_", "").replace("-", "").isalnum():
        raise bad_request("START_PARAM_INVALID")
    return button


def _unusable(what: str, problem: str) -> Exception:
    return bad_request(f"Can't parse {what}: {problem}")


def _required(result: dict[str, Any], name: str) -> str:
    if not isinstance(result.get(name), str):
        raise _unusable("inline query result", missing(result, name))
    return str(result[name])


async def _message_of(call: Call, result: Any) -> dict[str, Any]:
    """{"content", "unique", "markup"} of the message that the result sends; a "url" is fetched when it is chosen."""
    if not isinstance(result, dict):
        raise _unusable("inline query result", "Inline query result must be an object")
    kind, result_id = _required(result, "type").lower(), _required(result, "id")
    if not 1 <= len(result_id.encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    markup = check_markup(result.get("reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("Inline keyboard expected")
    made: dict[str, Any] = {"unique": "", "markup": markup}
    given = result.get("input_message_content")
    if kind == "article":
        made["content"] = _article(result, given)
    elif kind in FILES:
        made |= await _file(call, kind, result)
        if given:
            made |= {"content": _text(given), "unique": ""}
    elif kind in OTHER_KINDS:
        made["content"] = _text(given) if given else {"text": str(result.get("title") or kind)}
    else:
        raise _unusable("inline query result", f'type "{kind}" is unsupported for the inline query result')
    return made


def _article(result: dict[str, Any], given: Any) -> dict[str, Any]:
    if not _required(result, "title").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    if given is None:
        raise _unusable("inline query result", 'Can\'t find field "input_message_content"')
    return _text(given)


def _text(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or "message_text" not in given:
        raise _unusable("inline query result", "Input message content is not specified")
    text, entities = format_text(str(given["message_text"]), str(given.get("parse_mode", "")), given.get("entities"))
    return check_text(text, entities)


async def _file(call: Call, kind: str, result: dict[str, Any]) -> dict[str, Any]:
    caption = caption_content(*format_text(str(result.get("caption", "")), str(result.get("parse_mode", "")),
                                           result.get("caption_entities")))  # fmt: skip
    url = result.get(f"{kind}_url")
    if url:
        if kind == "photo" and not (result.get("thumbnail_url") or result.get("thumb_url")):
            raise bad_request("PHOTO_THUMB_URL_EMPTY")
        if kind == "document":
            _required(result, "mime_type")
        return {"content": caption, "url": str(url), "kind": kind}
    record = await read_file(call, kind, _required(result, f"{kind}_file_id"), None)
    return {"content": {**await media_content(call, record), **caption}, "unique": record.unique}


METHODS = {"answerInlineQuery": answer_inline_query}
