"""Connecting a bot by its token, and a channel by its name or number: looked at first, then kept.

Telegram is called between two transactions, never inside one. What cannot be finished leaves a bot that says so.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from promostack.core.crypto import SecretUnreadable
from promostack.core.errors import Conflict, NotFound, PromoError, Unprocessable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery.errors import NotSent, OutcomeUnknown, SendFailed, SlowDown, TokenRevoked
from promostack.telegram import bot_care, bots, channels
from promostack.telegram.bot_care import Found
from promostack.telegram.bot_health import BotNotFound, known
from promostack.telegram.bots import TelegramCall
from promostack.telegram.models import Bot
from promostack.telegram.post_models import Channel
from promostack.tenants import audit, secrets, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

_NAME = re.compile(r"(?:https://t\.me/|@)?([A-Za-z][A-Za-z0-9_]{3,31})/?")
_NUMBER = re.compile(r"-100[0-9]{5,15}")
_POST = "Post messages"


class ChannelUnknown(NotFound):
    """The bot sees no such channel."""

    code = "channel_unknown"


class ChannelRefused(Unprocessable):
    """What was named is no channel."""

    code = "channel_refused"


class NotAdmin(Conflict):
    """The bot is no administrator of the channel."""

    code = "channel_not_admin"


class RightMissing(Conflict):
    """The bot is an administrator that may not post."""

    code = "channel_right_missing"


class Connecting:
    """`call` makes one call of the Bot API; `base` tells where new bots' updates are handed in."""

    def __init__(self, call: TelegramCall, *, base: Callable[[], str]) -> None:
        self._call = call
        self._base = base

    def connect_bot(self, tenant_id: str, token: str, *, actor: Actor) -> Bot:
        """The bot, known by getMe, with webhook and menu set. The same token again mends what is missing.

        Raises TokenRefused, BotTaken, SetupRefused and TelegramAway; after the last two it may be known already.
        """
        if not bot_care.TOKEN.fullmatch(token):
            raise bot_care.token_refused("a token is a number, a colon and 35 letters; copy it whole from @BotFather")
        try:
            bot = bots.connect(tenant_id, token, webhook_base=self._base(), call=self._call, actor=actor)
        except (SendFailed, SlowDown, NotSent, OutcomeUnknown) as error:
            raise bot_care.refusal(error) from error
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            bot_care.note_found(tx, tenant_id, bot.id, Found(username=bot.username))
        return bot

    def connect_channel(self, tenant_id: str, bot_id: str, wanted: str, *, actor: Actor) -> Channel:
        """A channel by `@name`, its address at t.me, or its number -100…, in which the bot may post.

        Raises BotNotFound, ChannelRefused, ChannelUnknown, NotAdmin, RightMissing, TokenRefused and TelegramAway.
        """
        reference = _reference(wanted)
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            row = tx.row(_sql.hold_bot, tenant_id=tenant_id, bot_id=known(bot_id), fresh_s=0)
            if row is None:
                raise BotNotFound("There is no such bot.")
        chat = self._look(_token(tenant_id, bot_id), row, reference)
        bot = Bot(tenant_id, bot_id, row["public_id"], row["username"], row["state"])
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            channel = channels.connect_known(tx, bot, chat.id, chat.title or str(chat.id), chat.username)
            audit.record(tx, tenant_id, actor, "channel.connected", target=channel.title)
        return channel

    def _look(self, token: str, bot: Mapping[str, Any], reference: str | int) -> Any:
        """Telegram's chat, for a bot that may post there."""
        name = bot["username"]
        unknown = ChannelUnknown(
            f"@{name} sees no such channel. Check its name; a private channel is seen once the bot is one of its "
            "administrators.",
            fields={"channel": "Telegram shows the bot no such channel"},
        )
        chat = self._ask(token, "getChat", {"chat_id": reference}, refused=unknown)
        if chat.type != "channel":
            raise _refused("this is no channel; name one")
        # Of a channel that it is not in, Telegram tells a bot nothing.
        ours = {"chat_id": chat.id, "user_id": bot["telegram_id"]}
        place = self._ask(token, "getChatMember", ours, refused=_not_admin(name, chat.title))
        if place.status != "administrator":
            raise _not_admin(name, chat.title)
        if not place.can_post_messages:
            message = f"it is an administrator without the right “{_POST}”"
            raise RightMissing(
                f"@{name} may not post in {chat.title}: {message}. Give it that right, then try again.",
                fields={"channel": message},
            )
        return chat

    def _ask(self, token: str, method: str, params: dict[str, Any], *, refused: PromoError) -> Any:
        """Telegram's answer; raises `refused` when it gives none to this bot, TokenRefused and TelegramAway."""
        try:
            return self._call(token, method, params)
        except (SlowDown, NotSent, OutcomeUnknown, TokenRevoked) as error:
            raise bot_care.refusal(error) from error
        except SendFailed as error:
            raise refused from error


def _token(tenant_id: str, bot_id: str) -> str:
    try:
        return bots.token_of(tenant_id, bot_id)
    except (secrets.SecretMissing, SecretUnreadable) as error:
        raise bot_care.token_refused("the stored one cannot be read; give the bot a new one on its page") from error


def _not_admin(bot_username: str, title: str) -> PromoError:
    message = f"the bot is no administrator there; it needs the right “{_POST}”"
    return NotAdmin(
        f"@{bot_username} is no administrator of {title}. Add it as one with the right “{_POST}”, then try again.",
        fields={"channel": message},
    )


def _reference(wanted: str) -> str | int:
    """What Telegram takes as a chat's id; raises ChannelRefused."""
    text = wanted.strip()
    if _NUMBER.fullmatch(text):
        return int(text)
    if named := _NAME.fullmatch(text):
        return f"@{named[1]}"
    raise _refused(
        "use a channel's name like @deals, its address https://t.me/deals, or its number like -1001234567890"
    )


def _refused(why: str) -> ChannelRefused:
    return ChannelRefused(f"Check the channel: {why}.", fields={"channel": why})
