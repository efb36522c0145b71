"""The facts of a step as pages read them."""

from promostack.onboarding import telegram_step
from promostack.onboarding.schemas import BotFacts, ChannelFacts, TelegramFacts
from promostack.onboarding.telegram_step import Telegram
from promostack.telegram import bot_health
from promostack.telegram.bot_health import Care


def telegram_facts(telegram: Telegram) -> TelegramFacts:
    """Bots and channels, each with what is wrong with it."""
    can_post = {channel.id for channel in telegram.open_channels}
    return TelegramFacts(
        bots=[_bot(care) for care in telegram.bots],
        channels=[
            ChannelFacts(
                id=each.id,
                title=each.title,
                username=each.username,
                bot=each.bot_username,
                can_post=each.id in can_post,
            )
            for each in telegram.channels
        ],
    )


def _bot(care: Care) -> BotFacts:
    health = bot_health.health_of(care)
    return BotFacts(
        id=care.id,
        username=care.username,
        is_ready=telegram_step.is_ready(care),
        is_checked=care.checked_at is not None,
        problem=health.problem,
        next=health.next,
        fix=health.fix,
        link=telegram_step.link_of(care),
    )
