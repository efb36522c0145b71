"""public/track-record: a tenant's signals with honest figures, and the chain that proves them."""

from typing import Any

from promostack.app.access import PUBLIC
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.db.uow import unit_of_work
from promostack.signals import ledger, track_record
from promostack.signals.schemas import ExportQuery, RecordQuery
from promostack.tenants import service as tenants

endpoint = Endpoint("public/track-record")


@endpoint.get(access=PUBLIC, query=RecordQuery)
def show(request: Request, query: RecordQuery) -> dict[str, Any]:
    tenant = tenants.get_tenant(tenants.get_tenant_id(query.tenant))
    with unit_of_work(tenant.id) as tx:
        record, yardstick = track_record.read(tx, tenant.id), track_record.baseline(tx, tenant.id)
    return {"tenant": {"slug": tenant.slug, "name": tenant.name}, **track_record.told(record, yardstick)}


@endpoint.get("export", access=PUBLIC, query=ExportQuery)
def export(request: Request, query: ExportQuery) -> Reply:
    """A page of the public rows, as scripts/verify-ledger takes them; the last one has fewer than PAGE_ROWS."""
    tenant = tenants.get_tenant(tenants.get_tenant_id(query.tenant))
    with unit_of_work(tenant.id) as tx:
        rows = track_record.read(tx, tenant.id).rows
    page = [row for row in rows if row.seq > query.after]
    return Reply(
        ledger.export(page[: track_record.PAGE_ROWS]).encode(), headers={"Content-Type": "application/x-ndjson"}
    )
