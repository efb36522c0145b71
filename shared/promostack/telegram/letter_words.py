"""Why a message stands where it stands, and what to do about it, in words for the tenant's people."""

from dataclasses import dataclass

from promostack.delivery.errors import OutcomeUnknown, RecipientGone
from promostack.delivery.reading import BotAtWork, StoredMessage


@dataclass(frozen=True)
class Words:
    """`why` says what happened, `next` what to do; both empty for a message that was simply sent."""

    why: str = ""
    next: str = ""


_BY_ITSELF = "Nothing to do: it goes out by itself."
_GIVEN_UP = "Given up after"
_PICTURE_GONE = "The picture is gone"
_CANCELLED = {
    "cancelled": "It was cancelled.",
    "told": "Another message said it instead.",
}


def words_for(message: StoredMessage, bot: BotAtWork, *, is_ahead: bool) -> Words:
    """`is_ahead`: the message's time has not come."""
    if message.state == "waiting":
        return _waiting(message, bot, is_ahead=is_ahead)
    if message.state == "leased":
        return Words("It is being sent at this moment.")
    if message.state == "ambiguous":
        return Words(
            "Telegram gave no answer, so that it may have arrived or not.",
            "Look into the chat. Send it again only if it is not there: it may arrive twice.",
        )
    if message.state in ("failed", "cancelled"):
        return _gone(message) if message.error_code == RecipientGone.code else _ended(message)
    return Words()


def _waiting(message: StoredMessage, bot: BotAtWork, *, is_ahead: bool) -> Words:
    if bot.state != "active":
        reason = bot.paused_reason or "it was paused."
        return Words(f"@{bot.username} stands still: {reason}", "Connect the bot again; what waits goes out then.")
    if bot.closed_s:
        wait = f"Telegram asked @{bot.username} to wait for {round(bot.closed_s) or 1} s more."
        return Words(wait, _BY_ITSELF)
    if message.error_code == OutcomeUnknown.code:
        return Words("Telegram gave no answer to the last try; it is tried again.", "It may arrive twice.")
    if message.error_text:
        return Words(f"The last try did not go through: {_sentence(message.error_text)}", _BY_ITSELF)
    return Words("Its time has not come." if is_ahead else "It is next in line.", _BY_ITSELF)


def _gone(message: StoredMessage) -> Words:
    if message.chat_id < 0:
        return Words(
            "The bot may not write in this chat any more.",
            "Give the bot its rights back, for a channel with the link under Channel posts; it goes out then.",
        )
    return Words(
        "The person has blocked the bot or has no account any more.",
        "Nothing to do: it goes out when the person is back within a day.",
    )


def _ended(message: StoredMessage) -> Words:
    text = message.error_text or ""
    if message.state == "cancelled":
        return Words(_CANCELLED.get(message.error_code or "", f"It was cancelled: {message.error_code}."))
    if text.startswith(_GIVEN_UP):
        return Words(_sentence(text), "Send it again: such trouble is mostly over soon.")
    if text.startswith(_PICTURE_GONE):
        return Words(_sentence(text), "Make the picture anew and send that; this one cannot go out any more.")
    return Words(f"Telegram refused it: {_sentence(text)}", "Mend what Telegram names, then send it again.")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
