"""Draws a picture in the tenant's brand and puts it where messages find theirs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from promostack.db.uow import unit_of_work
from promostack.delivery.models import Attachment
from promostack.publishing.errors import ObjectDamaged, ObjectMissing
from promostack.publishing.ports import ObjectStore
from promostack.signals.telling.pictures import Brand
from promostack.templates import service as templates
from promostack.templates.errors import TemplateNotFound
from promostack.tenants import service as tenants

# The template that is made of the tenant's colours when he sets up.
BRANDED, _GROUND, _PLATE = "first-coupon", "square", "plate"
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")

Document = Mapping[str, Any]


class Pictures:
    """`store` is the public bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def make(self, tenant_id: str, document_of: Callable[[Brand], Document], *, filename: str) -> Attachment:
        """The picture as a message carries it, stored. Raises StoreUnavailable; not inside a transaction."""
        brand, logo_key = _brand_of(tenant_id)
        logo = self._logo(logo_key)
        branded = Brand(brand.name, brand.background, brand.accent, has_logo=logo is not None)
        data = _drawn(document_of(branded), branded, logo)
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"signals/{tenant_id}/{sha256[:40]}.png"
        self._store.put(key, data, media_type="image/png")
        return Attachment(object_key=key, sha256=sha256, filename=filename)

    def _logo(self, key: str | None) -> bytes | None:
        """None too when it is lost or damaged: a result is told without it."""
        from promostack.rendering.decode import AssetBroken, decode

        try:
            data = self._store.get(key) if key else None
            if data is not None:
                decode(data, "logo")
            return data
        except (ObjectMissing, ObjectDamaged, AssetBroken):
            return None


class _NoAssets:
    """The documents name none."""

    def load(self, key: str) -> bytes:
        from promostack.rendering.assets import AssetMissing

        raise AssetMissing(key)


def _drawn(document: Document, brand: Brand, logo: bytes | None) -> bytes:
    from promostack.rendering.service import render

    fields = {"tenant": brand.name}
    return render(document, format="picture", fields=fields, code="", assets=_NoAssets(), output="png", logo=logo).data


def _brand_of(tenant_id: str) -> tuple[Brand, str | None]:
    with unit_of_work(tenant_id) as tx:
        tenant = tenants.load_tenant(tx, tenant_id)
        try:
            document = templates.load_published(tx, tenant_id, BRANDED, channel="bot").document
        except TemplateNotFound:
            document = {}
    return _branded(tenant.name, document), tenant.settings.logo_key


def _branded(name: str, document: Document) -> Brand:
    """In the colours of the tenant's first template while it still looks as it was made; else in the defaults."""
    shape = document.get("formats", {}).get(_GROUND, {})
    ground = shape.get("background", {}).get("color")
    plates = [layer.get("fill") for layer in shape.get("layers", []) if layer.get("id") == _PLATE]
    accent = plates[0] if plates else None
    for colour in (ground, accent):
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            return Brand(name)
    return Brand(name, str(ground), str(accent))
