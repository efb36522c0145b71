"""Access rules for tenants' people: identity from verified claims only, tenant from the caller's memberships.

Those for the platform's people stand in `admins.py`, so that these functions are not told what only those need.
"""

from functools import partial

from promostack.app.access import Access
from promostack.app.identity import identity_of, refuse_other_claim
from promostack.app.request import Request
from promostack.auth.errors import NoSuchTenant, NotAllowed, NotSignedIn, ReadOnly
from promostack.auth.models import Identity, Member, Person
from promostack.auth.permissions import MATRIX, allows
from promostack.core.clock import SystemClock
from promostack.tenants import members, visits
from promostack.tenants.audit import Actor
from promostack.tenants.errors import refuse_state
from promostack.tenants.visits import Visit

_clock = SystemClock()
_NOBODY = Identity("", "")


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


def visiting() -> Access:
    """Somebody of the platform who looks into a tenant."""
    return Access("visitor", "client", "own", _visitor)


def _visitor(request: Request) -> Person:
    visit = _visit(request)
    if visit is None:
        raise NotSignedIn("no_visit")
    return Person(_NOBODY, None, visit)


def _visit(request: Request) -> Visit | None:
    """The visit whose token the call carries, None for any other call; raises NotSignedIn when it is over."""
    token = request.headers.get("authorization", "").partition(" ")[2].strip()
    if not token.startswith(visits.PREFIX):
        return None
    visit = visits.find(token, now=_clock.now())
    if visit is None:
        raise NotSignedIn("visit_over")
    refuse_other_claim(request, lambda: None)
    wanted = request.headers.get("x-tenant")
    if wanted and wanted.lower() not in (visit.place.tenant_id, visit.place.slug):
        raise NoSuchTenant("foreign_tenant")
    return visit


def _reading(request: Request) -> Visit | None:
    """Like `_visit`; raises ReadOnly for whatever is no GET."""
    visit = _visit(request)
    if visit is not None and request.method != "GET":
        raise ReadOnly
    return visit


def _person(request: Request) -> Person:
    if visit := _reading(request):
        return Person(_NOBODY, None, visit)
    identity = identity_of(request, page="DASH_ORIGIN")
    user_id = members.find_user_id(identity.subject)
    refuse_other_claim(request, lambda: _email_of(identity, user_id))
    return Person(identity, user_id)


def _member(request: Request, *, permission: str, while_closing: bool) -> Member:
    if visit := _reading(request):
        seen = visit.place
        return Member(_NOBODY, f"visit:{visit.id}", seen.tenant_id, seen.role, permission, visit)
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
