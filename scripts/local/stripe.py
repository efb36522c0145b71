"""Stripe's API as far as the product reads it, scriptable for tests: lists with restricted keys and their scopes.

Run:     python -m scripts.local.stripe --port 8904
Vendor:  GET /v1/{account, products, prices, coupons, promotion_codes}[/ID]     (Bearer or basic, `sk_` or `rk_` keys)
         lists take limit, starting_after, active; promotion codes also code (any case), coupon
Control: GET  /_control/health
         PUT  /_control/mode               {"mode":"normal|429|500|503|slow|html","times":N,"delay_s":S}
         PUT  /_control/keys/KEY           {"scopes":["promotion_code_read",…]}, all for `sk_` keys; DELETE revokes
         PUT  /_control/objects/KIND/ID    an object of that kind, missing attributes filled in; DELETE removes
         GET  /_control/calls              [{"path","query","key","version","status"}]
         POST /_control/reset
Shapes follow API version 2026-10-28.endive; the account is `acct_local`, nothing is live.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

ACCOUNT = "acct_local"
MODES = ("normal", "429", "500", "503", "slow", "html")
DEMO_KEY = "sk_test_local"
SCOPES = {
    "products": "product_read",
    "prices": "plan_read",
    "coupons": "coupon_read",
    "promotion_codes": "promotion_code_read",
}
CREATED = 1_700_000_000
_DEFAULTS: dict[str, dict[str, Any]] = {
    "products": {"object": "product", "active": True, "name": "Product", "default_price": None},
    "prices": {"object": "price", "active": True, "currency": "usd", "unit_amount": 1_000, "type": "recurring",
               "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"}, "product": None,
               "billing_scheme": "per_unit", "tax_behavior": "unspecified"},
    "coupons": {"object": "coupon", "percent_off": 10.0, "amount_off": None, "currency": None, "duration": "once",
                "max_redemptions": None, "times_redeemed": 0, "redeem_by": None, "valid": True, "name": None},
    "promotion_codes": {"object": "promotion_code", "active": True, "code": "", "customer": None, "expires_at": None,
                        "customer_account": None, "max_redemptions": None, "times_redeemed": 0,
                        "promotion": {"type": "coupon", "coupon": None},
                        "restrictions": {"first_time_transaction": False, "minimum_amount": None,
                                         "minimum_amount_currency": None}},
}  # fmt: skip


@dataclass
class Vendor:
    """Everything the simulator knows. `keys`: scopes by key, None for all."""

    keys: dict[str, frozenset[str] | None] = field(default_factory=lambda: {DEMO_KEY: None})
    objects: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {kind: {} for kind in _DEFAULTS})
    mode: dict[str, Any] = field(default_factory=lambda: {"mode": "normal"})
    calls: list[dict[str, Any]] = field(default_factory=list)

    def take_mode(self) -> dict[str, Any]:
        """How this call is answered; uses up one of the mode's `times`."""
        mode = self.mode
        if "times" in mode:
            self.mode = {**mode, "times": mode["times"] - 1} if mode["times"] > 1 else {"mode": "normal"}
        return mode

    def seen(self, kind: str, item: dict[str, Any]) -> dict[str, Any]:
        """The object as it is now: time and use end a promotion code, and so does its coupon."""
        if kind != "promotion_codes":
            return item
        coupon = self.objects["coupons"].get(str(item["promotion"]["coupon"]))
        ended = item["expires_at"] is not None and item["expires_at"] <= time.time()
        used_up = item["max_redemptions"] is not None and item["times_redeemed"] >= item["max_redemptions"]
        has_coupon = coupon is None or coupon["valid"]
        return {**item, "active": bool(item["active"] and has_coupon and not ended and not used_up)}


VENDOR: web.AppKey[Vendor] = web.AppKey("vendor", Vendor)


def error(status: int, message: str, **more: Any) -> web.Response:
    """Stripe's error object."""
    return web.json_response({"error": {"message": message, "type": "invalid_request_error", **more}}, status=status)


@web.middleware
async def _guard(request: web.Request, handler: Any) -> web.StreamResponse:
    """Notes the call, plays the mode and checks the key, before any resource is looked at."""
    if not request.path.startswith("/v1/"):
        return await handler(request)
    vendor, key = request.app[VENDOR], _key(request)
    call = {"path": request.path, "query": dict(request.query), "key": key, "status": None}
    vendor.calls.append({**call, "version": request.headers.get("Stripe-Version")})
    mode = vendor.take_mode()
    if mode["mode"] == "slow":
        await asyncio.sleep(mode.get("delay_s", 10))
    answer = _faulty(mode["mode"]) or _refused(vendor, request, key) or await handler(request)
    vendor.calls[-1]["status"] = answer.status
    answer.headers["Request-Id"] = f"req_{len(vendor.calls):08d}"
    return answer


def _key(request: web.Request) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            return base64.b64decode(value).decode("latin-1").partition(":")[0]
    return value.strip() if scheme.lower() == "bearer" else ""


def _faulty(mode: str) -> web.Response | None:
    if mode == "429":
        return error(429, "Request rate limit exceeded.", code="rate_limit")
    if mode == "html":
        return web.Response(text="<!doctype html><title>Just a moment…</title>", content_type="text/html")
    if mode in ("500", "503"):
        body = {"error": {"message": "An unknown error occurred", "type": "api_error"}}
        return web.json_response(body, status=int(mode))
    return None


def _refused(vendor: Vendor, request: web.Request, key: str) -> web.Response | None:
    shown = f"{key[:8]}{'*' * 8}{key[-4:]}"
    if not key:
        return error(401, "You did not provide an API key.")
    if key not in vendor.keys:
        return error(401, f"Invalid API Key provided: {shown}")
    scopes, resource = vendor.keys[key], request.path.split("/")[2]
    wanted = SCOPES.get(resource, "account_read")
    if scopes is not None and wanted not in scopes:
        return error(
            403,
            f"The provided key '{shown}' does not have the required permissions for this endpoint on account"
            f" '{ACCOUNT}'. Having the 'rak_{wanted}' permission would allow this request to continue.",
        )
    return None


async def _account(_: web.Request) -> web.Response:
    body = {"id": ACCOUNT, "object": "account", "country": "US", "default_currency": "usd", "charges_enabled": True}
    return web.json_response(body)


async def _list(request: web.Request) -> web.Response:
    vendor, kind = request.app[VENDOR], request.match_info["kind"]
    query = request.query
    if unknown := set(query) - {"limit", "starting_after", "active", "code", "coupon"}:
        return error(400, f"Received unknown parameter: {min(unknown)}", code="parameter_unknown", param=min(unknown))
    limit = query.get("limit", "10")
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        return error(400, "Invalid limit: must be between 1 and 100", param="limit")
    items = [vendor.seen(kind, each) for each in vendor.objects[kind].values()]
    items = [each for each in items if _matches(each, query)]
    ids = [each["id"] for each in items]
    if "starting_after" in query:
        if query["starting_after"] not in ids:
            return error(400, f"No such object: '{query['starting_after']}'", code="resource_missing")
        items = items[ids.index(query["starting_after"]) + 1 :]
    page = items[: int(limit)]
    return web.json_response({"object": "list", "url": f"/v1/{kind}", "has_more": len(items) > len(page), "data": page})


def _matches(item: dict[str, Any], query: Any) -> bool:
    return (
        ("active" not in query or item.get("active") is (query["active"] == "true"))
        and ("code" not in query or item.get("code", "").upper() == query["code"].upper())
        and ("coupon" not in query or item.get("promotion", {}).get("coupon") == query["coupon"])
    )


async def _one(request: web.Request) -> web.Response:
    vendor, kind, wanted = request.app[VENDOR], request.match_info["kind"], request.match_info["id"]
    if wanted not in vendor.objects[kind]:
        name = _DEFAULTS[kind]["object"]
        return error(404, f"No such {name}: '{wanted}'", code="resource_missing", param="id")
    return web.json_response(vendor.seen(kind, vendor.objects[kind][wanted]))


async def _nowhere(request: web.Request) -> web.Response:
    return error(404, f"Unrecognized request URL ({request.method}: {request.path}).")


async def _put_mode(request: web.Request) -> web.Response:
    mode = await request.json()
    if mode.get("mode") not in MODES:
        raise web.HTTPUnprocessableEntity(text=f"mode is one of {MODES}")
    request.app[VENDOR].mode = mode
    return web.json_response(mode)


async def _put_key(request: web.Request) -> web.Response:
    key = request.match_info["key"]
    data = await request.json() if request.can_read_body else {}
    request.app[VENDOR].keys[key] = None if key.startswith("sk_") else frozenset(data.get("scopes", ()))
    return web.json_response({"key": key})


async def _put_object(request: web.Request) -> web.Response:
    kind, wanted = request.match_info["kind"], request.match_info["id"]
    base = {"id": wanted, "livemode": False, "created": CREATED, "metadata": {}, **_DEFAULTS[kind]}
    request.app[VENDOR].objects[kind][wanted] = base | await request.json()
    return web.json_response(request.app[VENDOR].objects[kind][wanted])


async def _delete(request: web.Request) -> web.Response:
    vendor, match = request.app[VENDOR], request.match_info
    if "key" in match:
        vendor.keys.pop(match["key"], None)
    else:
        vendor.objects[match["kind"]].pop(match["id"], None)
    return web.json_response({"status": "ok"})


async def _calls(request: web.Request) -> web.Response:
    return web.json_response(request.app[VENDOR].calls)


async def _reset(request: web.Request) -> web.Response:
    fresh, vendor = Vendor(), request.app[VENDOR]
    vendor.keys, vendor.objects, vendor.mode, vendor.calls = fresh.keys, fresh.objects, fresh.mode, fresh.calls
    return web.json_response({"status": "ok"})


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def make_app() -> web.Application:
    """The simulator as an aiohttp application."""
    app = web.Application(middlewares=[_guard])
    app[VENDOR] = Vendor()
    kinds = "{kind:" + "|".join(_DEFAULTS) + "}"
    app.router.add_get("/v1/account", _account)
    app.router.add_get(f"/v1/{kinds}", _list)
    app.router.add_get(f"/v1/{kinds}/{{id}}", _one)
    app.router.add_route("*", "/v1/{rest:.*}", _nowhere)
    app.router.add_get("/_control/health", _health)
    app.router.add_put("/_control/mode", _put_mode)
    app.router.add_put("/_control/keys/{key}", _put_key)
    app.router.add_delete("/_control/keys/{key}", _delete)
    app.router.add_put(f"/_control/objects/{kinds}/{{id}}", _put_object)
    app.router.add_delete(f"/_control/objects/{kinds}/{{id}}", _delete)
    app.router.add_get("/_control/calls", _calls)
    app.router.add_post("/_control/reset", _reset)
    return app


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    args = parser.parse_args()
    web.run_app(make_app(), host=args.host, port=args.port, print=None, access_log=None, shutdown_timeout=0.5)


if __name__ == "__main__":
    main()
