"""Publishing a template: its document checked, its thumbnail in the bucket, then the version."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from promostack.db.uow import Transaction
from promostack.publishing.drawing import draw_thumbnail
from promostack.publishing.ports import ObjectStore, Reader
from promostack.templates import service as templates
from promostack.templates.document import parse_document
from promostack.templates.models import Published
from promostack.tenants import service as tenants


class Gallery:
    """Publishes templates for any tenant."""

    def __init__(self, *, store: ObjectStore, assets: Reader) -> None:
        self._store = store
        self._assets = assets

    def publish(
        self,
        tenant_id: str,
        document: Mapping[str, Any],
        *,
        position: int = 0,
        first: Callable[[Transaction], None] = lambda tx: None,
    ) -> Published:
        """Publishes a version 2 document; one equal to the published version changes nothing.

        `first` is asked in the transaction that writes, and may refuse.
        Raises InvalidDocument, TenantNotFound, TemplateUnavailable when one of its assets is missing, StoreUnavailable.
        """
        parsed = parse_document(document)
        tenant = tenants.get_tenant(tenant_id)
        data = draw_thumbnail(parsed, assets=self._assets, logo_key=tenant.settings.logo_key)
        key = f"thumbnails/{tenant_id}/{parsed.slug}.{hashlib.sha256(data).hexdigest()[:16]}.jpg"
        self._store.put(key, data, media_type="image/jpeg")
        return templates.publish(
            tenant_id,
            document,
            thumbnail_key=key,
            position=position,
            web_visible=parsed.visibility.web,
            bot_visible=parsed.visibility.telegram,
            first=first,
        )
