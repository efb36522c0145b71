"""All periodic work on one screen: what the one trigger of the platform looks at each minute."""

import base64
import json
import time

from promostack.core import config, http, log
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.telegram import bots, updates

_sql = load("promostack.delivery")
_log = log.get("schedule")

# A tick hands in so many stale updates; the rest waits for the next one, a minute later.
MOST_STALE_UPDATES = 20
_START_TIMEOUT_S = 5.0


def tick(seconds: float) -> dict[str, int]:
    """Starts what is due and sweeps what was left behind, within `seconds`; returns counts by kind of work."""
    deadline = time.monotonic() + seconds
    return {"started_senders": start_sender_if_due(), "replayed_updates": replay_stale_updates(deadline)}


def replay_stale_updates(deadline: float) -> int:
    """Hands updates whose handler died to the webhook again, as the event that Telegram's delivery would make.

    One that cannot be handed in is left for the next tick and keeps nobody else waiting.
    """
    replayed = 0
    for tenant_id, bot_id, update_id in updates.find_stale(MOST_STALE_UPDATES):
        if time.monotonic() > deadline - _START_TIMEOUT_S:
            break
        try:
            start_function("hooks/telegram-webhook", {"http": _as_delivered(tenant_id, bot_id, update_id)})
            replayed += 1
        except PromoError as error:
            _log.warning("replay_failed", bot_id=bot_id, update_id=update_id, code=error.code, reason=error.message)
    return replayed


def _as_delivered(tenant_id: str, bot_id: str, update_id: int) -> dict[str, object]:
    """The event that the platform makes of Telegram's delivery."""
    public_id, secret = bots.webhook_of(tenant_id, bot_id)
    payload = json.dumps(updates.stored_update(tenant_id, bot_id, update_id))
    return {
        "method": "POST",
        "path": f"/{public_id}",
        "headers": {"x-telegram-bot-api-secret-token": secret, "content-type": "application/json"},
        "queryString": "",
        "body": base64.b64encode(payload.encode()).decode(),
        "isBase64Encoded": True,
    }


def start_sender_if_due() -> int:
    """Starts one `work/deliver` when messages are due; it drains every bot within its time budget."""
    with unit_of_work(None) as tx:
        due = tx.rows(_sql.bots_with_due_messages, most=1)
    if due:
        start_function("work/deliver", {})
    return len(due)


def start_function(name: str, event: dict[str, object]) -> None:
    """Starts a function that the web cannot reach, without waiting for it; raises VendorUnreachable."""
    user, _, password = config.require("FUNCTIONS_ACCESS_KEY").partition(":")
    host = config.require("FUNCTIONS_API_HOST").rstrip("/")
    address = f"{host}/api/v1/namespaces/_/actions/{name}?blocking=false"
    answer = http.post(address, json=event, timeout_s=_START_TIMEOUT_S, auth=(user, password))
    if answer.status != 202:
        raise http.VendorUnreachable(f"{name} was not started: the platform answered {answer.status}")
