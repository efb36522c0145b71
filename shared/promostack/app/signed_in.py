"""Access rules for signed-in callers: identity from verified claims only, tenant from the caller's memberships."""

from functools import cache

from promostack.app.access import Access, origin_class
from promostack.app.request import Request
from promostack.auth import admin_cookie, login
from promostack.auth.errors import NoSuchTenant, NotAllowed, NotSignedIn, TenantSuspended
from promostack.auth.models import Admin, Identity, Member, Person
from promostack.auth.permissions import MATRIX
from promostack.auth.sessions import KeySet, SessionVerifier
from promostack.core import config, http
from promostack.core.clock import SystemClock
from promostack.tenants import members

JWKS_TIMEOUT_S = 3.0
_clock = SystemClock()


def person() -> Access:
    """Anyone who is signed in, with or without a tenant."""
    return Access("person", "client", "own", _person)


def member(permission: str) -> Access:
    """A member of the tenant that `X-Tenant` names, or of the one last used, whose role has the permission."""
    if permission not in MATRIX:
        raise ValueError(f"{permission} is not in the permission matrix")
    return Access("member", "client", "own", lambda request: _member(request, permission), permission)


def _person(request: Request) -> Person:
    identity = _identity(request)
    return Person(identity, members.find_user_id(identity.subject))


def _member(request: Request, permission: str) -> Member:
    identity = _identity(request)
    user_id, place = members.find_membership(identity.subject, request.headers.get("x-tenant"))
    if user_id is None or place is None:
        raise NoSuchTenant("foreign_tenant" if user_id else "no_account")
    caller = Member(identity, user_id, place.tenant_id, place.role)
    if not caller.may(permission):
        raise NotAllowed("role_lacks_permission")
    if place.state != "active":
        raise TenantSuspended
    return caller


def _admin(request: Request) -> Admin:
    """By a bearer session with a verified e-mail of the list, else by the cookie of the password login."""
    if "authorization" in request.headers:
        identity = _identity(request)
        email = identity.email or _verified_email(identity.subject)
        _refuse_other_claim(request, email)
        if email is None or email not in login.admin_emails():
            raise NotAllowed("not_an_admin", "This account is not one of the platform's people.")
        return Admin(email, "session")
    cookie = admin_cookie.read(request.headers.get("cookie", ""))
    if cookie is None:
        raise NotSignedIn("no_credentials")
    _refuse_forged_request(request)
    admin = admin_cookie.verify(cookie, audience=request.host, epoch=login.current_epoch(), now=_clock.now())
    _refuse_other_claim(request, admin.email)
    if admin.email not in login.admin_emails():
        raise NotAllowed("not_an_admin", "This account is not one of the platform's people.")
    return admin


# The platform's people, on the admin host only.
ADMIN = Access("admin", "admin", "own", _admin)

# The login itself: nobody is signed in yet, but only the admin host may try.
ADMIN_LOGIN = Access("admin_login", "admin", "none", lambda request: _refuse_forged_request(request))


def _identity(request: Request) -> Identity:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("no_credentials")
    identity = _verifier().verify(token.strip())
    if identity.email is not None:
        _refuse_other_claim(request, identity.email)
    return identity


def _refuse_other_claim(request: Request, email: str | None) -> None:
    """The header is a hint that grants nothing; one that contradicts the verified identity is an attack."""
    claimed = request.headers.get("x-clerk-user-email", "").strip().lower()
    if claimed and claimed != email:
        raise NotSignedIn("identity_header_mismatch")


def _refuse_forged_request(request: Request) -> None:
    """A cookie travels with every request to its site, siblings' included: only our own page may use it."""
    if request.origin and origin_class(request.origin) != "admin":
        raise NotAllowed("cross_site_request", "This request did not come from the admin dashboard.")
    if request.headers.get("sec-fetch-site") != "same-origin":
        raise NotAllowed("cross_site_request", "This request did not come from the admin dashboard.")


def _verified_email(subject: str) -> str | None:
    from promostack.integrations.clerk import verified_email

    return verified_email(subject, now=_clock.now())


@cache
def _verifier() -> SessionVerifier:
    """One per process: it keeps the provider's keys."""

    def fetch() -> bytes:
        answer = http.get(config.require("CLERK_JWKS_URL"), params={}, timeout_s=JWKS_TIMEOUT_S)
        return answer.body if answer.status == 200 else b""

    return SessionVerifier(
        issuer=config.require("CLERK_ISSUER"),
        authorized_parties=config.listed("CLERK_AUTHORIZED_PARTIES"),
        keys=KeySet(fetch, _clock),
        clock=_clock,
    )
