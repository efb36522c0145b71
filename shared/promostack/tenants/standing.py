"""Whether somebody may still do what he was let in for, asked in the transaction that does it.

The access rule looks before the work begins. Until the work is written, seconds later with a picture, its author may
have been removed or given a lesser role, or the tenant suspended. So each transaction that writes for one of the
tenant's people begins here: what is read is held until it ends, and whoever takes it away waits or came first.

The tenant's row is locked before any other. A transaction that will change that row locks it for that before it asks
here: two that hold it together and then both want it alone would wait for each other.
"""

from promostack.core import ids
from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.tenants.audit import PLATFORM, SYSTEM, Actor
from promostack.tenants.errors import ForeignTenant, RoleTooLow, refuse_state

_sql = load(__package__)


def check(tx: Transaction, tenant_id: str, actor: Actor, *, while_closing: bool = False) -> None:
    """Refuses as the access rule does: ForeignTenant, RoleTooLow, TenantSuspended, TenantClosing.

    The platform's people and the system pass; they have no place in a tenant. `while_closing` is for what still works
    in a tenant that is to be deleted.
    """
    if actor.id == SYSTEM or actor.id.startswith(PLATFORM):
        return
    place = tx.row(_sql.hold_place, tenant_id=tenant_id, user_id=actor.id) if ids.is_id(actor.id) else None
    if place is None:
        raise ForeignTenant
    if actor.may is None or not actor.may(place["role"]):
        raise RoleTooLow
    refuse_state(place["state"], while_closing=while_closing)


def hold_active(tx: Transaction, tenant_id: str) -> None:
    """For who looks at roles himself: the tenant stays active until the end. Raises TenantSuspended, TenantClosing."""
    refuse_state(tx.value(_sql.hold_state, tenant_id=tenant_id) or "active")
