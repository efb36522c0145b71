"""The conversation's view of coupons, templates and rendering, for one update of one bot."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from promostack.coupons.service import Coupons
from promostack.delivery.models import Attachment
from promostack.delivery.sender import Sender
from promostack.publishing.models import RenderOrder
from promostack.publishing.renders import Renders
from promostack.telegram.models import Bot, GalleryEntry, Incoming, Picture
from promostack.telegram.post_desk import PostDesk
from promostack.templates import service as templates
from promostack.templates.models import GalleryItem
from promostack.tenants import service as tenants
from promostack.tenants.models import Tenant


class CouponDesk:
    """Answers a conversation's questions; opens short transactions of its own and never leaves one open."""

    def __init__(self, bot: Bot, incoming: Incoming, *, coupons: Coupons, renders: Renders, sender: Sender) -> None:
        self._bot = bot
        self._chat_id = incoming.chat_id
        # Half a code that is being typed is no guess of whoever writes to the bot: typing has limits of its own.
        self._actor = f"inline:{incoming.user_id}" if incoming.inline_id else f"chat:{incoming.chat_id}"
        self._coupons = coupons
        self._renders = renders
        self._sender = sender
        self.posts = PostDesk(bot, incoming.user_id)

    def check_code(self, raw: str) -> tuple[str, str]:
        check = self._coupons.check(self._tenant, raw, actor=self._actor)
        return check.status, check.code

    def gallery(self) -> list[GalleryEntry]:
        return [_entry(item) for item in templates.list_published(self._bot.tenant_id, "bot")]

    def render(self, slug: str, format_name: str, code: str) -> Picture:
        order = RenderOrder(template=slug, format=format_name, code=code)
        made = self._renders.render(self._bot.tenant_id, order, channel="bot", actor=self._actor)
        return Picture(made.object_key, made.sha256, made.media_type, made.url, made.width, made.height)

    def referral_link(self, code: str) -> str:
        return self._tenant.referral_link(code) or ""

    def qr(self, link: str) -> Picture:
        made = self._renders.publish_qr(self._bot.tenant_id, link)
        return Picture(made.object_key, made.sha256, made.media_type, made.url, made.width, made.height)

    def own_texts(self, language: str) -> Mapping[str, str]:
        return self._tenant.settings.bot_texts.get(language, {})

    def show_rendering(self) -> None:
        params: dict[str, Any] = {"action": "upload_photo"}
        self._sender.notify(self._bot.tenant_id, self._bot.id, self._chat_id, "sendChatAction", params)

    @cached_property
    def _tenant(self) -> Tenant:
        return tenants.get_tenant(self._bot.tenant_id)


def _entry(item: GalleryItem) -> GalleryEntry:
    thumbnail = None
    if item.thumbnail_key:
        # The key names its content's hash, so it stands for the content.
        identity = hashlib.sha256(item.thumbnail_key.encode()).hexdigest()
        thumbnail = Attachment(item.thumbnail_key, identity, f"{item.slug}.jpg")
    return GalleryEntry(item.slug, item.name, tuple(size.name for size in item.formats), thumbnail)
