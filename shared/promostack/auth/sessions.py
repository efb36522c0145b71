"""Session tokens of the identity provider: RS256, pinned issuer, keys by `kid` with a cooldown on unknown ones.

Source of the rules: facts §4. The issuer comes from configuration and never from the token; template tokens, which have
no `sid`, are refused; `azp` may be missing, but when it is there it must be the dashboard that the call belongs to.
A session with an open task, such as setting up a second factor, is none yet (`sts`); nobody acts for another (`act`).
"""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import jwt

from promostack.auth.errors import IdentityUnavailable, NotSignedIn, SessionExpired
from promostack.auth.models import Identity
from promostack.core import log
from promostack.core.clock import Clock
from promostack.core.http import VendorUnreachable

KEYS_LIVE = timedelta(seconds=300)
UNKNOWN_KID_COOLDOWN = timedelta(seconds=30)
# While no key has ever been had nobody at all can sign in, so the provider is asked again soon.
NO_KEYS_COOLDOWN = timedelta(seconds=2)
LEEWAY_S = 5
_REQUIRED = ["exp", "iat", "nbf", "sub", "iss", "sid"]
# A genuine token has about 1 kB; more is an attempt to make us work.
_MAX_TOKEN_LENGTH = 8_192
_log = log.get("auth")


class KeySet:
    """The provider's public keys. `fetch` returns the JWKS document's bytes or raises VendorUnreachable.

    They are asked for anew after 300 s, and for an unknown `kid`, but at most once in 30 s whatever is asked. Known
    keys go on serving while the provider is out of reach or talks nonsense; a key that it took back is forgotten.
    """

    def __init__(self, fetch: Callable[[], bytes], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, Any] = {}
        self._asked_at: datetime | None = None
        self._known_at: datetime | None = None
        self._lock = threading.Lock()

    def find(self, kid: str) -> Any | None:
        """The public key of that id, or None; raises IdentityUnavailable when no key has ever been had."""
        with self._lock:
            now = self._clock.now()
            is_fresh = self._known_at is not None and now - self._known_at < KEYS_LIVE
            if not (is_fresh and kid in self._keys) and self._may_ask(now):
                self._asked_at = now
                self._refresh(now)
            if not self._keys:
                raise IdentityUnavailable("Sign-in cannot be checked just now; try again in a moment.", retry_after_s=5)
            return self._keys.get(kid)

    def _may_ask(self, now: datetime) -> bool:
        cooldown = UNKNOWN_KID_COOLDOWN if self._keys else NO_KEYS_COOLDOWN
        return self._asked_at is None or now - self._asked_at >= cooldown

    def _refresh(self, now: datetime) -> None:
        try:
            keys = jwt.PyJWKSet.from_dict(json.loads(self._fetch())).keys
        except (VendorUnreachable, ValueError, TypeError, AttributeError, RecursionError, jwt.PyJWTError) as error:
            _log.warning("keys_not_had", kind=type(error).__name__, keys_known=len(self._keys))
            return
        usable = {key.key_id: key.key for key in keys if key.key_id and key.key_type == "RSA"}
        if usable:
            self._keys, self._known_at = usable, now


class SessionVerifier:
    """Verifies session tokens of one issuer."""

    def __init__(self, *, issuer: str, authorized_parties: tuple[str, ...], keys: KeySet, clock: Clock) -> None:
        self._issuer = issuer
        self._parties = frozenset(authorized_parties)
        self._keys = keys
        self._clock = clock

    def verify(self, token: str, *, origin: str) -> Identity:
        """The identity behind a token; `origin` is the page's that may use it, of those authorized.

        Raises SessionExpired for a genuine token that is over, NotSignedIn for everything else that does not hold, and
        IdentityUnavailable when the keys cannot be had.
        """
        if len(token) > _MAX_TOKEN_LENGTH:
            raise NotSignedIn("token_too_long")
        claims = self._claims(token)
        party = claims.get("azp")
        if party is not None and (party != origin or origin not in self._parties):
            raise NotSignedIn("wrong_party")
        if claims.get("sts", "active") != "active":
            raise NotSignedIn("session_pending")
        if claims.get("act") is not None:
            raise NotSignedIn("impersonated")
        subject, session_id = claims["sub"], claims["sid"]
        if not (isinstance(session_id, str) and session_id and isinstance(subject, str) and 0 < len(subject) <= 255):
            raise NotSignedIn("claims_malformed")
        email = claims.get("email")
        is_verified = claims.get("email_verified") is True and isinstance(email, str)
        return Identity(subject, session_id, email.strip().lower() if is_verified and isinstance(email, str) else None)

    def _claims(self, token: str) -> dict[str, Any]:
        """The claims of a token whose signature, issuer and times hold."""
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(kid, str):
                raise NotSignedIn("wrong_algorithm")
            key = self._keys.find(kid)
            if key is None:
                raise NotSignedIn("unknown_key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                # Times are checked below, by the injected clock.
                options={"require": _REQUIRED, "verify_aud": False, "verify_exp": False, "verify_nbf": False,
                         "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidTokenError as error:
            raise NotSignedIn(_reason(error)) from error
        self._check_times(claims)
        return claims

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._clock.now().timestamp()
        times = [claims["exp"], claims["nbf"], claims["iat"]]
        if any(isinstance(each, bool) or not isinstance(each, (int, float)) or not isfinite(each) for each in times):
            raise NotSignedIn("claims_malformed")
        if max(claims["nbf"], claims["iat"]) > now + LEEWAY_S:
            raise NotSignedIn("from_the_future")
        if claims["exp"] <= now - LEEWAY_S:
            raise SessionExpired("expired")


def _reason(error: jwt.InvalidTokenError) -> str:
    reasons: list[tuple[type[Exception], str]] = [
        (jwt.InvalidSignatureError, "wrong_signature"),
        (jwt.InvalidIssuerError, "wrong_issuer"),
        (jwt.MissingRequiredClaimError, "claim_missing"),
        (jwt.DecodeError, "not_a_token"),
    ]
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "token_refused")
