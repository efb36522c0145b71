"""Guard rails: when a good plan is still not published. Each block has a name that the ledger and the owner see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from promostack.signals.contract import Pace
from promostack.signals.market_calendar import trading_day
from promostack.signals.positions import Position
from promostack.signals.results import PIP, Costs, Result

Block = Literal["paused", "session", "open_signal", "loss_unknown", "daily_loss", "throttle", "per_day", "spacing"]
SATURDAY = 5


@dataclass(frozen=True)
class Rails:
    """A tenant's rails. Hours are UTC, Monday to Friday; the end is exclusive."""

    session_from: int = 8
    session_to: int = 22
    daily_loss_pips: Decimal = Decimal(50)


@dataclass(frozen=True)
class Closed:
    """A finished signal, as the rails need it."""

    published_at: datetime
    closed_at: datetime
    result: Result


@dataclass(frozen=True)
class RailState:
    """`open_pips`: what the open signals stand at, None when no price is known. Counts are of the trading day."""

    open_signals: int = 0
    open_pips: Decimal | None = Decimal(0)
    day_pips: Decimal = Decimal(0)
    last_loss_at: datetime | None = None
    published_today: int = 0
    last_published_at: datetime | None = None
    paused_until: datetime | None = None


def state_of(
    closed: Iterable[Closed],
    opened: Sequence[Position],
    *,
    now: datetime,
    price: Decimal | None,
    costs: Costs,
    paused_until: datetime | None = None,
) -> RailState:
    """From what is stored. `closed`: at least the signals that were published or closed in this trading day, or within
    the strategy's throttle and spacing."""
    closed = list(closed)
    today = trading_day(now)
    times = [each.published_at for each in closed] + [each.published_at for each in opened]
    losses = [each.closed_at for each in closed if not each.result.is_win]
    pips = [each.result.net_pips for each in closed if trading_day(each.closed_at) == today]
    return RailState(
        open_signals=len(opened),
        open_pips=None if opened and price is None else sum((_floating(p, price, costs) for p in opened), Decimal(0)),
        day_pips=sum(pips, Decimal(0)),
        last_loss_at=max(losses, default=None),
        published_today=sum(trading_day(at) == today for at in times),
        last_published_at=max(times, default=None),
        paused_until=paused_until,
    )


def find_block(rails: Rails, pace: Pace, state: RailState, *, now: datetime) -> Block | None:
    """The first rail that forbids publishing now. A loss that cannot be known counts as too large."""
    if state.paused_until is not None and now < state.paused_until:
        return "paused"
    if now.weekday() >= SATURDAY or not rails.session_from <= now.hour < rails.session_to:
        return "session"
    if state.open_signals:
        return "open_signal"
    if state.open_pips is None:
        return "loss_unknown"
    if state.day_pips + min(state.open_pips, Decimal(0)) <= -rails.daily_loss_pips:
        return "daily_loss"
    if _within(state.last_loss_at, pace.throttle, now):
        return "throttle"
    if pace.per_day is not None and state.published_today >= pace.per_day:
        return "per_day"
    return "spacing" if _within(state.last_published_at, pace.spacing, now) else None


def _within(since: datetime | None, span: timedelta, now: datetime) -> bool:
    return since is not None and now < since + span


def _floating(position: Position, price: Decimal | None, costs: Costs) -> Decimal:
    """Pips that a position would net if the rest closed at this price."""
    if price is None:
        return Decimal(0)
    plan = position.plan
    booked = sum((leg.share * plan.gain(leg.price) for leg in position.legs), Decimal(0))
    return ((booked + position.open_share * plan.gain(price)) / 100 - costs.total) / PIP
