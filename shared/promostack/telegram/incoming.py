"""Reading an update: the part that the conversation understands, and what happened to a chat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from promostack.telegram.models import Incoming
from promostack.telegram.texts import DEFAULT, language_of

_GONE = ("kicked", "left")


@dataclass(frozen=True)
class Membership:
    """The bot's own place in a private chat has changed: blocked by the user, or back."""

    user_id: int
    chat_id: int
    at: datetime
    is_gone: bool


@dataclass(frozen=True)
class ChannelNews:
    """A channel as an update shows it. `by` and `lacks` are None where it only tells the name.

    `by`: who changed the bot's place there. `lacks`: `removed`, `no_rights`, or nothing: the bot may post.
    """

    chat_id: int
    title: str
    username: str | None
    at: datetime
    by: int | None = None
    lacks: str | None = None
    language: str = DEFAULT


def parse(payload: Mapping[str, Any], update_id: int) -> Incoming | None:
    """A private message, a tap on a button or an inline query; None for everything else."""
    if "message" in payload:
        return _message(payload["message"], update_id)
    if "callback_query" in payload:
        return _tap(payload["callback_query"], update_id)
    return _inline(payload["inline_query"], update_id) if "inline_query" in payload else None


def parse_membership(payload: Mapping[str, Any]) -> Membership | None:
    """A private chat that blocked or unblocked the bot; None for every other update."""
    change = payload.get("my_chat_member")
    if not change or change["chat"]["type"] != "private":
        return None
    at = datetime.fromtimestamp(change["date"], UTC)
    return Membership(change["from"]["id"], change["chat"]["id"], at, change["new_chat_member"]["status"] in _GONE)


def parse_channel(payload: Mapping[str, Any]) -> ChannelNews | None:
    """The bot's place in a channel, or a channel's post, which tells its name; None for every other update."""
    told = payload.get("my_chat_member") or payload.get("channel_post")
    if not told or told["chat"]["type"] != "channel":
        return None
    chat = told["chat"]
    title = told.get("new_chat_title") or chat.get("title") or str(chat["id"])
    news = ChannelNews(chat["id"], title, chat.get("username"), datetime.fromtimestamp(told["date"], UTC))
    if "my_chat_member" not in payload:
        return news
    person, place = told["from"], told["new_chat_member"]
    return replace(news, by=person["id"], lacks=_lacks(place), language=language_of(person.get("language_code")))


def _lacks(place: Mapping[str, Any]) -> str:
    if place["status"] in _GONE:
        return "removed"
    return "" if place["status"] == "administrator" and place.get("can_post_messages") else "no_rights"


def _message(message: Mapping[str, Any], update_id: int) -> Incoming | None:
    # Joins, pins and other service messages carry none of these, and nobody waits for an answer to them.
    # What a user sends through a bot's inline mode was that bot's own answer.
    if message["chat"]["type"] != "private" or "via_bot" in message or not _CONTENT & message.keys():
        return None
    return Incoming(
        update_id=update_id,
        user_id=message["from"]["id"],
        chat_id=message["chat"]["id"],
        text=message.get("text", ""),
        message_id=message["message_id"],
        language=language_of(message["from"].get("language_code")),
    )


def _tap(callback: Mapping[str, Any], update_id: int) -> Incoming | None:
    if "data" not in callback or "message" not in callback:
        return None
    return Incoming(
        update_id=update_id,
        user_id=callback["from"]["id"],
        chat_id=callback["message"]["chat"]["id"],
        button=callback["data"],
        callback_id=callback["id"],
        message_id=callback["message"]["message_id"],
        language=language_of(callback["from"].get("language_code")),
    )


def _inline(query: Mapping[str, Any], update_id: int) -> Incoming:
    return Incoming(
        update_id=update_id,
        user_id=query["from"]["id"],
        chat_id=query["from"]["id"],
        text=query["query"],
        inline_id=query["id"],
        language=language_of(query["from"].get("language_code")),
    )


_CONTENT = {"text", "photo", "document", "sticker", "voice", "video", "video_note", "audio", "animation", "location"}
