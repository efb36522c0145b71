"""What a key of Stripe's may read: one small question for each scope."""

from promostack.core import config, http
from promostack.integrations.stripe_api import API_VERSION
from promostack.onboarding.stripe_keys import SCOPES, StripeAway, refused

_TIMEOUT_S = 4.0


def probe(key: str) -> tuple[str, ...]:
    """Those of SCOPES that Stripe refuses to this key; raises KeyRefused for one that it does not know, StripeAway."""
    return tuple(each for each in SCOPES if not _may_read(key, each))


def _may_read(key: str, kind: str) -> bool:
    headers = {"Authorization": f"Bearer {key}", "Stripe-Version": API_VERSION}
    url = f"{config.require('STRIPE_API_BASE').rstrip('/')}/v1/{kind}"
    try:
        answer = http.get(url, params={"limit": "1"}, timeout_s=_TIMEOUT_S, headers=headers)
    except http.VendorUnreachable as error:
        raise _away() from error
    if answer.status == 401:
        raise refused("Stripe does not know it, or it has ended; copy it once more")
    if answer.status == 403:
        return False
    if answer.status != 200 or "json" not in answer.headers.get("content-type", ""):
        raise _away()
    return True


def _away() -> StripeAway:
    return StripeAway("Stripe does not answer now; try again in a minute.", retry_after_s=30)
