"""What was said in one chat, in both directions, as far as it is kept: updates for two days, messages for longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from promostack.core.errors import NotFound
from promostack.db.sql import load
from promostack.db.uow import unit_of_work

_sql = load(__package__)

LONGEST_TEXT = 1_000
# (moment, way, number) of the last line of the page before.
Place = tuple[datetime, int, int]


class ChatNotFound(NotFound):
    """No bot of the tenant has said or heard anything there that is kept."""

    code = "chat_not_found"


@dataclass(frozen=True)
class Line:
    """One message, tap or call. `what`: `text`, `button`, `picture`, `file` or the name of a rarer thing.

    `state` is the update's or the message's own; `place` is where the next page starts after this line.
    """

    direction: Literal["in", "out"]
    at: datetime
    bot_id: str
    bot: str
    what: str
    text: str
    state: str
    error: str | None
    kind: str | None
    finished_at: datetime | None
    place: Place


def read(tenant_id: str, chat_id: int, *, after: Place | None, limit: int) -> list[Line]:
    """The newest first; raises ChatNotFound where nothing was said, or nothing is kept of it."""
    moment, way, number = after or (None, None, None)
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(
            _sql.chat_history,
            tenant_id=tenant_id,
            chat_id=chat_id,
            after_moment=moment,
            after_way=way,
            after_number=number,
            most=limit,
        )
    if not rows and after is None:
        raise ChatNotFound("Nothing that was said in this chat is kept.")
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> Line:
    is_in = row["way"] == 0
    what, text = _said(row["payload"]) if is_in else _sent(row["method"], row["payload"])
    return Line(
        direction="in" if is_in else "out",
        at=row["at"],
        bot_id=str(row["bot_id"]),
        bot=row["bot"],
        what=what,
        text=text[:LONGEST_TEXT],
        state=row["state"],
        error=row["error"],
        kind=row["kind"],
        finished_at=row["finished_at"],
        place=(row["at"], row["way"], row["number"]),
    )


def _said(payload: Mapping[str, Any]) -> tuple[str, str]:
    """What a person did: his words, or the button's own."""
    if tap := payload.get("callback_query"):
        return "button", _label(tap) or str(tap.get("data", ""))
    said = payload.get("message") or {}
    if "text" in said:
        return "text", str(said["text"])
    what = next((name for name in _CONTENT if name in said), "other")
    return what, str(said.get("caption", ""))


def _label(tap: Mapping[str, Any]) -> str:
    """What stood on the button that was tapped, where Telegram tells the message with it."""
    keyboard = (tap.get("message") or {}).get("reply_markup", {}).get("inline_keyboard", [])
    found = (each.get("text", "") for row in keyboard for each in row if each.get("callback_data") == tap.get("data"))
    return next(found, "")


def _sent(method: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """What the bot did; the text is Telegram's HTML."""
    params = payload.get("params", {})
    text = str(params.get("text") or params.get("caption") or (params.get("media") or {}).get("caption") or "")
    return _METHODS.get(method, method), text


_CONTENT = ("photo", "document", "sticker", "voice", "video", "video_note", "audio", "animation", "location", "contact")
_METHODS = {
    "sendMessage": "text",
    "sendPhoto": "picture",
    "sendDocument": "file",
    "answerCallbackQuery": "button_answer",
    "editMessageText": "edit",
    "editMessageMedia": "edit",
    "editMessageCaption": "edit",
    "editMessageReplyMarkup": "edit",
    "deleteMessage": "deletion",
}
