"""From an order to a published picture: code re-checked, fields checked, found or rendered once.

A hit costs one transaction and imports neither the renderer nor the store's client.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from promostack.core import log
from promostack.core.clock import Clock
from promostack.core.text import normalise_code
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.publishing.drawing import ENGINE_VERSION, draw
from promostack.publishing.errors import CouponInvalid, CouponUnknown, FieldsRefused, ObjectMissing
from promostack.publishing.fields import check_fields
from promostack.publishing.models import Rendered, RenderOrder
from promostack.publishing.ports import Checked, CouponChecker, ObjectStore, Reader
from promostack.templates import service as templates
from promostack.templates.models import Channel, Published
from promostack.tenants import limits
from promostack.tenants import service as tenants
from promostack.tenants.models import Tenant

# How long a caller had better wait before it asks again about a code that nobody could check.
UNKNOWN_RETRY_S = 5
_EXTENSION = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}

_sql = load(__package__)
_log = log.get("renders")


@dataclass(frozen=True)
class _Job:
    """An order with everything looked up that its picture depends on."""

    tenant: Tenant
    template: Published
    code: str
    order: RenderOrder

    @property
    def logo_key(self) -> str | None:
        return self.tenant.settings.logo_key if self.order.with_logo else None

    @property
    def key(self) -> str:
        """SHA-256 over all inputs: equal keys mean equal pictures."""
        inputs = {
            "engine": ENGINE_VERSION,
            "version": self.template.version_id,
            "format": self.order.format,
            "fields": dict(self.order.fields),
            "code": self.code,
            "link": self.tenant.referral_link(self.code),
            "logo": self.logo_key,
            "with_logo": self.order.with_logo,
            "output": self.order.output,
            "scale": self.order.scale,
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


class Renders:
    """Publishes pictures of coupons for any tenant."""

    def __init__(self, *, store: ObjectStore, assets: Reader, coupons: CouponChecker, clock: Clock) -> None:
        self._store = store
        self._assets = assets
        self._coupons = coupons
        self._clock = clock

    def render(self, tenant_id: str, order: RenderOrder, *, channel: Channel, actor: str) -> Rendered:
        """The picture, rendered unless it exists.

        Raises InvalidCode, TemplateNotFound, FieldsRefused, CouponInvalid, CouponUnknown, TooManyRequests,
        TemplateUnavailable (an asset of this template is missing or damaged), StoreUnavailable.
        """
        job, found = self._prepare(tenant_id, order, channel=channel, actor=actor)
        return found or self._make(job)[0]

    def render_inline(
        self, tenant_id: str, order: RenderOrder, *, channel: Channel, actor: str
    ) -> tuple[Rendered, bytes]:
        """Like `render`, with the picture's bytes; one that the store has lost is made again."""
        job, found = self._prepare(tenant_id, order, channel=channel, actor=actor)
        if found is None:
            return self._make(job)
        try:
            return found, self.load(found)
        except ObjectMissing:
            _log.warning("render_lost", tenant=job.tenant.slug, key=found.object_key)
            return self._make(job)

    def publish_qr(self, tenant_id: str, link: str) -> Rendered:
        """The link as a QR code; made anew each time, under the same name. Raises QrTooLong, StoreUnavailable."""
        from promostack.rendering.qr import as_png

        data, side_px = as_png(link)
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"qr/{tenant_id}/{sha256[:40]}.png"
        self._store.put(key, data, media_type="image/png")
        return Rendered(
            object_key=key,
            url=self._store.url(key),
            sha256=sha256,
            bytes=len(data),
            width=side_px,
            height=side_px,
            media_type="image/png",
            cached=False,
        )

    def load(self, rendered: Rendered) -> bytes:
        """The picture's bytes; raises StoreUnavailable, ObjectMissing."""
        return self._store.get(rendered.object_key)

    def _prepare(
        self, tenant_id: str, order: RenderOrder, *, channel: Channel, actor: str
    ) -> tuple[_Job, Rendered | None]:
        """The checked job and, when it was done before, its picture. One transaction if the code's check is cached."""
        code = normalise_code(order.code)
        found = None
        with unit_of_work(tenant_id, is_durable=False) as tx:
            tenant = tenants.load_tenant(tx, tenant_id)
            self._count(tx, tenant, actor)
            template = templates.load_published(tx, tenant_id, order.template, channel=channel)
            _check_order(template, order)
            job = _Job(tenant, template, code, order)
            check = self._coupons.find_cached(tx, tenant, code, actor=actor)
            if check is not None and check.status == "valid":
                found = self._find(tx, job)
        if check is None:
            check = self._coupons.check(tenant, code, actor=actor)
            if check.status == "valid":
                with unit_of_work(tenant_id, is_durable=False) as tx:
                    found = self._find(tx, job)
        _refuse_unless_valid(check)
        return job, found

    def _count(self, tx: Transaction, tenant: Tenant, actor: str) -> None:
        limits.count(
            tx,
            tenant.id,
            action="render",
            actor=actor,
            limit=tenant.settings.limits.renders_per_minute,
            window_s=60,
            now=self._clock.now(),
            message="Too many pictures in a minute. Wait a moment, then try again.",
        )

    def _find(self, tx: Transaction, job: _Job) -> Rendered | None:
        keys = {"tenant_id": job.tenant.id, "render_key": job.key}
        now = self._clock.now()
        row = tx.row(_sql.find_render, **keys, now=now)
        if row is None:
            return None
        if row.pop("is_stale"):
            tx.run(_sql.touch_render, **keys, now=now)
        return Rendered(**row, url=self._store.url(row["object_key"]), cached=True)

    def _make(self, job: _Job) -> tuple[Rendered, bytes]:
        """Renders, stores the object, then the row: whoever sees the row finds the object."""
        picture = draw(
            job.template,
            job.order,
            code=job.code,
            assets=self._assets,
            logo_key=job.logo_key,
            referral_link=job.tenant.referral_link(job.code),
        )
        key = f"renders/{job.tenant.id}/{picture.sha256[:40]}.{_EXTENSION[picture.media_type]}"
        rendered = Rendered(
            object_key=key,
            url=self._store.url(key),
            sha256=picture.sha256,
            bytes=len(picture.data),
            width=picture.width,
            height=picture.height,
            media_type=picture.media_type,
            cached=False,
        )
        self._store.put(key, picture.data, media_type=picture.media_type)
        with unit_of_work(job.tenant.id) as tx:
            tx.run(
                _sql.insert_render,
                tenant_id=job.tenant.id,
                render_key=job.key,
                version_id=job.template.version_id,
                now=self._clock.now(),
                **asdict(rendered),
            )
        return rendered, picture.data


def _check_order(template: Published, order: RenderOrder) -> None:
    """Raises FieldsRefused for a format or a field that the template does not take."""
    formats = template.document["formats"]
    if order.format not in formats:
        message = f"this template has {', '.join(formats)}"
        raise FieldsRefused(f"Check the format: {message}.", fields={"format": message})
    check_fields(template.document.get("fields", {}), order.fields)


def _refuse_unless_valid(check: Checked) -> None:
    if check.status == "invalid":
        raise CouponInvalid(check.message)
    if check.status == "unknown":
        raise CouponUnknown(check.message, retry_after_s=UNKNOWN_RETRY_S)
