"""The identity behind a call's bearer token: verified claims only, never a header that says who somebody is."""

from collections.abc import Callable
from functools import cache
from typing import Literal

from promostack.app.request import Request
from promostack.auth.errors import NotSignedIn
from promostack.auth.models import Identity
from promostack.auth.sessions import KeySet, SessionVerifier
from promostack.core import config, http
from promostack.core.clock import SystemClock

JWKS_TIMEOUT_S = 3.0


def identity_of(request: Request, *, page: Literal["DASH_ORIGIN", "ADMIN_ORIGIN"]) -> Identity:
    """Whose session token the call carries, made for that page or for none that it names.

    Raises NotSignedIn, SessionExpired and IdentityUnavailable.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("no_credentials")
    return _verifier().verify(token.strip(), origin=config.require(page))


def refuse_other_claim(request: Request, find_email: Callable[[], str | None]) -> None:
    """The header is a hint that grants nothing; one that the verified identity does not confirm is an attack.

    `find_email` gives the caller's verified address; it is asked only when something is claimed.
    """
    claimed = request.headers.get("x-clerk-user-email", "").strip().lower()
    if claimed and claimed != find_email():
        raise NotSignedIn("identity_header_mismatch")


@cache
def _verifier() -> SessionVerifier:
    """One per process: it keeps the provider's keys."""

    def fetch() -> bytes:
        answer = http.get(config.require("CLERK_JWKS_URL"), params={}, timeout_s=JWKS_TIMEOUT_S)
        return answer.body if answer.status == 200 else b""

    clock = SystemClock()
    return SessionVerifier(
        issuer=config.require("CLERK_ISSUER"),
        authorized_parties=config.listed("CLERK_AUTHORIZED_PARTIES"),
        keys=KeySet(fetch, clock),
        clock=clock,
    )
