"""Stripe over plain HTTPS: promotion codes as a coupon provider.

`stripe`, the vendor's own library, takes 0.3 to 0.7 s to import, which a check of a code cannot spare; two GETs need
none of it. Source of shapes: the library's types for the version below. In it a promotion code is `active` only while
its coupon is valid, its text is matched without regard to case, and the coupon hangs under `promotion`.
"""

import json
from datetime import UTC, datetime
from typing import Any

from promostack.core import config, http, log
from promostack.coupons.errors import ProviderUnavailable
from promostack.coupons.models import Verdict
from promostack.tenants import secrets

API_VERSION = "2026-10-28.endive"
# A code may exist once for everyone, and again for single customers, whom a public check does not know.
_SAME_CODE_AT_MOST = 100

_log = log.get("stripe")


class StripePromotionCodes:
    """The promotion codes of one tenant's Stripe account."""

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id

    def check(self, code: str, *, timeout_s: float) -> Verdict:
        """One question; raises ProviderUnavailable on 429, 5xx and when no whole answer comes in time.

        A key that Stripe refuses, or that may not read promotion codes, says nothing about the code: `unknown`.
        """
        try:
            key = secrets.read(self._tenant_id, secrets.STRIPE_KEY, "")
        except secrets.SecretMissing:
            return Verdict("unknown", "provider_not_connected")
        params: dict[str, str | list[str]] = {"code": code, "limit": str(_SAME_CODE_AT_MOST)}
        headers = {"Authorization": f"Bearer {key}", "Stripe-Version": API_VERSION}
        url = f"{config.require('STRIPE_API_BASE').rstrip('/')}/v1/promotion_codes"
        try:
            answer = http.get(url, params=params, timeout_s=timeout_s, headers=headers)
        except http.VendorUnreachable as error:
            raise ProviderUnavailable(f"Stripe: {error.message}") from error
        if answer.status == 429 or answer.status >= 500:
            raise ProviderUnavailable(f"Stripe answered {answer.status}")
        if answer.status in (401, 403):
            _log.warning("key_refused", tenant_id=self._tenant_id, status=answer.status)
            return Verdict("unknown", "provider_refused_key")
        return _read(answer, code)


def _read(answer: http.Answer, code: str) -> Verdict:
    """The verdict on the codes that an answer lists; `unknown` when it is not a list of promotion codes."""
    try:
        listed = json.loads(answer.body)["data"] if answer.status == 200 else None
        verdicts = [
            _verdict(each) for each in listed or () if each["code"].upper() == code and each.get("customer") is None
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        listed = None
    if listed is None:
        _log.warning("unknown_answer", status=answer.status, media_type=answer.headers.get("content-type"))
        return Verdict("unknown", "provider_unclear")
    if not verdicts:
        return Verdict("invalid", "not_found")
    return next((each for each in verdicts if each.status == "valid"), verdicts[0])


def _verdict(promotion_code: dict[str, Any]) -> Verdict:
    expires_at = promotion_code.get("expires_at")
    ends_at = datetime.fromtimestamp(expires_at, UTC) if expires_at is not None else None
    if promotion_code["active"]:
        return Verdict("valid", "accepted", ends_at)
    if ends_at is not None and ends_at <= datetime.now(UTC):
        return Verdict("invalid", "expired", ends_at)
    most = promotion_code.get("max_redemptions")
    is_used_up = most is not None and promotion_code.get("times_redeemed", 0) >= most
    return Verdict("invalid", "used_up" if is_used_up else "switched_off", ends_at)
