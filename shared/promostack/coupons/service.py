"""Checking a code: cache, guess limits, breaker, then the tenant's providers in order, all within four seconds."""

import time
from collections.abc import Callable
from datetime import timedelta

from promostack.core import log
from promostack.core.clock import Clock
from promostack.core.text import normalise_code
from promostack.coupons import breaker, guesses
from promostack.coupons.errors import ProviderUnavailable
from promostack.coupons.models import CouponCheck, Verdict
from promostack.coupons.ports import Provider, ProviderFactory
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants.models import Tenant

# Product rule 2. The budget leaves a part of the four seconds to the database and the way back.
KEEP_VALID = timedelta(seconds=60)
KEEP_INVALID = timedelta(seconds=30)
BUDGET_S = 3.5
# A first try that takes longer than this leaves too little for a second one to succeed.
FIRST_TRY_S = 2.2
PAUSE_S = 0.15
# Less than this is not worth a call.
LEAST_TRY_S = 0.3

MESSAGES = {
    "valid": "This code works.",
    "invalid": "This code is not valid. Check its spelling, or ask whoever gave it to you.",
    "unknown": "We could not check this code just now. Try again in a moment.",
}

_sql = load(__package__)
_log = log.get("coupons")


class Coupons:
    """Checks codes for any tenant; `providers` makes a provider from a kind of settings."""

    def __init__(
        self, providers: dict[str, ProviderFactory], *, clock: Clock, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._providers = providers
        self._clock = clock
        self._pause = pause

    def check(self, tenant: Tenant, raw_code: str, *, actor: str, is_paced: bool = False) -> CouponCheck:
        """Whether the code is good; answers within four seconds.

        `actor` is who asks, like `ip:203.0.113.9` or `chat:42`. Raises InvalidCode for what cannot be a code,
        TooManyRequests and TooManyGuesses. A recent answer costs the actor no check. An actor that is one process and
        asks one code after the other `is_paced`: the limit a minute is not for it, that of wrong codes is.
        """
        code = normalise_code(raw_code)
        with unit_of_work(tenant.id, is_durable=False) as tx:
            cached = self.find_cached(tx, tenant, code, actor=actor)
            if cached is not None:
                return cached
            now = self._clock.now()
            if not is_paced:
                guesses.count_check(tx, tenant, actor=actor, now=now)
            guesses.hold(tx, tenant, actor=actor, code=code, now=now)
        verdict = self._ask_providers(tenant, code)
        with unit_of_work(tenant.id, is_durable=False) as tx:
            self._settle(tx, tenant, code, verdict, actor=actor, is_paced=is_paced)
        return _as_told(tenant, code, verdict)

    def find_cached(self, tx: Transaction, tenant: Tenant, code: str, *, actor: str) -> CouponCheck | None:
        """A recent answer about a normalised code, inside the caller's transaction; raises TooManyGuesses."""
        now = self._clock.now()
        found = tx.row(
            _sql.find_check,
            tenant_id=tenant.id,
            code=code,
            actor=actor,
            now=now,
            since=guesses.since(now),
            most=tenant.settings.limits.misses_per_hour,
        )
        assert found is not None  # an aggregate always gives one row
        used = {"misses": found["misses"], "asks": found["asks"]}
        guesses.refuse_guesser(tenant, **used, oldest_at=found["oldest_at"], now=now)
        if found["status"] is None:
            return None
        verdict = Verdict(found["status"], found["reason"], found["valid_until"])
        if verdict.status == "invalid":
            guesses.record_miss(tx, tenant, actor=actor, code=code, now=now)
        return _as_told(tenant, code, verdict)

    def _settle(
        self, tx: Transaction, tenant: Tenant, code: str, verdict: Verdict, *, actor: str, is_paced: bool
    ) -> None:
        """Keeps an answer, and the miss that was held for it; `unknown` is neither kept nor counted."""
        now = self._clock.now()
        # Misses come last, as when a check begins: two of one actor would else wait for each other.
        if verdict.status == "unknown":
            if not is_paced:
                guesses.uncount_check(tx, tenant, actor=actor, now=now)
            guesses.release(tx, tenant, actor=actor, code=code)
            return
        tx.run(
            _sql.store_check,
            tenant_id=tenant.id,
            code=code,
            status=verdict.status,
            reason=verdict.reason,
            valid_until=verdict.valid_until,
            now=now,
            expires_at=now + (KEEP_VALID if verdict.status == "valid" else KEEP_INVALID),
        )
        if verdict.status == "invalid":
            guesses.record_miss(tx, tenant, actor=actor, code=code, now=now)
        else:
            guesses.release(tx, tenant, actor=actor, code=code)

    def _ask_providers(self, tenant: Tenant, code: str) -> Verdict:
        """The first `valid` wins; `invalid` needs every provider to say so."""
        deadline = time.monotonic() + BUDGET_S
        verdicts = []
        for settings in (each for each in tenant.settings.coupon_providers if each.is_on):
            provider = self._providers[settings.kind](tenant, settings)
            verdicts.append(self._ask(tenant, settings.kind, provider, code, deadline=deadline))
            if verdicts[-1].status == "valid":
                return verdicts[-1]
        unknown = [verdict for verdict in verdicts if verdict.status == "unknown"]
        return (unknown or verdicts or [Verdict("unknown", "no_provider")])[0]

    def _ask(self, tenant: Tenant, kind: str, provider: Provider, code: str, *, deadline: float) -> Verdict:
        with unit_of_work(tenant.id, is_durable=False) as tx:
            may_call = breaker.may_call(tx, tenant.id, provider=kind, now=self._clock.now())
        if not may_call:
            return Verdict("unknown", "provider_paused")
        if deadline - time.monotonic() < LEAST_TRY_S:
            # Providers before this one, or a slow database, took the time: that says nothing about this provider.
            return Verdict("unknown", "no_time_left")
        try:
            verdict = self._ask_twice(provider, code, deadline=deadline)
        except ProviderUnavailable as error:
            _log.warning("provider_failed", tenant=tenant.slug, provider=kind, cause=error.message)
            verdict = None
        with unit_of_work(tenant.id, is_durable=False) as tx:
            breaker.record(tx, tenant.id, provider=kind, answered=verdict is not None, now=self._clock.now())
        return verdict or Verdict("unknown", "provider_unavailable")

    def _ask_twice(self, provider: Provider, code: str, *, deadline: float) -> Verdict:
        """One retry of a transient failure, if the provider's wish to wait and the deadline leave time for it."""
        try:
            return provider.check(code, timeout_s=min(FIRST_TRY_S, deadline - time.monotonic()))
        except ProviderUnavailable as error:
            pause_s = max(PAUSE_S, error.retry_after_s or 0)
            if deadline - time.monotonic() - pause_s < LEAST_TRY_S:
                raise
            self._pause(pause_s)
            return provider.check(code, timeout_s=deadline - time.monotonic())


def _as_told(tenant: Tenant, code: str, verdict: Verdict) -> CouponCheck:
    """The verdict as the public may hear it."""
    reason = verdict.reason
    if verdict.status == "invalid" and not tenant.settings.tells_expired:
        reason = "not_accepted"
    return CouponCheck(verdict.status, code, reason, MESSAGES[verdict.status], verdict.valid_until)
