"""Places offered to an e-mail address. Whoever signs in with that address, verified, may take it; nobody else can.

An invitation is a row as long as it is open and a week more; taken or withdrawn it is gone, and the whole address with
it. The audit log says who made it and what became of it, for which role and for an address of which only the beginning
and the host are shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from promostack.core import ids
from promostack.core.errors import Unavailable
from promostack.core.text import is_email, redact_email
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import audit, limits, standing
from promostack.tenants.audit import Actor
from promostack.tenants.errors import (
    AlreadyMember,
    EmailNotVerified,
    InvitationNotFound,
    RoleTooLow,
    SettingsRefused,
)
from promostack.tenants.members import Contact, FindContact, Place, find_user_id, kept_name
from promostack.tenants.roles import Role
from promostack.tenants.team import Allows

LIVES = timedelta(days=14)
# An ended offer stays in the list so long, for who wants to renew it.
ENDED_KEPT = timedelta(days=7)
MOST_A_DAY = 50
_MOST_ROUNDS = 5

_sql = load(__package__)


@dataclass(frozen=True)
class Invitation:
    """An offered place, as the tenant's people see it; `invited_by` is an address, None once that person has left."""

    id: str
    email: str
    role: Role
    invited_by: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Offer:
    """An offered place, as the invited person sees it."""

    id: str
    tenant_id: str
    tenant: str
    role: Role
    invited_by: str | None
    expires_at: datetime


def list_invitations(tenant_id: str) -> list[Invitation]:
    """What is offered, the newest first, as one page: MOST_A_DAY keeps it near a thousand until they are swept."""
    with unit_of_work(tenant_id) as tx:
        return [Invitation(**row) for row in tx.rows(_sql.list_invitations, tenant_id=tenant_id)]


def invite(tenant_id: str, *, email: str, role: Role, actor: Actor, allows: Allows, now: datetime) -> Invitation:
    """Offers a place; inviting the same address again renews the offer and ends the older link.

    Raises SettingsRefused, AlreadyMember, TooManyRequests, ForeignTenant, TenantSuspended, and RoleTooLow: to offer an
    admin's place, or to replace such an offer by another, takes the right to promote.
    """
    address = checked_address(email)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        may_promote = _may_promote(tx, tenant_id, actor, allows)
        if role == "admin" and not may_promote:
            raise RoleTooLow
        if tx.value(_sql.is_member_address, tenant_id=tenant_id, email=address):
            raise AlreadyMember
        limits.count(
            tx,
            tenant_id,
            action="invite",
            actor="tenant",
            limit=MOST_A_DAY,
            window_s=86_400,
            now=now,
            message=f"At most {MOST_A_DAY} invitations a day. Go on tomorrow.",
        )
        invitation_id = ids.new_id()
        place = {"email": address, "role": role, "invited_by": actor.id, "now": now, "expires_at": now + LIVES}
        if not tx.run(_sql.put_invitation, tenant_id=tenant_id, id=invitation_id, **place, may_promote=may_promote):
            raise RoleTooLow
        audit.record(tx, tenant_id, actor, "invitation.made", target=invitation_id, data=_told(role, address))
        row = tx.row(_sql.find_invitation, tenant_id=tenant_id, id=invitation_id)
    assert row is not None  # written in this transaction
    return Invitation(**row)


def withdraw(tenant_id: str, invitation_id: str, *, actor: Actor, allows: Allows) -> None:
    """Takes an offer back. Raises InvitationNotFound, ForeignTenant, TenantSuspended, RoleTooLow."""
    if not ids.is_id(invitation_id):
        raise InvitationNotFound
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        row = tx.row(_sql.find_invitation, tenant_id=tenant_id, id=invitation_id)
        if row is None:
            raise InvitationNotFound
        if row["role"] == "admin" and not _may_promote(tx, tenant_id, actor, allows):
            raise RoleTooLow
        if not tx.run(_sql.drop_invitation, tenant_id=tenant_id, id=invitation_id):
            raise InvitationNotFound
        data = _told(row["role"], row["email"])
        audit.record(tx, tenant_id, actor, "invitation.withdrawn", target=invitation_id, data=data)


def offers_for(email: str | None) -> tuple[Offer, ...]:
    """The places open to the owner of that verified address, in active tenants, by the tenant's name."""
    if email is None:
        return ()
    with unit_of_work(None) as tx:
        tenant_ids = [row["tenant_id"] for row in tx.rows(_sql.tenants_inviting, email=email)]
    found = []
    for tenant_id in tenant_ids:
        with unit_of_work(tenant_id) as tx:
            row = tx.row(_sql.find_offer, tenant_id=tenant_id, email=email.lower())
        if row is not None:
            found.append(Offer(**row))
    return tuple(sorted(found, key=lambda offer: offer.tenant.casefold()))


def accept(
    subject: str, tenant_id: str, invitation_id: str, *, find_contact: FindContact, request_id: str | None
) -> Place:
    """Takes the place, once, however often it is asked for; the tenant is the one to work in from now on.

    Raises EmailNotVerified, TenantSuspended, InvitationNotFound (an offer to another address looks like none), and what
    `find_contact` raises. Somebody who has a place there already keeps the one he has.
    """
    if not (ids.is_id(tenant_id) and ids.is_id(invitation_id)):
        raise InvitationNotFound
    contact = find_contact()
    if contact.email is None:
        raise EmailNotVerified
    for _ in range(_MOST_ROUNDS):
        user_id = find_user_id(subject)
        place = _take(subject, user_id, tenant_id, invitation_id, contact=contact, request_id=request_id)
        if place is not None:
            return place
    raise Unavailable("Your place is being made ready; try again in a moment.", retry_after_s=1)


def _take(
    subject: str, user_id: str | None, tenant_id: str, invitation_id: str, *, contact: Contact, request_id: str | None
) -> Place | None:
    """One try; None when a parallel request has just made the same person."""
    person_id = user_id or ids.new_id()
    with unit_of_work(tenant_id, user_id=person_id) as tx:
        person = {"user_id": person_id, "email": contact.email, "name": kept_name(contact.name)}
        if not (user_id or tx.run(_sql.insert_user, subject=subject, **person)):
            return None
        # Locked before any other row; judged below, when it is known that the person has to do with this tenant at all.
        tx.value(_sql.hold_state, tenant_id=tenant_id)
        address = (contact.email or "").lower()
        offer = tx.row(_sql.take_invitation, tenant_id=tenant_id, id=invitation_id, email=address)
        if offer and tx.run(_sql.add_membership, tenant_id=tenant_id, user_id=person_id, role=offer["role"]):
            data = {"role": offer["role"], "invitation": invitation_id}
            audit.record(tx, tenant_id, Actor(person_id, request_id), "member.joined", target=person_id, data=data)
        row = tx.row(_sql.find_place, tenant_id=tenant_id, user_id=person_id)
        if row is None:
            raise InvitationNotFound
        standing.hold_active(tx, tenant_id)
        tx.run(_sql.set_last_tenant, user_id=person_id, tenant_id=tenant_id)
    return Place(**row)


def checked_address(email: str) -> str:
    """The address in lower case; raises SettingsRefused for what is none."""
    address = email.strip().lower()
    if not is_email(address):
        wrong = "give one e-mail address, like name@company.com"
        raise SettingsRefused(f"Check the address: {wrong}.", fields={"email": wrong})
    return address


def _told(role: Role, address: str) -> dict[str, str]:
    """What the audit log says of an offer."""
    return {"role": role, "address": redact_email(address)}


def _may_promote(tx: Transaction, tenant_id: str, actor: Actor, allows: Allows) -> bool:
    """An admin's place is the business of who may promote; the role is the one held since `standing.check`."""
    place = tx.row(_sql.hold_place, tenant_id=tenant_id, user_id=actor.id)
    return place is not None and allows(place["role"], "members.promote")


def sweep(tenant_id: str, now: datetime, most: int) -> int:
    """Forgets up to `most` offers that ended long ago; returns how many."""
    with unit_of_work(tenant_id) as tx:
        return tx.run(_sql.drop_ended_invitations, tenant_id=tenant_id, before=now - ENDED_KEPT, most=most)
