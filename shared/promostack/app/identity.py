"""The identity behind a call's bearer token: verified claims only, never a header that says who somebody is."""

from functools import cache

from promostack.app.request import Request
from promostack.auth.errors import NotSignedIn
from promostack.auth.models import Identity
from promostack.auth.sessions import KeySet, SessionVerifier
from promostack.core import config, http
from promostack.core.clock import SystemClock

JWKS_TIMEOUT_S = 3.0


def identity_of(request: Request) -> Identity:
    """Whose session token the call carries; raises NotSignedIn, SessionExpired and IdentityUnavailable."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("no_credentials")
    identity = _verifier().verify(token.strip())
    if identity.email is not None:
        refuse_other_claim(request, identity.email)
    return identity


def refuse_other_claim(request: Request, email: str | None) -> None:
    """The header is a hint that grants nothing; one that contradicts the verified identity is an attack."""
    claimed = request.headers.get("x-clerk-user-email", "").strip().lower()
    if claimed and claimed != email:
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
