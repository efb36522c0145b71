"""Composition root: connects domains with the outside services, each once per process, when it is used."""

from functools import cache
from typing import TYPE_CHECKING

from promostack.core.clock import SystemClock

if TYPE_CHECKING:
    from promostack.coupons.service import Coupons
    from promostack.delivery.sender import Sender
    from promostack.onboarding.branding import Branding
    from promostack.onboarding.stripe_keys import Probe
    from promostack.onboarding.vendors import Vendors
    from promostack.publishing.batch_making import BatchMaker
    from promostack.publishing.gallery import Gallery
    from promostack.publishing.renders import Renders
    from promostack.publishing.uploads import Uploads
    from promostack.telegram.bot_care import BotCare
    from promostack.telegram.bots import TelegramCall
    from promostack.telegram.channel_posts import ChannelPosts
    from promostack.telegram.connecting import Connecting
    from promostack.telegram.desk import CouponDesk
    from promostack.telegram.inbox import Inbox
    from promostack.telegram.managed import Managed
    from promostack.telegram.models import Bot, Incoming
    from promostack.telegram.updates import UpdateHandler


@cache
def coupons() -> "Coupons":
    """Checks coupon codes."""
    from promostack.coupons.local import LocalCodes
    from promostack.coupons.service import Coupons
    from promostack.integrations.funderpro import FunderPro
    from promostack.integrations.stripe_api import StripePromotionCodes

    clock = SystemClock()
    return Coupons(
        {
            "funderpro": lambda tenant, settings: FunderPro(settings),
            "stripe": lambda tenant, settings: StripePromotionCodes(tenant.id),
            "local": lambda tenant, settings: LocalCodes(tenant.id, clock=clock),
        },
        clock=clock,
    )


@cache
def renders() -> "Renders":
    """Makes and finds pictures."""
    from promostack.integrations import spaces
    from promostack.publishing.renders import Renders

    bucket = spaces.public_bucket()
    return Renders(store=bucket, assets=spaces.CachedReads(bucket), coupons=coupons(), clock=SystemClock())


@cache
def batch_maker() -> "BatchMaker":
    """Makes pictures of many codes."""
    from promostack.integrations import spaces
    from promostack.publishing.batch_making import BatchMaker

    return BatchMaker(
        private=spaces.private_bucket(),
        assets=spaces.CachedReads(spaces.public_bucket()),
        check_code=lambda tenant, code, actor: coupons().check(tenant, code, actor=actor, is_paced=True),
        clock=SystemClock(),
    )


@cache
def sender() -> "Sender":
    """Sends what stands in the outbox."""
    from promostack.delivery.sender import Sender
    from promostack.integrations import spaces
    from promostack.integrations.telegram_bot import TelegramMessenger
    from promostack.telegram import bots

    return Sender(TelegramMessenger(bots.token_of), spaces.public_bucket().get)


@cache
def text_sender() -> "Sender":
    """Sends what has no picture: without the store, whose client is larger than the function that asks for this."""
    from promostack.delivery.sender import Sender
    from promostack.integrations.telegram_bot import TelegramMessenger
    from promostack.telegram import bots

    no_pictures: dict[str, bytes] = {}
    return Sender(TelegramMessenger(bots.token_of), no_pictures.__getitem__)


@cache
def inbox() -> "Inbox":
    """Takes Telegram's updates; what answers them is only made for the first one that needs an answer."""
    from promostack.telegram.inbox import Inbox

    return Inbox(lambda: update_handler())


@cache
def update_handler() -> "UpdateHandler":
    """Answers Telegram's updates."""
    from promostack.telegram.updates import UpdateHandler

    def desk_for(bot: "Bot", incoming: "Incoming") -> "CouponDesk":
        from promostack.telegram.desk import CouponDesk  # with coupons and pictures, which many updates do not need

        return CouponDesk(bot, incoming, coupons=coupons(), renders=renders(), sender=sender())

    return UpdateHandler(desk_for, sender())


@cache
def channel_posts() -> "ChannelPosts":
    """Posts in channels from the dashboard."""
    from promostack.telegram.channel_posts import ChannelPosts

    return ChannelPosts(renders=renders(), sender=sender(), clock=SystemClock())


@cache
def bot_care() -> "BotCare":
    """Looks after bots at Telegram."""
    from promostack.core import config
    from promostack.integrations.telegram_bot import call
    from promostack.telegram.bot_care import BotCare

    return BotCare(call, default_base=lambda: config.require("API_BASE"), clock=SystemClock())


@cache
def connecting() -> "Connecting":
    """Connects bots and channels."""
    from promostack.core import config
    from promostack.integrations.telegram_bot import call
    from promostack.telegram.connecting import Connecting

    return Connecting(call, base=lambda: config.require("API_BASE"))


@cache
def managed() -> "Managed":
    """Bots that are made with two taps."""
    from promostack.core import config
    from promostack.integrations.telegram_bot import call
    from promostack.telegram.managed import Managed

    return Managed(call, connecting(), manager=lambda: config.optional("TELEGRAM_BOT_TOKEN"))


def telegram_call() -> "TelegramCall":
    """One call of the Bot API."""
    from promostack.integrations.telegram_bot import call

    return call


def stripe_probe() -> "Probe":
    """Asks Stripe what a key may read."""
    from promostack.integrations.stripe_scopes import probe

    return probe


@cache
def vendors() -> "Vendors":
    """Looks at the services that a tenant is connected with, and keeps their keys."""
    from promostack.integrations import looks
    from promostack.onboarding import stripe_keys
    from promostack.onboarding.vendors import Vendors

    probe = stripe_probe()
    return Vendors(
        {
            "stripe": lambda key: stripe_keys.look(key, probe),
            "twelve_data": looks.look_at_twelve_data,
            "openai": looks.look_at_openai,
        },
        discounts=looks.look_at_funderpro,
    )


@cache
def branding() -> "Branding":
    """Colours from a logo, and the first template made from them."""
    from promostack.integrations import spaces
    from promostack.onboarding.branding import Branding

    return Branding(gallery=gallery(), pictures=spaces.public_bucket())


@cache
def gallery() -> "Gallery":
    """Publishes templates."""
    from promostack.integrations import spaces
    from promostack.publishing.gallery import Gallery

    bucket = spaces.public_bucket()
    return Gallery(store=bucket, assets=spaces.CachedReads(bucket))


@cache
def uploads() -> "Uploads":
    """Takes files in."""
    from promostack.integrations import spaces
    from promostack.publishing.uploads import Uploads

    return Uploads(private=spaces.private_bucket(), public=spaces.public_bucket(), clock=SystemClock())
