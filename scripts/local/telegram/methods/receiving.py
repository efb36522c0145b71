"""How a bot gets its updates: the webhook, or asking."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Any
from urllib.parse import urlsplit

from ..errors import ApiError, bad_request
from ..state import Webhook
from .call import Call, Described

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS = (443, 80, 88, 8443)


async def set_webhook(call: Call) -> Described:
    """Raises 400 for an address that Telegram wouldn't call; plain http is taken for this machine only."""
    url = call.params.text("url").strip()
    if not url:
        return await delete_webhook(call)
    _check_url(url)
    secret = call.params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    allowed = _allowed_updates(call)
    if call.params.boolean("drop_pending_updates"):
        _drop_pending(call)
    before = call.bot.webhook
    connections = min(max(call.params.integer("max_connections", 40), 1), 100)
    if (before.url, before.secret_token, before.max_connections) == (url, secret, connections):
        before.allowed_updates = before.allowed_updates if allowed is None else allowed
        return Described(True, "Webhook is already set")
    call.bot.webhook = Webhook(url, secret, before.allowed_updates if allowed is None else allowed, connections)
    call.courier.resume(call.bot)
    call.world.changed("webhook", bot=call.bot.id)
    return Described(True, "Webhook was set")


def _allowed_updates(call: Call) -> list[str] | None:
    """The wanted kinds; None, which changes nothing, for what is no list of them."""
    given = call.params.lenient_data("allowed_updates")
    return [kind for kind in given if isinstance(kind, str)] if isinstance(given, list) else None


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if parts.hostname in LOOPBACK or parts.hostname.endswith(".localhost"):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _drop_pending(call: Call) -> None:
    for update in call.bot.pending():
        update.state = "dropped"


async def delete_webhook(call: Call) -> Described:
    if call.params.boolean("drop_pending_updates"):
        _drop_pending(call)
    if not call.bot.webhook.url:
        return Described(True, "Webhook is already deleted")
    call.bot.webhook = Webhook(allowed_updates=call.bot.webhook.allowed_updates)
    call.world.clock.wake()
    call.world.changed("webhook", bot=call.bot.id)
    return Described(True, "Webhook was deleted")


async def get_webhook_info(call: Call) -> dict[str, Any]:
    webhook = call.bot.webhook
    info: dict[str, Any] = {"url": webhook.url, "has_custom_certificate": False,
                            "pending_update_count": len(call.bot.pending())}  # fmt: skip
    if webhook.last_error_at:
        info |= {"last_error_date": int(webhook.last_error_at), "last_error_message": webhook.last_error}
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    return info | ({"allowed_updates": webhook.allowed_updates} if webhook.allowed_updates else {})


async def get_updates(call: Call) -> list[dict[str, Any]]:
    """Long poll. An offset confirms what is older; raises 409 while a webhook is set."""
    if call.bot.webhook.url:
        raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active; "
                            "use deleteWebhook to delete the webhook first")  # fmt: skip
    allowed = _allowed_updates(call)
    if allowed is not None:
        call.bot.webhook.allowed_updates = allowed
    offset = call.params.integer("offset")
    for update in call.bot.pending():
        if update.id < offset:
            update.state = "delivered"
    wait_until = asyncio.get_running_loop().time() + min(max(call.params.integer("timeout"), 0), 50)
    while not call.bot.pending() and (left := wait_until - asyncio.get_running_loop().time()) > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(call.courier.arrived.wait(), left)
    limit = min(max(call.params.integer("limit", 100), 1), 100)
    return [update.body() for update in call.bot.pending()[:limit]]


METHODS = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
}
