"""Looks at services with a key, by the smallest question that tells whether it works; none of them raises.

FunderPro has no key: it has to refuse a code that nobody gave out. Twelve Data is asked for one bar of the symbol that
signals use, which costs one credit and tells whether the plan holds that symbol; the key goes into a header, because an
address lands in logs. OpenAI is asked for its models, which costs nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

from promostack.core import config, http
from promostack.coupons.errors import ProviderUnavailable
from promostack.integrations.funderpro import FunderPro
from promostack.onboarding.vendor_checks import Finding
from promostack.tenants.models import FunderProSettings

_TIMEOUT_S = 2.8
_NOBODYS = "PROMOSTACK-CHECK-0"
_LONGEST = 160


def look_at_funderpro(settings: FunderProSettings) -> Finding:
    """With these settings."""
    try:
        verdict = FunderPro(settings).check(_NOBODYS, timeout_s=_TIMEOUT_S)
    except ProviderUnavailable:
        return Finding("unreachable")
    if verdict.status == "invalid":
        return Finding()
    said = "it takes a code that nobody gave out" if verdict.status == "valid" else "its answer is no list of codes"
    return Finding("unclear", said)


def look_at_twelve_data(key: str) -> Finding:
    """Errors come with their HTTP status, or as a 200 whose body says so."""
    base = config.require("TWELVE_DATA_API_BASE").rstrip("/")
    params: dict[str, str | list[str]] = {"symbol": "XAU/USD", "interval": "1h", "outputsize": "1"}
    answer = _asked(f"{base}/time_series", params, {"Authorization": f"apikey {key}"})
    if isinstance(answer, Finding):
        return answer
    status, body = answer
    code = body.get("code") if status == 200 and body.get("status") == "error" else status
    if code == 200:
        return Finding() if isinstance(body.get("values"), list) else Finding("unclear", "it gives no prices")
    if code == 401:
        return Finding("refused")
    if code in (403, 404):
        return Finding("rights", "read the price of gold (XAU/USD) on its plan")
    if code == 429:
        return Finding("exhausted", _words(body.get("message"), key))
    return Finding("unreachable") if isinstance(code, int) and code >= 500 else Finding("unclear", f"status {code}")


def look_at_openai(key: str) -> Finding:
    """A key of a project may lack the right to read models."""
    base = config.require("OPENAI_BASE_URL").rstrip("/")
    answer = _asked(f"{base}/models", {}, {"Authorization": f"Bearer {key}"})
    if isinstance(answer, Finding):
        return answer
    status, body = answer
    if status == 200:
        return Finding() if isinstance(body.get("data"), list) else Finding("unclear", "it names no models")
    if status == 401:
        return Finding("refused")
    if status == 403:
        return Finding("rights", "read the list of models (“Models: Read”)")
    told = body.get("error")
    if status == 429:
        return Finding("exhausted", _words(told.get("message") if isinstance(told, dict) else None, key))
    return Finding("unreachable") if status >= 500 else Finding("unclear", f"status {status}")


def _asked(
    url: str, params: dict[str, str | list[str]], headers: Mapping[str, str]
) -> Finding | tuple[int, dict[str, Any]]:
    """(status, the JSON object), or what an answer without one amounts to."""
    try:
        answer = http.get(url, params=params, timeout_s=_TIMEOUT_S, headers=headers)
    except http.VendorUnreachable:
        return Finding("unreachable")
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return answer.status, body
    return Finding("unreachable") if answer.status >= 500 else Finding("unclear", "its answer is no JSON")


def _words(said: object, key: str) -> str:
    """A vendor's own reason, without the key: some quote a part of it."""
    return str(said or "no reason given").replace(key, "…")[:_LONGEST]
