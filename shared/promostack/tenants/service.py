"""Finding tenants and making them."""

import re
from collections.abc import Collection
from typing import Any

from promostack.core import ids
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants.errors import TenantNotFound, TenantPaused
from promostack.tenants.models import Tenant, TenantSettings

_sql = load(__package__)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")

# A slug keeps its tenant for ever, so its id is looked up once per process.
_ids: dict[str, str] = {}
_MOST_IDS = 10_000


def find_tenant_id(slug: str) -> str | None:
    """The id of the tenant with that slug, or None."""
    if not _SLUG.fullmatch(slug) or ids.is_id(slug):
        return None
    if slug not in _ids:
        with unit_of_work(None) as tx:
            tenant_id = tx.value(_sql.find_id_by_slug, slug=slug)
        if tenant_id is None:
            return None
        if len(_ids) >= _MOST_IDS:
            _ids.clear()
        _ids[slug] = tenant_id
    return _ids[slug]


def choose(wanted: str, mine: Collection[str]) -> str | None:
    """The one of these tenants' ids that `wanted` names, an id in whatever case or a slug; no slug looks like an id."""
    named = wanted.lower()
    tenant_id = named if ids.is_id(named) else find_tenant_id(wanted)
    return tenant_id if tenant_id in mine else None


def get_tenant_id(slug: str) -> str:
    """The id of the tenant with that slug; raises TenantNotFound."""
    tenant_id = find_tenant_id(slug)
    if tenant_id is None:
        raise TenantNotFound("There is no such tenant; check the address.", fields={"tenant": "not found"})
    return tenant_id


def get_tenant(tenant_id: str) -> Tenant:
    """The tenant, for whoever serves its visitors; raises TenantNotFound, and TenantPaused while it is suspended."""
    with unit_of_work(tenant_id) as tx:
        return load_tenant(tx, tenant_id)


def load_tenant(tx: Transaction, tenant_id: str) -> Tenant:
    """Like `get_tenant`, inside the caller's transaction."""
    row = tx.row(_sql.find_tenant, tenant_id=tenant_id)
    if row is None:
        raise TenantNotFound("There is no such tenant; check the address.", fields={"tenant": "not found"})
    if row["state"] != "active":
        raise TenantPaused
    return _tenant(row)


def ensure_tenant(slug: str, *, name: str, settings: TenantSettings) -> str:
    """Makes the tenant or, when the slug exists, sets its name and settings; returns its id."""
    existing = find_tenant_id(slug)
    tenant_id = existing or ids.new_id()
    values = {"tenant_id": tenant_id, "name": name, "settings": settings.model_dump_json(exclude_defaults=True)}
    with unit_of_work(tenant_id) as tx:
        made = 0 if existing else tx.run(_sql.insert_tenant, slug=slug, **values)
        if existing:
            tx.run(_sql.update_tenant, **values)
    # Somebody else made the slug between our look and our insert: settle on theirs.
    return tenant_id if existing or made else ensure_tenant(slug, name=name, settings=settings)


def _tenant(row: dict[str, Any]) -> Tenant:
    return Tenant(
        row["tenant_id"], row["slug"], row["name"], TenantSettings.model_validate(row["settings"]), row["state"]
    )
