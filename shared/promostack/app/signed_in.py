"""Access rules for tenants' people: identity from verified claims only, tenant from the caller's memberships.

Those for the platform's people stand in `admins.py`, so that these functions are not told what only those need.
"""

from functools import partial

from promostack.app.access import Access
from promostack.app.identity import identity_of, refuse_other_claim
from promostack.app.request import Request
from promostack.auth.errors import NoSuchTenant, NotAllowed
from promostack.auth.models import Identity, Member, Person
from promostack.auth.permissions import MATRIX, allows
from promostack.tenants import members
from promostack.tenants.audit import Actor
from promostack.tenants.errors import refuse_state


def person() -> Access:
    """Anyone who is signed in, with or without a tenant."""
    return Access("person", "client", "own", _person)


def member(permission: str, *, while_closing: bool = False) -> Access:
    """A member of the tenant that `X-Tenant` names, or of the one last used, whose role has the permission.

    `while_closing` is for what still works in a tenant that is to be deleted.
    """
    if permission not in MATRIX:
        raise ValueError(f"{permission} is not in the permission matrix")
    ask = partial(_member, permission=permission, while_closing=while_closing)
    return Access("member", "client", "own", ask, permission)


def acting(request: Request) -> Actor:
    """The member as whoever acts; `standing.check` asks for the route's right again where his change is written."""
    caller = request.caller_as(Member)
    return Actor(caller.user_id, request.request_id, lambda role: allows(role, caller.right))


def _person(request: Request) -> Person:
    identity = identity_of(request, page="DASH_ORIGIN")
    user_id = members.find_user_id(identity.subject)
    refuse_other_claim(request, lambda: _email_of(identity, user_id))
    return Person(identity, user_id)


def _member(request: Request, *, permission: str, while_closing: bool) -> Member:
    identity = identity_of(request, page="DASH_ORIGIN")
    user_id, place = members.find_membership(identity.subject, request.headers.get("x-tenant"))
    refuse_other_claim(request, lambda: _email_of(identity, user_id))
    if user_id is None or place is None:
        raise NoSuchTenant("foreign_tenant" if user_id else "no_account")
    caller = Member(identity, user_id, place.tenant_id, place.role, permission)
    if not caller.may(permission):
        raise NotAllowed("role_lacks_permission")
    refuse_state(place.state, while_closing=while_closing)
    return caller


def _email_of(identity: Identity, user_id: str | None) -> str | None:
    """The token's verified address, else the one that was verified when the person first came here."""
    return identity.email or (members.find_email(user_id) if user_id else None)
