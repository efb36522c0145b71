"""Connecting Stripe by a restricted key: its kind and mode, then each thing that it has to be allowed to read."""

import re
from collections.abc import Callable

from promostack.core.errors import Conflict, Unavailable, Unprocessable
from promostack.db.uow import unit_of_work
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


# The scopes of SCOPES that Stripe refuses to a key; raises KeyRefused when it knows no such key, and StripeAway.
Probe = Callable[[str], tuple[str, ...]]


def connect(tenant_id: str, key: str, *, allows_test: bool, probe: Probe, actor: Actor) -> secrets.Described:
    """Keeps a key that may read all of SCOPES, in the place of one that was there.

    Raises KeyRefused naming what is wrong or missing, WrongMode unless that is meant, and StripeAway; then all is as it
    was.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        raise refused(_why_no_key(key))
    if found[1] == "test" and not allows_test:
        raise WrongMode("This key is of Stripe's test mode: its codes are worth nothing. Use one of live mode.")
    missing = probe(key)
    if missing:
        names = ", ".join(f"“{SCOPES[each]}”" for each in missing)
        raise refused(f"it may not read {names}; give it “Read” there, then try again")
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        secrets.put(tx, tenant_id, secrets.STRIPE_KEY, "", key)
        audit.record(tx, tenant_id, actor, "stripe.connected", data={"mode": found[1]})
        return secrets.describe(tx, tenant_id, secrets.STRIPE_KEY, "")


def refused(why: str) -> KeyRefused:
    """The refusal, with the reason beside the field."""
    return KeyRefused(f"Check the key: {why}.", fields={"key": why})


def _why_no_key(key: str) -> str:
    if key.startswith("sk_"):
        return "this is a secret key, which may do everything; make a restricted one and leave that where it is"
    if key.startswith("pk_"):
        return "this is a publishable key, which reads nothing; make a restricted one"
    return "a restricted key starts with rk_live_; copy it whole from Stripe"
