"""The end of a bot here: Telegram is told that nobody takes its updates any more."""

from promostack.core.crypto import SecretUnreadable
from promostack.core.errors import Unavailable
from promostack.delivery.errors import NothingToDo, NotSent, OutcomeUnknown, SendFailed, SlowDown
from promostack.telegram import bots
from promostack.telegram.bots import TelegramCall
from promostack.tenants.secrets import SecretMissing


class TelegramSilent(Unavailable):
    """Telegram did not answer, or not now."""

    code = "telegram_unavailable"


def unhook(tenant_id: str, bot_id: str, *, call: TelegramCall) -> None:
    """Removes the bot's webhook and what waits for it. A token that Telegram or we no longer know has none.

    Raises TelegramSilent; then it can be repeated.
    """
    try:
        token = bots.token_of(tenant_id, bot_id)
        call(token, "deleteWebhook", {"drop_pending_updates": True})
    except (SecretMissing, SecretUnreadable, SendFailed, NothingToDo):
        return
    except (NotSent, OutcomeUnknown, SlowDown) as error:
        raise TelegramSilent("Telegram does not answer; the bot's webhook is removed later.") from error
