"""The password login of the platform's people: few tries, shared by all instances, no hint which half was wrong."""

import hashlib
from datetime import datetime

from promostack.auth import admin_cookie, passwords
from promostack.auth.errors import NotSignedIn
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


def log_in(email: str, password: str, *, address: str, audience: str, now: datetime) -> str:
    """A `Set-Cookie` value; raises TooManyTries and NotSignedIn.

    A try is counted before the password is looked at, so that parallel tries cannot slip through.
    """
    email = email.strip().lower()
    actors = [_hashed("ip", address), _hashed("account", email)]
    _count(actors, now)
    is_right = passwords.is_right(password, config.require("ADMIN_PASSWORD_HASH"))
    if not (is_right and email in admin_emails()):
        raise NotSignedIn("wrong_password")
    with unit_of_work(None) as tx:
        tx.run(_sql.forget_tries, actors=actors)
        epoch = tx.value(_sql.admin_epoch)
    return admin_cookie.issue(email, audience=audience, epoch=epoch, now=now)


def end_all_sessions() -> None:
    """Signs every admin out, everywhere."""
    with unit_of_work(None) as tx:
        tx.value(_sql.raise_admin_epoch)


def current_epoch() -> int:
    """The epoch in which admin sessions are signed now."""
    with unit_of_work(None) as tx:
        return int(tx.value(_sql.admin_epoch))


def admin_emails() -> frozenset[str]:
    """The platform's people."""
    return frozenset(email.lower() for email in config.listed("ADMIN_EMAILS"))


def _count(actors: list[str], now: datetime) -> None:
    with unit_of_work(None) as tx:
        # In one order always, so that two instances cannot wait for each other.
        counted = [tx.row(_sql.count_try, actor=actor, now=now, window_s=WINDOW_S) for actor in sorted(actors)]
    over = [row["window_ends_at"] for row in counted if row and row["tries"] > MOST_TRIES]
    if over:
        wait_s = (max(over) - now).total_seconds()
        raise TooManyTries("Too many tries. Wait a quarter of an hour, then sign in again.", retry_after_s=wait_s)


def _hashed(kind: str, value: str) -> str:
    """Addresses and accounts are not kept in the clear."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"
