"""How a bot gets its updates: the webhook, or asking."""

from __future__ import annotations

import asyncio
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
    end_poll(call, "Conflict: terminated by setWebhook request")
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
    """Long poll. An offset confirms what is older; raises 409 while a webhook is set or another poll takes over."""
    if call.bot.webhook.url:
        raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active; "
                            "use deleteWebhook to delete the webhook first")  # fmt: skip
    allowed = _allowed_updates(call)
    if allowed is not None:
        call.bot.webhook.allowed_updates = allowed
    _confirm(call)
    end_poll(call, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    call.courier.polls[call.bot.id] = ended
    try:
        await _wait_for_updates(call, ended)
    finally:
        if call.courier.polls.get(call.bot.id) is ended:
            del call.courier.polls[call.bot.id]
    limit = min(max(call.params.integer("limit", 100), 1), 100)
    return [update.body() for update in call.bot.pending()[:limit]]


def _confirm(call: Call) -> None:
    """A negative offset keeps that many of the newest updates and forgets the others."""
    offset, pending = call.params.integer("offset"), call.bot.pending()
    if offset < 0:
        offset = pending[offset].id if -offset < len(pending) else 0
    for update in pending:
        if update.id < offset:
            update.state = "delivered"


async def _wait_for_updates(call: Call, ended: asyncio.Future[str]) -> None:
    wait_until = asyncio.get_running_loop().time() + min(max(call.params.integer("timeout"), 0), 50)
    while not call.bot.pending() and (left := wait_until - asyncio.get_running_loop().time()) > 0:
        arrived = asyncio.ensure_future(call.courier.arrived.wait())
        waiting: set[asyncio.Future[Any]] = {arrived, ended}
        await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        arrived.cancel()
        if ended.done():
            raise ApiError(409, ended.result())


def end_poll(call: Call, reason: str) -> None:
    """Answers the bot's waiting getUpdates, if there is one, with 409."""
    waiting = call.courier.polls.pop(call.bot.id, None)
    if waiting is not None and not waiting.done():
        waiting.set_result(reason)


METHODS = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
}
