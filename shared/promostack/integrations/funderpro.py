"""FunderPro's discount check: `GET /discount?coupons[]=CODE&productIds=ID`, no authentication.

200 is valid, 404 and 422 invalid, 429 and 5xx transient. The body of a 200 is not documented: where it is JSON with a
list, our code must be in it; any other shape is logged and says nothing about the code.
"""

import json
from typing import Any

from promostack.core import config, http, log
from promostack.coupons.errors import ProviderUnavailable
from promostack.coupons.models import Verdict
from promostack.tenants.models import FunderProSettings

_log = log.get("funderpro")
_INVALID = {404: "not_found", 422: "refused"}
UNCLEAR = Verdict("unknown", "provider_unclear")


class FunderPro:
    """The discount check as one tenant's settings describe it."""

    def __init__(self, settings: FunderProSettings) -> None:
        base = settings.api_base or config.require("FUNDERPRO_API_BASE")
        self._url = f"{base.rstrip('/')}/discount"
        self._product_ids = settings.product_ids or (config.require("FUNDERPRO_PRODUCT_ID"),)
        self._rule = settings.rule

    def check(self, code: str, *, timeout_s: float) -> Verdict:
        """One question; raises ProviderUnavailable on 429, 5xx and when no whole answer comes in time."""
        params: dict[str, str | list[str]] = {"coupons[]": [code], "productIds": ",".join(self._product_ids)}
        try:
            answer = http.get(self._url, params=params, timeout_s=timeout_s)
        except http.VendorUnreachable as error:
            raise ProviderUnavailable(f"FunderPro: {error.message}") from error
        if answer.status == 429 or answer.status >= 500:
            raise ProviderUnavailable(
                f"FunderPro answered {answer.status}", retry_after_s=_seconds(answer.headers.get("retry-after"))
            )
        if answer.status in _INVALID:
            return Verdict("invalid", _INVALID[answer.status])
        if answer.status != 200:
            return _unclear(answer)
        return self._read(answer, code)

    def _read(self, answer: http.Answer, code: str) -> Verdict:
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError):
            return _unclear(answer)
        if self._rule == "status":
            return Verdict("valid", "accepted")
        listed = _find_list(body)
        if listed is None:
            return _unclear(answer)
        is_listed = any(code in _texts(item) for item in listed)
        return Verdict("valid", "accepted") if is_listed else Verdict("invalid", "not_listed")


def _find_list(body: Any) -> list[Any] | None:
    """The list that the body is, or the only one that it holds; None when there is none or the choice is not clear."""
    if isinstance(body, list):
        return body
    lists = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else []
    return lists[0] if len(lists) == 1 else None


def _texts(item: Any) -> set[str]:
    """The texts that may be the item's code, upper case: itself, or its direct values."""
    values = item.values() if isinstance(item, dict) else [item]
    return {value.strip().upper() for value in values if isinstance(value, str)}


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; its date form is as good as none for a wait of at most a few seconds."""
    return float(retry_after) if retry_after and retry_after.strip().isdigit() else None


def _unclear(answer: http.Answer) -> Verdict:
    start = answer.body[:200].decode("utf-8", "replace")
    _log.warning("unknown_answer", status=answer.status, media_type=answer.headers.get("content-type"), body=start)
    return UNCLEAR
