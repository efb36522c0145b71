"""Functions that the web cannot reach: run the job, end inside the time budget, never show a bug as success."""

from collections.abc import Callable
from typing import Any

from promostack.app.starting import start_function
from promostack.core import ids, log
from promostack.delivery.sender import Sender
from promostack.delivery.shifts import Shift

_log = log.get("worker")

# Left at the end of the time budget: the longest call to Telegram (connect, pool, write, answer) and its record.
RESERVE_S = 35.0
LEAST_S = 5.0
# A sender stays for what is due so soon: a message then goes out within seconds of its time, not at the next tick.
LINGER_S = 60.0


def run(name: str, context: object, job: Callable[[float], dict[str, Any]]) -> dict[str, Any]:
    """Runs `job(seconds)` and returns its counts; an exception is logged and reported as `ok: False`."""
    token = log.request_id.set(str(getattr(context, "activation_id", "")) or None)
    try:
        counts = job(_seconds_left(context))
        _log.info("finished", job=name, **counts)
        return {"ok": True, **counts}
    except Exception as error:  # the worker is one of the few places that may catch everything
        _log.error("job_failed", job=name, kind=type(error).__name__, detail=log.trace(error))
        return {"ok": False}
    finally:
        log.request_id.reset(token)


def deliver(sender: Sender, seconds: float) -> dict[str, Any]:
    """Sends what is due for all bots, and what becomes due meanwhile, until nothing is or the time is up.

    Ends at once when enough senders are on duty. Asks for one successor when work is left; the tick would come later.
    """
    token = ids.opaque_id()
    with Shift(token) as shift:
        if not shift.is_on:
            return {"on_duty": False}
        counts = sender.drain(token, seconds=seconds, linger_s=LINGER_S, keep_on=shift.keep)
        is_left = shift.is_on and sender.has_work(within_s=LINGER_S)
    if is_left:
        start_function("work/deliver", {})
    return {
        "on_duty": True,
        "sent": counts.sent,
        "failed": counts.failed,
        "retried": counts.retried,
        "ambiguous": counts.ambiguous,
        "successors": int(is_left),
    }


def _seconds_left(context: object) -> float:
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return max(LEAST_S, (remaining() / 1000 if remaining else 60.0) - RESERVE_S)
