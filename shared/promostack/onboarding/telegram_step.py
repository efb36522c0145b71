"""The first step: a bot that answers, and a channel in which it may post."""

from dataclasses import dataclass

from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.onboarding.models import Action
from promostack.telegram import bot_health
from promostack.telegram.bot_health import Care
from promostack.telegram.channels import connect_link
from promostack.telegram.post_models import Channel

_sql = load(__package__)

# Telegram has taken the webhook; what these say passes by itself.
_PASSING = (None, "webhook_failing", "unreachable")


@dataclass(frozen=True)
class Telegram:
    """The tenant's bots, by name; `signalling`: the ids of those in whose channels signals are posted."""

    bots: tuple[Care, ...]
    signalling: frozenset[str] = frozenset()

    @property
    def ready(self) -> tuple[Care, ...]:
        """Those that answer."""
        return tuple(bot for bot in self.bots if is_ready(bot))

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Those of all bots, also those in which nobody may post now."""
        return tuple(channel for bot in self.bots for channel in bot.channels)

    @property
    def open_channels(self) -> tuple[Channel, ...]:
        """Those in which a bot that answers may post."""
        return tuple(each for bot in self.ready for each in bot.channels if not each.broken)


def read(tenant_id: str) -> Telegram:
    """As it is known now; Telegram is not asked."""
    with unit_of_work(tenant_id) as tx:
        chosen = tx.rows(_sql.bots_of_signals, tenant_id=tenant_id)
        signalling = frozenset(str(row["bot_id"]) for row in chosen if row["is_on"])
    return Telegram(tuple(bot_health.list_bots(tenant_id)), signalling)


def is_ready(bot: Care) -> bool:
    """True once Telegram has taken the bot's webhook and knows its token; a bot is looked at when it is connected."""
    return bot.state == "active" and bot.checked_at is not None and bot.check_problem in _PASSING


def missing(telegram: Telegram) -> Action | None:
    """What the step lacks first."""
    if not telegram.bots:
        return Action("connect_bot", "Connect your bot", "It answers people and posts in your channels.")
    if not telegram.ready:
        bot = telegram.bots[0]
        if bot.checked_at is None:
            text = "Connecting it was interrupted. Finish it: your bot's token is kept."
            return Action("mend_bot", f"Finish connecting @{bot.username}", text)
        health = bot_health.health_of(bot)
        return Action("mend_bot", f"Mend @{bot.username}", f"{health.problem} {health.next}")
    if not telegram.channels:
        text = f"Telegram asks which channel, and gives @{telegram.ready[0].username} the rights that posting needs."
        return Action("connect_channel", "Connect a channel", text)
    if not telegram.open_channels:
        channel = telegram.channels[0]
        text = f"@{channel.bot_username} may not post in {channel.title} now. Connect it again."
        return Action("mend_channel", f"Mend {channel.title}", text)
    return None


def link_of(bot: Care) -> str:
    """Where a channel is connected with one tap."""
    return connect_link(bot.username)
