"""The `admin_session` cookie of the password login: HMAC-SHA256, twelve hours, one host and one password.

Another epoch ends it, and so does another password or none.

`__Host-` makes browsers refuse it unless it is Secure, without a Domain and for the whole path, so that no sibling
subdomain can set or read it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from promostack.auth.errors import NotSignedIn, SessionExpired
from promostack.auth.keys import session_keys
from promostack.auth.models import Admin

NAME = "__Host-admin_session"
LIVES = timedelta(hours=12)
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
_LONGEST = 1_024


def issue(email: str, *, audience: str, epoch: int, password_hash: str, now: datetime) -> str:
    """A `Set-Cookie` value that signs `email` in on the host `audience`, for as long as the password has that hash."""
    key_id, key = next(iter(session_keys().items()))
    claims = {
        "kid": key_id,
        "sub": email,
        "aud": audience,
        "epoch": epoch,
        "pw": _mark(password_hash, key),
        "exp": int((now + LIVES).timestamp()),
    }
    payload = base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode()
    return f"{NAME}={payload}.{_sign(payload, key)}; Max-Age={int(LIVES.total_seconds())}; {_ATTRIBUTES}"


def clear() -> str:
    """A `Set-Cookie` value that signs out."""
    return f"{NAME}=; Max-Age=0; {_ATTRIBUTES}"


def verify(value: str, *, audience: str, epoch: int, password_hash: str | None, now: datetime) -> Admin:
    """The admin behind a cookie's value; raises SessionExpired and NotSignedIn. No `password_hash`: switched off."""
    if password_hash is None:
        raise NotSignedIn("cookie_password_off")
    payload, _, signature = value.partition(".")
    claims = _claims(payload) if len(value) <= _LONGEST else {}
    key = session_keys().get(str(claims.get("kid")))
    if key is None:
        raise NotSignedIn("cookie_key_unknown")
    if not hmac.compare_digest(signature.encode(), _sign(payload, key).encode()):
        raise NotSignedIn("cookie_signature")
    if claims.get("aud") != audience:
        raise NotSignedIn("cookie_audience")
    if claims.get("epoch") != epoch:
        raise NotSignedIn("cookie_revoked")
    if claims.get("pw") != _mark(password_hash, key):
        raise NotSignedIn("cookie_password_changed")
    if int(claims["exp"]) <= now.timestamp():
        raise SessionExpired("cookie_expired")
    return Admin(email=str(claims["sub"]), by="password")


def read(cookie_header: str) -> str | None:
    """Our cookie's value in a `Cookie` header, or None; two of them are as good as none."""
    found = [
        part.strip().removeprefix(f"{NAME}=")
        for part in cookie_header.split(";")
        if part.strip().startswith(f"{NAME}=")
    ]
    return found[0] if len(found) == 1 and found[0] else None


def _sign(payload: str, key: bytes) -> str:
    return base64.urlsafe_b64encode(
        hmac.new(key, f"admin_session|{payload}".encode(), hashlib.sha256).digest()
    ).decode()


def _mark(password_hash: str, key: bytes) -> str:
    """Tells one password hash from another, and nothing else to who does not have the key."""
    return hmac.new(key, f"admin_password|{password_hash}".encode(), hashlib.sha256).hexdigest()[:32]


def _claims(payload: str) -> dict[str, Any]:
    """What the cookie says of itself, before anything is believed."""
    try:
        claims = json.loads(base64.b64decode(payload, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
