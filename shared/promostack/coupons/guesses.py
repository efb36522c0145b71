"""Limits against guessing codes (product rule 2): checks a minute, and distinct wrong codes an hour."""

import math
from datetime import datetime, timedelta

from promostack.coupons.errors import TooManyGuesses
from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.tenants import limits
from promostack.tenants.models import Tenant

_sql = load(__package__)
_HOUR = timedelta(hours=1)
_CHECK = "coupon_check"


def count_check(tx: Transaction, tenant: Tenant, *, actor: str, now: datetime) -> None:
    """Counts one question to the providers; raises TooManyRequests."""
    limits.count(
        tx,
        tenant.id,
        action=_CHECK,
        actor=actor,
        limit=tenant.settings.limits.checks_per_minute,
        window_s=60,
        now=now,
        message="Too many codes in a minute. Wait a moment, then try again.",
    )


def uncount_check(tx: Transaction, tenant: Tenant, *, actor: str, now: datetime) -> None:
    """Gives a question back that got no answer."""
    limits.uncount(tx, tenant.id, action=_CHECK, actor=actor, now=now)


def refuse_guesser(tenant: Tenant, *, misses: int, oldest_at: datetime | None, now: datetime) -> None:
    """Raises TooManyGuesses while the actor's distinct misses since `since(now)` are used up."""
    if oldest_at is not None and misses >= tenant.settings.limits.misses_per_hour:
        wait_s = (oldest_at + _HOUR - now).total_seconds()
        raise TooManyGuesses("Too many wrong codes. Try again later.", retry_after_s=math.ceil(wait_s))


def since(now: datetime) -> datetime:
    """Misses before this moment are forgiven."""
    return now - _HOUR


def hold(tx: Transaction, tenant: Tenant, *, actor: str, code: str, now: datetime) -> None:
    """Counts a code as a miss before anybody is asked about it; raises TooManyGuesses, and its rollback undoes that.

    Goes after `count_check` in one transaction: the lock on that count lets one caller of an actor through at a time.
    Asking first and counting afterwards would let as many guesses pass as come at once.
    """
    tx.run(_sql.hold_guess, tenant_id=tenant.id, actor=actor, code=code, now=now, since=since(now))
    most = tenant.settings.limits.misses_per_hour + 1
    found = tx.row(_sql.find_check, tenant_id=tenant.id, code=code, actor=actor, now=now, since=since(now), most=most)
    assert found is not None  # an aggregate always gives one row
    refuse_guesser(tenant, misses=found["misses"] - 1, oldest_at=found["oldest_at"], now=now)


def release(tx: Transaction, tenant: Tenant, *, actor: str, code: str, held_at: datetime) -> None:
    """Takes a held code back: it was not wrong, or nobody could say."""
    tx.run(_sql.release_guess, tenant_id=tenant.id, actor=actor, code=code, held_at=held_at)


def record_miss(tx: Transaction, tenant: Tenant, *, actor: str, code: str, now: datetime) -> None:
    """Remembers a wrong code of the actor."""
    tx.run(_sql.record_miss, tenant_id=tenant.id, actor=actor, code=code, now=now)
