"""Clerk's Backend API: a person's verified primary address and his name, for tokens that carry neither."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from promostack.auth.errors import IdentityUnavailable
from promostack.core import config, http, log

DEFAULT_API_BASE = "https://api.clerk.com"
KEEP = timedelta(minutes=10)
# Who has just verified his address must not wait for long; a flood of calls must not become one at the provider.
KEEP_WITHOUT_ADDRESS = timedelta(seconds=5)
TIMEOUT_S = 3.0
_MOST_KEPT = 1_000

_log = log.get("clerk")


@dataclass(frozen=True)
class Account:
    """What Clerk knows of a person: his verified primary address, lower case, and how he calls himself."""

    email: str | None = None
    name: str = ""


_kept: dict[str, tuple[datetime, Account]] = {}


class _Verification(BaseModel):
    status: str | None = None


class _Address(BaseModel):
    id: str
    email_address: str
    verification: _Verification | None = None


class _User(BaseModel):
    """What counts of Clerk's user object; a banned one has no address here."""

    id: str
    primary_email_address_id: str | None = None
    email_addresses: list[_Address] = []
    banned: bool = False
    first_name: str | None = None
    last_name: str | None = None


def verified_email(subject: str, *, now: datetime) -> str | None:
    """The verified primary e-mail of a user, lower case, or None; kept like `account`. Raises IdentityUnavailable."""
    return account(subject, now=now).email


def account(subject: str, *, now: datetime) -> Account:
    """The user's account, an empty one when there is no such user; kept for ten minutes, without address for seconds.

    Raises IdentityUnavailable.
    """
    asked_at, known = _kept.get(subject, (None, Account()))
    if asked_at is not None and now - asked_at < (KEEP if known.email else KEEP_WITHOUT_ADDRESS):
        return known
    user = _ask(subject)
    known = Account(_primary(user), _name(user)) if user is not None and user.id == subject else Account()
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[subject] = (now, known)
    return known


def _ask(subject: str) -> _User | None:
    """The user, or None when there is none; an answer that is neither is no answer."""
    base = (config.optional("CLERK_API_BASE") or DEFAULT_API_BASE).rstrip("/")
    headers = {"Authorization": f"Bearer {config.require('CLERK_SECRET_KEY')}"}
    try:
        answer = http.get(f"{base}/v1/users/{quote(subject, safe='')}", params={}, timeout_s=TIMEOUT_S, headers=headers)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _unavailable(f"status {answer.status}")
        return _User.model_validate(json.loads(answer.body))
    except (http.VendorUnreachable, ValidationError, ValueError, RecursionError) as error:
        raise _unavailable(type(error).__name__) from error


def _primary(user: _User) -> str | None:
    if user.banned:
        return None
    for address in user.email_addresses:
        if address.id == user.primary_email_address_id:
            is_verified = address.verification is not None and address.verification.status == "verified"
            return address.email_address.strip().lower() if is_verified else None
    return None


def _name(user: _User) -> str:
    return " ".join(part.strip() for part in (user.first_name, user.last_name) if part and part.strip())


def _unavailable(cause: str) -> IdentityUnavailable:
    """The cause goes to the log of the operator, who may have the key wrong."""
    _log.warning("backend_api", cause=cause)
    return IdentityUnavailable("Sign-in cannot be checked just now; try again in a moment.", retry_after_s=5)
