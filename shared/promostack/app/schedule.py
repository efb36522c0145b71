"""All periodic work on one screen: what the one trigger of the platform looks at each minute."""

import base64
import json
import math
import time
from collections.abc import Callable

from promostack.app.starting import START_TIMEOUT_S, start_function
from promostack.core import log
from promostack.core.clock import SystemClock
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import shifts
from promostack.delivery.models import PRIORITIES
from promostack.signals import duty
from promostack.signals.telling import due
from promostack.telegram import bots, updates

_sql = load("promostack.delivery")
_turns = load(__package__)
_leaving = load("promostack.leaving")
_backtests = load("promostack.signals.backtests")
_publishing = load("promostack.publishing")
_log = log.get("schedule")
_clock = SystemClock()

# A tick hands in so many stale updates; the rest waits for the next one, a minute later.
MOST_STALE_UPDATES = 20
TICK_S = 60.0
MAINTENANCE_EVERY_S = 600
RECAP_EVERY_S = 900
# As many as there are shifts; a sender keeps eight calls open, which three or four busy bots fill.
MOST_SENDERS, BOTS_PER_SENDER = 4, 4
_MOST_BOTS = MOST_SENDERS * BOTS_PER_SENDER


def tick(seconds: float) -> dict[str, int | bool]:
    """Starts what is due and sweeps what was left behind, within `seconds`; returns counts by kind of work.

    `failed` counts the kinds that failed, of which none keeps the others waiting; with any, `ok` is false.
    """
    deadline = time.monotonic() + seconds
    work: dict[str, Callable[[], int]] = {
        # Before any sender starts: what waited while the platform was down may be too late.
        "withdrawn_signals": lambda: duty.withdraw_stale(_clock.now()),
        "started_forex": start_forex_if_due,
        "started_senders": start_senders_if_due,
        "replayed_updates": lambda: replay_stale_updates(deadline),
        "started_maintenance": start_maintenance_if_due,
        "started_leaving": start_leaving_if_due,
        "started_batches": start_batches_if_due,
        "started_backtests": start_backtests_if_due,
    }
    counts, failed = dict.fromkeys(work, 0), 0
    for name, step in work.items():
        try:
            counts[name] = step()
        except PromoError as error:
            failed += 1
            _log.error("step_failed", step=name, code=error.code, reason=error.message)
        except Exception as error:  # a bug in one kind of work must not stop the others
            failed += 1
            _log.error("step_failed", step=name, kind=type(error).__name__, detail=log.trace(error))
    return {"ok": not failed, **counts, "failed": failed}


def replay_stale_updates(deadline: float) -> int:
    """Hands updates whose handler died to the webhook again, as the event that Telegram's delivery would make.

    One that cannot be handed in is left for the next tick and keeps nobody else waiting.
    """
    replayed = 0
    for tenant_id, bot_id, update_id in updates.find_stale(MOST_STALE_UPDATES):
        if time.monotonic() > deadline - START_TIMEOUT_S:
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


def start_senders_if_due() -> int:
    """Starts `work/deliver` when messages are due before the next tick: one for a few bots, less those on duty."""
    with unit_of_work(None) as tx:
        bots_due = tx.rows(_sql.bots_with_messages, priorities=PRIORITIES, ahead_s=TICK_S, most=_MOST_BOTS)
    wanted = min(MOST_SENDERS, math.ceil(len(bots_due) / BOTS_PER_SENDER))
    missing = wanted - shifts.count_on_duty() if wanted else 0
    for _ in range(missing):
        start_function("work/deliver", {})
    return max(0, missing)


def start_maintenance_if_due() -> int:
    """Starts `work/maintenance` when nobody has for ten minutes; one that the platform did not take waits as long."""
    with unit_of_work(None) as tx:
        is_due = tx.run(_turns.take_turn, name="maintenance", every_s=MAINTENANCE_EVERY_S)
    if is_due:
        start_function("work/maintenance", {})
    return is_due


def start_leaving_if_due() -> int:
    """Starts `work/leaving` when an export waits, somebody is to be forgotten, or a tenant is to be deleted."""
    with unit_of_work(None) as tx:
        is_due = bool(tx.rows(_leaving.tenants_leaving, most=1))
    if is_due:
        start_function("work/leaving", {})
    return int(is_due)


def start_batches_if_due() -> int:
    """Starts `work/batch` when a batch waits, lost its maker, or is to be cleared away."""
    with unit_of_work(None) as tx:
        is_due = bool(tx.rows(_publishing.tenants_with_batches, most=1))
    if is_due:
        start_function("work/batch", {})
    return int(is_due)


def start_backtests_if_due() -> int:
    """Starts `work/backtest` when a backtest waits, or lost its maker."""
    with unit_of_work(None) as tx:
        is_due = bool(tx.rows(_backtests.tenants_with_backtests, most=1))
    if is_due:
        start_function("work/backtest", {})
    return int(is_due)


def start_forex_if_due() -> int:
    """Starts what works on the market's bars: a scan when one closed, the tracker while a signal lives, recaps."""
    functions = {
        "work/forex-scan": duty.is_scan_due(_clock.now()),
        "work/forex-track": duty.is_track_due(_clock.now()),
        "work/forex-recap": _is_recap_due(),
    }
    for name in (name for name, is_due in functions.items() if is_due):
        start_function(name, {})
    return sum(functions.values())


def _is_recap_due() -> bool:
    """At once when something beside the signals is to be told, else every quarter of an hour; what it is, and that each
    is told once, is the function's to know."""
    if not duty.has_tenants():
        return False
    if due.has_news(_clock.now()):
        return True
    with unit_of_work(None) as tx:
        return tx.run(_turns.take_turn, name="forex-recap", every_s=RECAP_EVERY_S) > 0
