"""public/templates: the gallery of a tenant, and one template's document."""

import base64
import binascii
from typing import Any

from promostack.app.access import PUBLIC
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.core import config
from promostack.core.errors import Unprocessable
from promostack.templates import service as templates
from promostack.templates.models import GalleryItem
from promostack.templates.schemas import GalleryQuery, TemplateQuery
from promostack.tenants import service as tenants

endpoint = Endpoint("public/templates")


@endpoint.get(access=PUBLIC, query=GalleryQuery)
def list_templates(request: Request, query: GalleryQuery) -> dict[str, Any]:
    tenant = tenants.get_tenant(tenants.get_tenant_id(query.tenant))
    after = _position_of(query.cursor) if query.cursor else None
    items = templates.list_published(tenant.id, "web", limit=query.limit + 1, after=after)
    page = items[: query.limit]
    return {
        "items": [_told(item) for item in page],
        "next": _cursor_of(page[-1]) if len(items) > len(page) else None,
        "tenant": {
            "slug": tenant.slug,
            "name": tenant.name,
            "logo_url": _asset_url(tenant.settings.logo_key),
            "referral_link": tenant.settings.referral_link,
        },
    }


@endpoint.get("{slug}", access=PUBLIC, query=TemplateQuery)
def get_template(request: Request, slug: str, query: TemplateQuery) -> dict[str, Any]:
    tenant = tenants.get_tenant(tenants.get_tenant_id(query.tenant))
    return templates.get_published(tenant.id, slug, "web").document


def _told(item: GalleryItem) -> dict[str, Any]:
    formats = [{"name": size.name, "width": size.width, "height": size.height} for size in item.formats]
    return {
        "slug": item.slug,
        "name": item.name,
        "formats": formats,
        "thumbnail_url": _asset_url(item.thumbnail_key),
    }


def _asset_url(key: str | None) -> str | None:
    return f"{config.require('PUBLIC_ASSET_BASE').rstrip('/')}/{key}" if key else None


def _cursor_of(item: GalleryItem) -> str:
    return base64.urlsafe_b64encode(f"{item.position} {item.slug}".encode()).decode()


def _position_of(cursor: str) -> tuple[int, str]:
    """The place in the gallery that a cursor names; raises Unprocessable."""
    try:
        position, _, slug = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition(" ")
        return max(-(2**31), min(2**31 - 1, int(position))), slug.replace("\0", "")
    except (ValueError, binascii.Error) as error:
        message = "give what `next` said, or leave it out"
        raise Unprocessable(f"Check the cursor: {message}.", fields={"cursor": message}) from error
