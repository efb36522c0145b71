"""The facts of a step as pages read them."""

from promostack.onboarding import telegram_step
from promostack.onboarding.later_steps import Later
from promostack.onboarding.schemas import (
    BotFacts,
    BusinessFacts,
    ChannelFacts,
    PlaceFacts,
    PostFacts,
    TelegramFacts,
    TemplateFacts,
)
from promostack.onboarding.telegram_step import Telegram
from promostack.telegram import bot_health
from promostack.telegram.bot_health import Care


def telegram_facts(telegram: Telegram) -> TelegramFacts:
    """Bots and channels, each with what is wrong with it."""
    can_post = {channel.id for channel in telegram.open_channels}
    return TelegramFacts(
        bots=[_bot(care, signals=care.id in telegram.signalling) for care in telegram.bots],
        channels=[
            ChannelFacts(
                id=each.id,
                number=str(each.chat_id),
                bot_id=each.bot_id,
                title=each.title,
                username=each.username,
                bot=each.bot_username,
                can_post=each.id in can_post,
            )
            for each in telegram.channels
        ],
    )


def later_facts(later: Later, base: str) -> tuple[list[PlaceFacts], BusinessFacts, PostFacts | None]:
    """Where codes are checked, the business, the latest post; `base` is where everyone reads the public bucket."""
    tenant, template, post = later.tenant, later.template, later.post
    shown = None
    if template is not None:
        address = f"{base}/{template.thumbnail_key}" if template.thumbnail_key else None
        shown = TemplateFacts(slug=template.slug, name=template.name, thumbnail_url=address)
    logo = tenant.settings.logo_key
    business = BusinessFacts(
        name=tenant.name,
        support_email=tenant.settings.support_email,
        zone=tenant.settings.zone,
        logo_url=f"{base}/{logo}" if logo else None,
        template=shown,
    )
    posted = None
    if post is not None:
        picture = f"{base}/{post.object_key}"
        posted = PostFacts(channel=post.title, code=post.code, link=post.link, picture_url=picture)
    return [PlaceFacts.model_validate(each) for each in later.places], business, posted


def _bot(care: Care, *, signals: bool) -> BotFacts:
    health = bot_health.health_of(care)
    return BotFacts(
        id=care.id,
        username=care.username,
        roles=["coupons", "signals"] if signals else ["coupons"],
        is_ready=telegram_step.is_ready(care),
        is_checked=care.checked_at is not None,
        problem=health.problem,
        next=health.next,
        fix=health.fix,
        link=telegram_step.link_of(care),
    )
