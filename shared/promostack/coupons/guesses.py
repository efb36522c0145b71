"""Limits against guessing codes (product rule 2): checks a minute; wrong codes and questions about them an hour.

The same wrong code again is no further guess, but a further question to the provider once the kept answer is over:
these have a limit of their own, which nobody meets who types by hand.
"""

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
# Questions to the providers about wrong codes, for an actor and hour; a tenant's own limit on misses raises it.
MOST_ASKS = 60


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


def refuse_guesser(tenant: Tenant, *, misses: int, asks: int, oldest_at: datetime | None, now: datetime) -> None:
    """Raises TooManyGuesses while the actor's misses since `since(now)`, or the questions about them, are used up."""
    most = tenant.settings.limits.misses_per_hour
    if oldest_at is not None and (misses >= most or asks >= max(most, MOST_ASKS)):
        wait_s = (oldest_at + _HOUR - now).total_seconds()
        raise TooManyGuesses("Too many wrong codes. Try again later.", retry_after_s=math.ceil(wait_s))


def since(now: datetime) -> datetime:
    """Misses before this moment are forgiven."""
    return now - _HOUR


def hold(tx: Transaction, tenant: Tenant, *, actor: str, code: str, now: datetime) -> None:
    """Counts a question as a miss before anybody is asked it; raises TooManyGuesses, and its rollback undoes that.

    Goes after `count_check` in one transaction: the lock on that count lets one caller of an actor through at a time.
    Asking first and counting afterwards would let as many guesses pass as come at once.
    """
    tx.run(_sql.hold_guess, tenant_id=tenant.id, actor=actor, code=code, now=now, since=since(now))
    most = tenant.settings.limits.misses_per_hour + 1
    found = tx.row(_sql.find_check, tenant_id=tenant.id, code=code, actor=actor, now=now, since=since(now), most=most)
    assert found is not None  # an aggregate always gives one row
    mine = {"misses": found["misses"] - 1, "asks": found["asks"] - 1}
    refuse_guesser(tenant, **mine, oldest_at=found["oldest_at"], now=now)


def release(tx: Transaction, tenant: Tenant, *, actor: str, code: str) -> None:
    """Takes a held question back: the code was not wrong, or nobody could say."""
    tx.run(_sql.release_guess, tenant_id=tenant.id, actor=actor, code=code)
    tx.run(_sql.forget_guess, tenant_id=tenant.id, actor=actor, code=code)


def record_miss(tx: Transaction, tenant: Tenant, *, actor: str, code: str, now: datetime) -> None:
    """Remembers a wrong code of the actor."""
    tx.run(_sql.record_miss, tenant_id=tenant.id, actor=actor, code=code, now=now)
