"""The platform's people look into a tenant: for half an hour, for a reason, reading only, written into its audit log.

What opens a visit is a random token, of which only the hash is kept. That nothing can be written stands three times:
the access rule takes nothing but a GET, the transactions of the call are read-only for the database, and `standing`
knows nobody of that name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from promostack.core import crypto, ids
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.tenants import audit
from promostack.tenants.audit import Actor
from promostack.tenants.errors import TenantNotFound
from promostack.tenants.members import Place

LASTS = timedelta(minutes=30)
PREFIX = "visit_"

_sql = load(__package__)


@dataclass(frozen=True)
class Visit:
    """Somebody of the platform inside a tenant. `admin` is his address."""

    id: str
    admin: str
    reason: str
    expires_at: datetime
    place: Place


def start(tenant_id: str, *, admin: str, reason: str, actor: Actor, now: datetime) -> tuple[str, datetime]:
    """(token, when it ends). `reason` is checked. Raises TenantNotFound."""
    token, visit_id, expires_at = f"{PREFIX}{ids.opaque_id(32)}", ids.new_id(), now + LASTS
    with unit_of_work(tenant_id) as tx:
        if tx.value(_sql.hold_state, tenant_id=tenant_id) is None:
            raise TenantNotFound("There is no such tenant.")
        tx.run(
            _sql.add_visit,
            tenant_id=tenant_id,
            id=visit_id,
            token_hash=crypto.hash_token(token),
            admin=admin,
            reason=reason,
            now=now,
            expires_at=expires_at,
        )
        told = {"reason": reason, "until": expires_at.isoformat()}
        audit.record(tx, tenant_id, actor, "visit.started", target=visit_id, data=told)
    return token, expires_at


def find(token: str, *, now: datetime) -> Visit | None:
    """The visit that the token opens, None when it never was one or is over."""
    tenant_id = _tenant_of(token)
    if tenant_id is None:
        return None
    with unit_of_work(tenant_id) as tx:
        row = tx.row(_sql.find_visit, tenant_id=tenant_id, token_hash=crypto.hash_token(token), now=now)
    if row is None:
        return None
    place = Place(row["tenant_id"], row["slug"], row["name"], "owner", row["state"])
    return Visit(row["id"], row["admin"], row["reason"], row["expires_at"], place)


def end(visit: Visit, *, actor: Actor, now: datetime) -> None:
    """Ends it before its time."""
    tenant_id = visit.place.tenant_id
    with unit_of_work(tenant_id) as tx:
        if tx.run(_sql.end_visit, tenant_id=tenant_id, id=visit.id, now=now):
            audit.record(tx, tenant_id, actor, "visit.ended", target=visit.id)


def _tenant_of(token: str) -> str | None:
    with unit_of_work(None) as tx:
        tenant_id: str | None = tx.value(_sql.find_visited, token_hash=crypto.hash_token(token))
    return tenant_id
