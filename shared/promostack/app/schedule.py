"""All periodic work on one screen: what the one trigger of the platform looks at each minute."""

from promostack.core import config, http, log
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.telegram import bots, updates

_sql = load("promostack.delivery")
_log = log.get("schedule")

# A tick hands in so many stale updates; the rest waits for the next one, a minute later.
MOST_STALE_UPDATES = 20
_REPLAY_TIMEOUT_S = 25.0
_START_TIMEOUT_S = 5.0


def tick() -> dict[str, int]:
    """Starts what is due and sweeps what was left behind; returns counts by kind of work."""
    return {"replayed_updates": replay_stale_updates(), "started_senders": start_sender_if_due()}


def replay_stale_updates() -> int:
    """Hands updates whose handler died to the webhook again, by the same door that Telegram uses."""
    replayed = 0
    for tenant_id, bot_id, update_id in updates.find_stale(MOST_STALE_UPDATES):
        public_id, secret = bots.webhook_of(tenant_id, bot_id)
        payload = updates.stored_update(tenant_id, bot_id, update_id)
        address = f"{config.require('API_BASE').rstrip('/')}/hooks/telegram-webhook/{public_id}"
        try:
            http.post(
                address,
                json=payload,
                timeout_s=_REPLAY_TIMEOUT_S,
                headers={"X-Telegram-Bot-Api-Secret-Token": secret},
            )
        except http.VendorUnreachable as error:
            _log.warning("replay_failed", update_id=update_id, reason=error.message)
            break
        replayed += 1
    return replayed


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
