"""The end of a bot or of a channel here: Telegram is told first, then what belongs to it stops. Its history stays."""

from typing import Any

from promostack.core import crypto, ids
from promostack.core.crypto import SecretUnreadable
from promostack.core.errors import NotFound, Unavailable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery.errors import NothingToDo, NotSent, OutcomeUnknown, SendFailed, SlowDown
from promostack.telegram import bots, channels
from promostack.telegram.bot_health import BotNotFound, known
from promostack.telegram.bots import TelegramCall
from promostack.telegram.post_models import Channel
from promostack.tenants import audit, secrets, standing
from promostack.tenants.audit import Actor
from promostack.tenants.secrets import SecretMissing

_sql = load(__package__)


class ChannelNotFound(NotFound):
    """The tenant has no such channel."""

    code = "channel_not_found"


class TelegramSilent(Unavailable):
    """Telegram did not answer, or not now."""

    code = "telegram_unavailable"


def unhook(tenant_id: str, bot_id: str, *, call: TelegramCall) -> None:
    """Removes the bot's webhook and what waits for it. A token that Telegram or we no longer know has none.

    Raises TelegramSilent; then it can be repeated.
    """
    _tell(tenant_id, bot_id, "deleteWebhook", {"drop_pending_updates": True}, call=call)


def disconnect_bot(tenant_id: str, bot_id: str, *, call: TelegramCall, actor: Actor) -> None:
    """Ends the bot here: no webhook, no token, nothing that waits goes out, its channels with it.

    Its chats, posts and figures stay, and are there again when it is connected again. Raises BotNotFound, and
    TelegramSilent; then it counts as not looked at, because Telegram may have removed the webhook, and works on if not.
    """
    with unit_of_work(tenant_id) as tx:
        _hold_bot(tx, tenant_id, bot_id, actor)
        tx.run(_sql.forget_check, tenant_id=tenant_id, bot_id=bot_id)
    unhook(tenant_id, bot_id, call=call)
    with unit_of_work(tenant_id) as tx:
        bot = _hold_bot(tx, tenant_id, bot_id, actor)
        unknown = crypto.hash_token(ids.opaque_id(24))
        tx.run(_sql.disconnect_bot, tenant_id=tenant_id, bot_id=bot_id, webhook_secret_hash=unknown)
        for purpose in (secrets.BOT_TOKEN, secrets.BOT_WEBHOOK_SECRET):
            secrets.forget(tx, tenant_id, purpose, bot_id)
        _stop(tx, tenant_id, bot_id, None)
        audit.record(tx, tenant_id, actor, "bot.disconnected", target=f"@{bot['username']}")


def disconnect_channel(tenant_id: str, channel_id: str, *, call: TelegramCall, actor: Actor) -> None:
    """The bot leaves the channel, and what waits for it is cancelled. Raises ChannelNotFound and TelegramSilent."""
    with unit_of_work(tenant_id) as tx:
        channel = _hold_channel(tx, tenant_id, channel_id, actor)
    _tell(tenant_id, channel.bot_id, "leaveChat", {"chat_id": channel.chat_id}, call=call)
    with unit_of_work(tenant_id) as tx:
        channel = _hold_channel(tx, tenant_id, channel_id, actor)
        _stop(tx, tenant_id, channel.bot_id, channel.chat_id)
        audit.record(tx, tenant_id, actor, "channel.disconnected", target=channel.title)


def _tell(tenant_id: str, bot_id: str, method: str, params: dict[str, Any], *, call: TelegramCall) -> None:
    try:
        call(bots.token_of(tenant_id, bot_id), method, params)
    except (SecretMissing, SecretUnreadable, SendFailed, NothingToDo):
        return
    except (NotSent, OutcomeUnknown, SlowDown) as error:
        raise TelegramSilent("Telegram does not answer now; try again in a minute.", retry_after_s=30) from error


def _hold_bot(tx: Transaction, tenant_id: str, bot_id: str, actor: Actor) -> dict[str, Any]:
    standing.check(tx, tenant_id, actor)
    bot = tx.row(_sql.hold_bot, tenant_id=tenant_id, bot_id=known(bot_id), fresh_s=0)
    if bot is None:
        raise BotNotFound("There is no such bot.")
    return bot


def _hold_channel(tx: Transaction, tenant_id: str, channel_id: str, actor: Actor) -> Channel:
    standing.check(tx, tenant_id, actor)
    channel = channels.hold(tx, tenant_id, channel_id) if ids.is_id(channel_id) else None
    if channel is None:
        raise ChannelNotFound("There is no such channel.")
    return channel


def _stop(tx: Transaction, tenant_id: str, bot_id: str, chat_id: int | None) -> None:
    """All that waits for the bot, or for one of its chats, and its places there."""
    named = {"tenant_id": tenant_id, "bot_id": bot_id, "only_chat": chat_id}
    tx.run(_sql.cancel_messages_of_bot, **named)
    tx.run(_sql.let_channels_go, **named)
