"""The steps after the first: where codes are checked, what the business is, the first picture in a channel."""

from dataclasses import dataclass

from promostack.coupons import providers
from promostack.coupons.providers import Place
from promostack.db.uow import unit_of_work
from promostack.onboarding.models import Action
from promostack.telegram import posts
from promostack.telegram.post_models import Post
from promostack.templates import service as templates
from promostack.templates.models import GalleryItem
from promostack.tenants import settings
from promostack.tenants.models import Tenant

# Somebody whose last fifty posts all failed begins anew.
_LOOKED_AT = 50


@dataclass(frozen=True)
class Later:
    """`template`: the first that bots show; `post`: the latest that went out."""

    places: tuple[Place, ...]
    tenant: Tenant
    template: GalleryItem | None
    post: Post | None


def read(tenant_id: str) -> Later:
    """Raises TenantNotFound."""
    shown = templates.list_published(tenant_id, "bot", limit=1)
    with unit_of_work(tenant_id) as tx:
        found = posts.list_posts(tx, tenant_id, limit=_LOOKED_AT)
    return Later(
        places=tuple(providers.read(tenant_id)),
        tenant=settings.read_settings(tenant_id),
        template=shown[0] if shown else None,
        post=next((post for post in found if post.stands in ("posted", "deleting", "deleted")), None),
    )


def codes_lack(later: Later) -> Action | None:
    """A place that is asked and can answer."""
    if any(place.is_on and place.is_ready for place in later.places):
        return None
    text = "With Stripe's promotion codes, or with codes of your own that you keep here. Both can be changed later."
    return Action("choose_codes", "Choose where codes are checked", text)


def business_lacks(later: Later) -> Action | None:
    """An address for questions, and a template."""
    if later.tenant.settings.support_email is None:
        return Action("fill_business", "Say who you are", "Promoters see the name, subscribers write to the address.")
    if later.template is None:
        text = "Choose colours: a first template is made from them, with your logo if you have one."
        return Action("make_template", "Make your first template", text)
    return None


def post_lacks(later: Later) -> Action | None:
    """One picture that went out."""
    if later.post is not None:
        return None
    return Action("post", "Post your first picture", "Your bot posts it in your channel, with your code on it.")
