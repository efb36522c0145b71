"""Clerk's Backend API: a person's verified primary address, for tokens that carry none."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from promostack.auth.errors import IdentityUnavailable
from promostack.core import config, http

DEFAULT_API_BASE = "https://api.clerk.com"
KEEP = timedelta(minutes=10)
TIMEOUT_S = 3.0
_MOST_KEPT = 1_000

_kept: dict[str, tuple[datetime, str | None]] = {}


def verified_email(subject: str, *, now: datetime) -> str | None:
    """The verified primary e-mail of a user, lower case, or None; kept for ten minutes. Raises IdentityUnavailable."""
    asked_at, email = _kept.get(subject, (None, None))
    if asked_at is not None and now - asked_at < KEEP:
        return email
    email = _primary(_ask(subject))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[subject] = (now, email)
    return email


def _ask(subject: str) -> dict[str, Any]:
    base = (config.optional("CLERK_API_BASE") or DEFAULT_API_BASE).rstrip("/")
    headers = {"Authorization": f"Bearer {config.require('CLERK_SECRET_KEY')}"}
    try:
        answer = http.get(f"{base}/v1/users/{quote(subject, safe='')}", params={}, timeout_s=TIMEOUT_S, headers=headers)
        if answer.status == 404:
            return {}
        user = json.loads(answer.body) if answer.status == 200 else None
    except (http.VendorUnreachable, ValueError) as error:
        raise IdentityUnavailable("Sign-in cannot be checked just now; try again in a moment.") from error
    if not isinstance(user, dict):
        raise IdentityUnavailable("Sign-in cannot be checked just now; try again in a moment.")
    return user


def _primary(user: dict[str, Any]) -> str | None:
    for address in user.get("email_addresses", []):
        if address.get("id") == user.get("primary_email_address_id"):
            status = (address.get("verification") or {}).get("status")
            return str(address["email_address"]).strip().lower() if status == "verified" else None
    return None
