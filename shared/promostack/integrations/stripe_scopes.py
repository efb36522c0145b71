"""What a key of Stripe's may read: one small question for each scope."""

import json
from typing import Any

from promostack.core import config, http
from promostack.integrations.stripe_api import API_VERSION
from promostack.onboarding.stripe_keys import SCOPES, Probed, StripeAway, refused

_TIMEOUT_S = 4.0


def probe(key: str) -> Probed:
    """What Stripe refuses to this key, and whose it is; raises KeyRefused for one that it does not know, StripeAway."""
    missing = tuple(each for each in SCOPES if _asked(key, each) is None)
    account = _asked(key, "account") if not missing else None
    return Probed(missing, str(account["id"])[:100] if account and "id" in account else None)


def _asked(key: str, kind: str) -> dict[str, Any] | None:
    """Stripe's answer, or None when the key may not read that."""
    headers = {"Authorization": f"Bearer {key}", "Stripe-Version": API_VERSION}
    url = f"{config.require('STRIPE_API_BASE').rstrip('/')}/v1/{kind}"
    params: dict[str, str | list[str]] = {} if kind == "account" else {"limit": "1"}
    try:
        answer = http.get(url, params=params, timeout_s=_TIMEOUT_S, headers=headers)
    except http.VendorUnreachable as error:
        raise _away() from error
    if answer.status == 401:
        raise refused("Stripe does not know it, or it has ended; copy it once more")
    if answer.status == 403:
        return None
    try:
        body = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise _away()
    return body


def _away() -> StripeAway:
    return StripeAway("Stripe does not answer now; try again in a minute.", retry_after_s=30)
