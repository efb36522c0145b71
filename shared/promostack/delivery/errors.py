"""How a call to Telegram can end, named by what the sender has to do next."""

from collections.abc import Iterable

from promostack.core.errors import PromoError


class SendFailed(PromoError):
    """Telegram refused the call for good; the row becomes a dead letter with this reason."""

    code = "rejected"


class RecipientGone(SendFailed):
    """Blocked, kicked, deactivated or no such chat: nothing more goes to this chat."""

    code = "recipient_gone"


class TokenRevoked(SendFailed):
    """The bot's token is no longer valid: the bot is paused and its owner told.

    `refused` are that token's fingerprints: a bot that has been given another one meanwhile goes on. Without any, there
    was no token that could be tried.
    """

    code = "token_revoked"

    def __init__(self, message: str, *, refused: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.refused = tuple(refused)


class NothingToDo(PromoError):
    """The wanted state is already there, or the moment has passed; counts as sent."""

    code = "nothing_to_do"


class FileGone(PromoError):
    """Telegram no longer knows the file_id: upload the picture anew."""

    code = "file_gone"


class Migrated(PromoError):
    """The group became a supergroup with another id."""

    code = "migrated"

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"The chat moved to {chat_id}.")
        self.chat_id = chat_id


class PictureRefused(PromoError):
    """Too many bytes or pixels for a photo: the picture goes as a document."""

    code = "picture_refused"


class SlotMissed(PromoError):
    """The moment for the call is over, or its bot has been stopped; nothing was called."""

    code = "slot_missed"


class SlowDown(PromoError):
    """429: nobody calls for this bot until `retry_after_s` have passed."""

    code = "slow_down"


class NotSent(PromoError):
    """The call certainly did not happen; it may be tried again."""

    code = "not_sent"
    retryable = True


class OutcomeUnknown(PromoError):
    """The call was written and no answer came: it may or may not have happened."""

    code = "outcome_unknown"
