"""A strategy tried before it is activated: the newest plan that it would have had, in the owner's own chat."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape

from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.signals import guard, messages, repository
from promostack.signals.contract import Strategy
from promostack.signals.errors import NobodyToShow
from promostack.signals.evaluation import decide, is_warm
from promostack.signals.market import SYMBOL
from promostack.signals.models import Settings, Signal
from promostack.signals.plans import Plan, PlanRefused, check_plan
from promostack.signals.positions import publish
from promostack.signals.results import Costs
from promostack.signals.scanning import Bars

# Three weeks of quarter-hours, or as many as can be looked at while somebody waits.
LOOK_BACK_BARS = 2_000
SECONDS = 8.0
_HEAD = "<b>Preview, no signal</b>"


@dataclass(frozen=True)
class Preview:
    """`text` says first that it is no signal. `bar_closed_at` None: there was no plan."""

    text: str
    bar_closed_at: datetime | None


def look_back(strategy: Strategy, bars: Bars) -> Preview:
    """The newest bar for which the strategy had a plan that passes the checks, or why there is none."""
    history = bars.history(strategy.interval)
    ends_at = time.monotonic() + SECONDS
    columns, problem = guard.run(strategy.key, lambda: history.columns(strategy), limit_s=SECONDS)
    looked = 0
    with guard.watching():
        for end in range(len(history), max(0, len(history) - LOOK_BACK_BARS), -1):
            view = history.until(end, columns)
            if problem is not None or time.monotonic() > ends_at or not is_warm(strategy, view):
                break
            looked += 1
            proposed, problem = guard.run(strategy.key, partial(decide, strategy, view))
            plan = _checked(proposed, float(view.close[-1]), float(view.atr()[-1])) if proposed is not None else None
            if plan is not None:
                return Preview(_text(strategy, plan, view.closed_at), view.closed_at)
    if problem is not None:
        reason = f"the strategy failed: {escape(problem.message)}"
    elif looked:
        reason = f"with these parameters the strategy had no plan in the last {looked} bars"
    else:
        reason = f"the strategy needs {strategy.warmup_bars} stored bars of each interval that it reads"
    return Preview(f"{_HEAD}: {reason}.", None)


def send(
    tx: Transaction, tenant_id: str, settings: Settings, preview: Preview, *, key: str, lease: str
) -> list[Leased]:
    """To whoever connected the channel, in his chat with its bot; rows are leased. Raises NobodyToShow."""
    chat_id = None
    if settings.channel_id is not None and settings.bot_id is not None:
        chat_id = repository.find_owner_chat(tx, tenant_id, settings.channel_id)
    if chat_id is None or settings.bot_id is None:
        raise NobodyToShow("Nobody can be shown it: connect the channel by a tap in your own chat with the bot.")
    params = messages.message_params(preview.text)
    row = Message(chat_id, Kind.INTERACTIVE, "sendMessage", params, key, source="signals")
    return outbox.enqueue(tx, [row], tenant_id=tenant_id, bot_id=settings.bot_id, lease_token=lease)


def _text(strategy: Strategy, plan: Plan, closed_at: datetime) -> str:
    signal = Signal(
        id="preview",
        symbol=SYMBOL,
        strategy=strategy.key,
        bar_interval=strategy.interval,
        bar_closed_at=closed_at,
        plan=plan,
        costs=Costs(),
        state="draft",
        draft=publish(plan, strategy.terms, at=closed_at),
    )
    would = f"what the bar that closed at {closed_at:%d %b %Y %H:%M} UTC would have led to"
    return f"{_HEAD}: {would}.\n\n{messages.signal_text(signal)}"


def _checked(proposed: object, entry: float, atr: float) -> Plan | None:
    try:
        return check_plan(proposed, entry=entry, atr=atr)
    except PlanRefused:
        return None
