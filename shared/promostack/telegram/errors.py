"""What a webhook call can be refused with."""

from promostack.core.errors import Conflict, NotFound, Unauthorized, Unavailable


class UnknownBot(NotFound):
    """No bot has this address."""

    code = "unknown_bot"


class WrongSecret(Unauthorized):
    """The call does not carry the secret that this bot was registered with."""

    code = "wrong_secret"


class UpdateBusy(Unavailable):
    """Another invocation holds this update; Telegram is asked to deliver it again later."""

    code = "update_busy"


class BotTaken(Conflict):
    """The bot is connected already."""

    code = "bot_taken"
