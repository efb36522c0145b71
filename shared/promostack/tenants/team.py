"""A tenant's people and their roles. The database settles who was first: both places are locked before the rules are
looked at, so that nobody acts on a role that he has just lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from promostack.core import ids
from promostack.core.text import redact_email
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor
from promostack.tenants.errors import ForeignTenant, MemberNotFound, OwnerStays, RoleTooLow
from promostack.tenants.roles import Role

_sql = load(__package__)

Allows = Callable[[Role, str], bool]
"""The permission matrix: may that role do that?"""


@dataclass(frozen=True)
class Colleague:
    """A person of the tenant; `joined_at` orders the list, ids settle ties."""

    user_id: str
    email: str | None
    name: str
    role: Role
    joined_at: datetime


def list_members(tenant_id: str, *, limit: int, after: tuple[datetime, str] | None) -> list[Colleague]:
    """The tenant's people, the longest there first; `after` is the last one's (joined_at, user_id)."""
    joined_at, user_id = after or (None, None)
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(_sql.list_members, tenant_id=tenant_id, after_at=joined_at, after_id=user_id, most=limit)
    return [Colleague(**row) for row in rows]


def change_role(tenant_id: str, user_id: str, role: Role, *, actor: Actor, allows: Allows) -> Colleague:
    """Gives a member another role; `actor.id` is the acting member's.

    Raises MemberNotFound, OwnerStays, ForeignTenant, TenantSuspended, and RoleTooLow: granting and taking `admin` is a
    right of its own.
    """
    with unit_of_work(tenant_id) as tx:
        own, theirs = _lock(tx, tenant_id, actor.id, user_id)
        if not allows(own, "members.write"):
            raise RoleTooLow
        if theirs == "owner" or role == "owner":
            raise OwnerStays
        if role != theirs:
            if not allows(own, "members.promote"):
                raise RoleTooLow
            tx.run(_sql.set_role, tenant_id=tenant_id, user_id=user_id, role=role)
            change = {"from": theirs, "to": role}
            audit.record(tx, tenant_id, actor, "member.role_changed", target=user_id, data=change)
        row = tx.row(_sql.find_member, tenant_id=tenant_id, user_id=user_id)
    assert row is not None  # we hold its lock
    return Colleague(**row)


def hand_over(tenant_id: str, user_id: str, *, actor: Actor, allows: Allows) -> Colleague:
    """Makes somebody else of the tenant its owner; who was it becomes an admin. Returns the new owner.

    Raises MemberNotFound, OwnerStays (one cannot hand it to oneself), ForeignTenant, TenantSuspended, RoleTooLow.
    """
    with unit_of_work(tenant_id) as tx:
        own, _ = _lock(tx, tenant_id, actor.id, user_id)
        if not allows(own, "tenant.handover"):
            raise RoleTooLow
        if actor.id == user_id:
            raise OwnerStays
        tx.run(_sql.step_down, tenant_id=tenant_id, user_id=actor.id)
        tx.run(_sql.step_up, tenant_id=tenant_id, user_id=user_id)
        audit.record(tx, tenant_id, actor, "tenant.handed_over", target=user_id)
        row = tx.row(_sql.find_member, tenant_id=tenant_id, user_id=user_id)
    assert row is not None  # we hold its lock
    return Colleague(**row)


def remove_member(tenant_id: str, user_id: str, *, actor: Actor, allows: Allows) -> None:
    """Takes a person out of the tenant. Anyone may leave but the owner; an admin is removed by who may promote.

    What he has offered to others is withdrawn: one of these addresses might be another one of his own.

    Raises MemberNotFound, OwnerStays, ForeignTenant, TenantSuspended, RoleTooLow.
    """
    with unit_of_work(tenant_id) as tx:
        own, theirs = _lock(tx, tenant_id, actor.id, user_id)
        leaves = actor.id == user_id
        if not leaves and not allows(own, "members.write"):
            raise RoleTooLow
        if theirs == "owner":
            raise OwnerStays
        if not leaves and theirs == "admin" and not allows(own, "members.promote"):
            raise RoleTooLow
        tx.run(_sql.delete_membership, tenant_id=tenant_id, user_id=user_id)
        action = "member.left" if leaves else "member.removed"
        audit.record(tx, tenant_id, actor, action, target=user_id, data={"role": theirs})
        for offer in tx.rows(_sql.drop_invitations_of, tenant_id=tenant_id, user_id=user_id):
            told = {"role": offer["role"], "address": redact_email(offer["email"])}
            audit.record(tx, tenant_id, actor, "invitation.withdrawn", target=offer["id"], data=told)


def _lock(tx: Transaction, tenant_id: str, actor_id: str, user_id: str) -> tuple[Role, Role]:
    """The roles of the acting person and of the other one, locked while the tenant is active.

    Raises TenantSuspended, MemberNotFound, and ForeignTenant when the acting person was removed since he was let in.
    """
    if not ids.is_id(user_id):
        raise MemberNotFound
    standing.hold_active(tx, tenant_id)
    rows = tx.rows(_sql.lock_members, tenant_id=tenant_id, user_ids=[actor_id, user_id])
    roles: dict[str, Role] = {row["user_id"]: row["role"] for row in rows}
    if actor_id not in roles:
        raise ForeignTenant
    if user_id not in roles:
        raise MemberNotFound
    return roles[actor_id], roles[user_id]
