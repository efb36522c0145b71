"""The password login of the platform's people: few tries, shared by all instances, no hint which half was wrong."""

import hashlib
from datetime import datetime

from promostack.auth import admin_cookie, passwords
from promostack.auth.errors import NotAllowed, NotSignedIn
from promostack.core import config
from promostack.core.errors import TooManyRequests
from promostack.db.sql import load
from promostack.db.uow import unit_of_work

MOST_TRIES = 5
WINDOW_S = 15 * 60

_sql = load(__package__)


class TooManyTries(TooManyRequests):
    """Five wrong passwords in a quarter of an hour, from one address or for one account."""

    code = "too_many_tries"
    reason = "too_many_tries"


class PasswordLoginOff(NotAllowed):
    """ADMIN_PASSWORD_HASH is `off`: everybody comes through the identity provider."""

    code = "password_login_off"


def log_in(email: str, password: str, *, address: str, audience: str, now: datetime) -> str:
    """A `Set-Cookie` value; raises PasswordLoginOff, TooManyTries and NotSignedIn.

    A try is counted before the password is looked at, so that parallel tries cannot slip through. The password is
    hashed for every address, known or not, so that the time taken tells nothing.
    """
    stored = password_hash()
    if stored is None:
        raise PasswordLoginOff("password_login_off", "Signing in with a password is switched off; use your account.")
    email = normalised(email)
    actors = [_hashed("ip", address), _hashed("account", email)]
    _count(actors, now)
    is_right = passwords.is_right(password, stored)
    if not (is_right and email in admin_emails()):
        raise NotSignedIn("wrong_password")
    with unit_of_work(None) as tx:
        tx.run(_sql.forget_tries, actors=actors)
        epoch = tx.value(_sql.admin_epoch)
    return admin_cookie.issue(email, audience=audience, epoch=epoch, password_hash=stored, now=now)


def end_all_sessions() -> None:
    """Signs every admin out, everywhere."""
    with unit_of_work(None) as tx:
        tx.value(_sql.raise_admin_epoch)


def current_epoch() -> int:
    """The epoch in which admin sessions are signed now."""
    with unit_of_work(None) as tx:
        return int(tx.value(_sql.admin_epoch))


def password_hash() -> str | None:
    """The hash of the password that counts now, None when it is switched off."""
    return config.optional("ADMIN_PASSWORD_HASH")


def admin_emails() -> frozenset[str]:
    """The platform's people."""
    return frozenset(normalised(email) for email in config.listed("ADMIN_EMAILS"))


def normalised(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()


def _count(actors: list[str], now: datetime) -> None:
    """Counts a try of the address, then of the account; raises TooManyTries, counts included.

    The address comes first, always, so that two instances cannot wait for each other, and one that is over its limit
    counts for no account: it can neither shut others' accounts nor fill the table.
    """
    over = None
    with unit_of_work(None) as tx:
        for actor in actors:
            row = tx.row(_sql.count_try, actor=actor, now=now, window_s=WINDOW_S)
            if row and row["tries"] > MOST_TRIES:
                over = row["window_ends_at"]
                break
    if over is not None:
        wait_s = (over - now).total_seconds()
        raise TooManyTries("Too many tries. Wait a quarter of an hour, then sign in again.", retry_after_s=wait_s)


def _hashed(kind: str, value: str) -> str:
    """Addresses and accounts are not kept in the clear."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"
