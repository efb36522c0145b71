"""Access rules for the platform's people, on the admin host only: by a session, or by the password login's cookie."""

from promostack.app.access import Access, origin_class
from promostack.app.identity import identity_of, refuse_other_claim
from promostack.app.request import Request
from promostack.auth import admin_cookie, login
from promostack.auth.errors import NotAllowed, NotSignedIn
from promostack.auth.models import Admin
from promostack.core.clock import SystemClock

_clock = SystemClock()


def _admin(request: Request) -> Admin:
    """By a session with a verified e-mail of the list, else by the cookie, which no bad token falls back to."""
    admin = _by_session(request) if "authorization" in request.headers else _by_cookie(request)
    refuse_other_claim(request, lambda: admin.email)
    if admin.email not in login.admin_emails():
        raise NotAllowed("not_an_admin", "This account is not one of the platform's people.")
    return admin


def _by_session(request: Request) -> Admin:
    from promostack.integrations.clerk import verified_email

    identity = identity_of(request, page="ADMIN_ORIGIN")
    email = identity.email or verified_email(identity.subject, now=_clock.now())
    return Admin(email or "", "session")


def _by_cookie(request: Request) -> Admin:
    cookie = admin_cookie.read(request.headers.get("cookie", ""))
    if cookie is None:
        raise NotSignedIn("no_credentials")
    _refuse_forged_request(request)
    return admin_cookie.verify(
        cookie,
        audience=request.host,
        epoch=login.current_epoch(),
        password_hash=login.password_hash(),
        now=_clock.now(),
    )


def _refuse_forged_request(request: Request) -> None:
    """A cookie travels with every request to its site, siblings' included: only our own page may use it."""
    if request.origin and origin_class(request.origin) != "admin":
        raise NotAllowed("cross_site_request", "This request did not come from the admin dashboard.")
    if request.headers.get("sec-fetch-site") != "same-origin":
        raise NotAllowed("cross_site_request", "This request did not come from the admin dashboard.")


ADMIN = Access("admin", "admin", "own", _admin)

# Signing in and out with a password: nobody has to be signed in, but only the admin host's own page may ask.
ADMIN_LOGIN = Access("admin_login", "admin", "none", _refuse_forged_request)
