"""Connecting Stripe by a restricted key: its kind and mode, then each thing that it has to be allowed to read."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from promostack.core.errors import Conflict, Unavailable, Unprocessable
from promostack.db.uow import unit_of_work
from promostack.onboarding import vendor_checks
from promostack.onboarding.vendor_checks import Finding, Mode, Problem
from promostack.tenants import audit, secrets, standing
from promostack.tenants.audit import Actor

_KEY = re.compile(r"rk_(live|test)_[A-Za-z0-9]{8,240}")
# What the key reads, as Stripe's page for making one calls it.
SCOPES = {
    "promotion_codes": "Promotion codes",
    "coupons": "Coupons",
    "products": "Products",
    "prices": "Prices",
}


class KeyRefused(Unprocessable):
    """Not a restricted key, or Stripe does not know it, or it may not read enough."""

    code = "stripe_key_refused"


class WrongMode(Conflict):
    """The key is of Stripe's test mode, whose codes are worth nothing."""

    code = "stripe_test_mode"


class StripeAway(Unavailable):
    """Stripe did not answer, or not now."""

    code = "stripe_unavailable"


@dataclass(frozen=True)
class Probed:
    """`missing`: the scopes of SCOPES that Stripe refuses to a key; `account`: whose it is, when it may read that."""

    missing: tuple[str, ...]
    account: str | None = None


# Raises KeyRefused when Stripe knows no such key, and StripeAway.
Probe = Callable[[str], Probed]


def connect(tenant_id: str, key: str, *, allows_test: bool, probe: Probe, actor: Actor) -> None:
    """Keeps a key that may read all of SCOPES, in the place of one that was there.

    Raises KeyRefused naming what is wrong or missing, WrongMode unless that is meant, and StripeAway; then all is as it
    was.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        raise refused(_why_no_key(key))
    if found[1] == "test" and not allows_test:
        raise WrongMode("This key is of Stripe's test mode: its codes are worth nothing. Use one of live mode.")
    probed = probe(key)
    if probed.missing:
        raise refused(f"it may not {_lacks(probed)}; give it “Read” there, then try again")
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        secrets.put(tx, tenant_id, secrets.STRIPE_KEY, "", key)
        vendor_checks.forget(tx, tenant_id, "stripe")
        vendor_checks.note(tx, tenant_id, "stripe", Finding(mode=_mode(key), account=probed.account))
        audit.record(tx, tenant_id, actor, "stripe.connected", data={"mode": found[1]})


def look(key: str, probe: Probe) -> Finding:
    """What there is to say of a key that was kept; never raises what `probe` does."""
    try:
        probed = probe(key)
    except KeyRefused:
        return Finding("refused", mode=_mode(key))
    except StripeAway:
        return Finding("unreachable", mode=_mode(key))
    problem: Problem | None = "rights" if probed.missing else None
    return Finding(problem, _lacks(probed) if probed.missing else None, _mode(key), probed.account)


def _mode(key: str) -> Mode:
    return "test" if "_test_" in key[:8] else "live"


def _lacks(probed: Probed) -> str:
    return "read " + ", ".join(f"“{SCOPES[each]}”" for each in probed.missing)


def refused(why: str) -> KeyRefused:
    """The refusal, with the reason beside the field."""
    return KeyRefused(f"Check the key: {why}.", fields={"key": why})


def _why_no_key(key: str) -> str:
    if key.startswith("sk_"):
        return "this is a secret key, which may do everything; make a restricted one and leave that where it is"
    if key.startswith("pk_"):
        return "this is a publishable key, which reads nothing; make a restricted one"
    return "a restricted key starts with rk_live_; copy it whole from Stripe"
