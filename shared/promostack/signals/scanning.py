"""From closed bars to a signal on its way: each bar once, what passed the checks into the record, the message out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from promostack.core.errors import PromoError
from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.signals import ledger, messages, notices, repository
from promostack.signals.bars import Bars as View
from promostack.signals.bars import History
from promostack.signals.candles import Candles, build_higher, exact
from promostack.signals.contract import Strategy
from promostack.signals.evaluation import Evaluation, due_bars, evaluate
from promostack.signals.intervals import SECONDS, WARMUP_BARS, Interval
from promostack.signals.market import BASE, SYMBOL
from promostack.signals.models import Settings, Signal
from promostack.signals.positions import publish
from promostack.signals.rails import RailState, state_of
from promostack.signals.results import Costs

# Bars further back are not even recorded as too late: a tenant that was off for weeks begins anew.
LOOK_BACK = timedelta(days=3)
REMEMBERED = timedelta(days=3)
# What a live decision is made from. After a thousand bars no seed shows any more in what is compared to the cent; twice
# as many leave room for those days, and for equality with a batch that reads years.
DECIDES_BY = 2 * WARMUP_BARS
LONGER: tuple[Interval, ...] = ("1h", "4h")

StrategyOf = Callable[[str, Mapping[str, Any]], Strategy]


@dataclass
class Scan:
    """What a scan of one tenant found; `rows` are leased to the caller, who sends them."""

    evaluated: int = 0
    stale: int = 0
    failed: int = 0
    drafts: int = 0
    rows: list[Leased] = field(default_factory=list)


class Bars:
    """Stored quarter-hours as the histories that strategies read, each made once for all tenants.

    `most`: so many quarter-hours are enough; longer bars are built of all that are stored.
    """

    def __init__(self, base: Candles, *, most: int | None = None) -> None:
        self._base, self._most = base, most
        self._histories: dict[Interval, History] = {}

    def history(self, interval: Interval) -> History:
        """Bars of that interval that have closed. Raises ValueError for one that quarter-hours do not make."""
        if interval not in self._histories:
            self._histories[interval] = self._quarters() if interval == BASE else History(self._longer(interval))
        return self._histories[interval]

    def _quarters(self) -> History:
        count = len(self._base)
        if self._most is None or count <= self._most:
            return History(self._base)
        higher = {interval: self._longer(interval) for interval in LONGER}
        return History(self._base.cut(count - self._most, count), higher=higher)

    def _longer(self, interval: Interval) -> Candles:
        return _closed(build_higher(self._base, interval), self._base)


def scan(
    tx: Transaction,
    tenant_id: str,
    settings: Settings | None,
    bars: Bars,
    strategy_of: StrategyOf,
    *,
    now: datetime,
    lease: str,
) -> Scan:
    """Evaluates the bars that nobody has evaluated for this tenant. One that comes too late is only recorded.

    The caller holds the tenant's signals since before he read the settings.
    """
    done = Scan()
    if settings is None or settings.strategy is None or settings.active_since is None:
        return done
    try:
        strategy = strategy_of(settings.strategy, settings.params)
        history = bars.history(strategy.interval)
    except (PromoError, ValueError) as error:
        done.failed += 1
        notices.tell_owner(tx, tenant_id, settings, f"strategy:{settings.strategy}", str(error), now=now)
        return done
    candles, since = history.candles, max(settings.active_since, now - LOOK_BACK)
    first = int(np.searchsorted(candles.stamps + candles.seconds, since.timestamp(), side="right"))
    closes = {candles.closed_at(index): index for index in range(first, len(candles))}
    known = repository.list_evaluated(tx, tenant_id, SYMBOL, strategy, since)
    for due in due_bars(list(closes), known, interval=strategy.interval, now=now, since=since):
        view = history.until(closes[due.closed_at] + 1)
        state = _state(tx, tenant_id, settings, view, now=now)
        found = evaluate(strategy, view, rails=settings.rails, state=state, now=now)
        _record(tx, tenant_id, settings, strategy, found, done, now=now, lease=lease)
    return done


def _state(
    tx: Transaction, tenant_id: str, settings: Settings, view: View, *, now: datetime
) -> Callable[[], RailState]:
    """Asked for only when a plan passed the checks; as things stood when the bar closed, however late it is looked at.

    A draft counts as open: it is about to be. So does a signal that shorter bars have closed since.
    """

    def state() -> RailState:
        known = repository.list_closed(tx, tenant_id, now - REMEMBERED)
        closed = [each for each in known if each.closed_at <= view.closed_at]
        living = [signal.position or signal.draft for signal in repository.list_living(tx, tenant_id)]
        price, until = exact(view.close[-1]), settings.paused_until
        found = state_of(closed, living, now=now, price=price, costs=Costs(), paused_until=until)
        return replace(found, open_signals=len(living) + len(known) - len(closed))

    return state


def _record(
    tx: Transaction,
    tenant_id: str,
    settings: Settings,
    strategy: Strategy,
    found: Evaluation,
    done: Scan,
    *,
    now: datetime,
    lease: str,
) -> None:
    if not repository.add_evaluation(tx, tenant_id, SYMBOL, strategy, found, now):
        return
    done.evaluated += 1
    done.stale += found.fate == "stale"
    if found.fate in ("failed", "refused"):
        done.failed += 1
        text = (
            f"The strategy {strategy.key} was not used for the bar of {found.bar_closed_at:%H:%M} UTC: {found.reason}"
        )
        notices.tell_owner(tx, tenant_id, settings, f"strategy:{strategy.key}", text, now=now)
    if found.plan is None:
        return
    signal = _signal(settings, strategy, found)
    if not repository.add_signal(tx, tenant_id, signal, fingerprint=strategy.fingerprint):
        return
    body = ledger.plan_body(signal.id, strategy, found, symbol=SYMBOL, costs=signal.costs)
    repository.append(tx, tenant_id, at=now, kind="plan", body=body)
    if signal.state == "unpublished":
        fate = "blocked" if found.fate == "blocked" else "unpublished"
        body = ledger.fate_body(signal.id, fate, reason=signal.reason)
        repository.append(tx, tenant_id, at=now, kind="fate", body=body)
        return
    rows = _send(tx, tenant_id, signal, lease)
    done.drafts += 1
    done.rows += rows


def _signal(settings: Settings, strategy: Strategy, found: Evaluation) -> Signal:
    assert found.plan is not None
    reason = found.reason if found.fate == "blocked" else "" if settings.chat_id is not None else "no_channel"
    return Signal(
        id=f"{strategy.key}-{found.bar_closed_at:%Y%m%dT%H%M}",
        symbol=SYMBOL,
        strategy=strategy.key,
        bar_interval=strategy.interval,
        bar_closed_at=found.bar_closed_at,
        plan=found.plan,
        costs=Costs(),
        state="unpublished" if reason else "draft",
        draft=publish(found.plan, strategy.terms, at=found.bar_closed_at, readings=found.readings),
        bot_id=settings.bot_id,
        chat_id=settings.chat_id,
        reason=reason,
    )


def _send(tx: Transaction, tenant_id: str, signal: Signal, lease: str) -> list[Leased]:
    assert signal.bot_id is not None
    assert signal.chat_id is not None
    message = Message(
        signal.chat_id,
        Kind.SIGNAL,
        "sendMessage",
        messages.message_params(messages.signal_text(replace(signal, position=None))),
        f"signal:{signal.id}",
        source=f"signal:{signal.id}",
    )
    rows = outbox.enqueue(tx, [message], tenant_id=tenant_id, bot_id=signal.bot_id, lease_token=lease)
    for row in rows:
        repository.set_message(tx, tenant_id, signal.id, row.id)
    return rows


def _closed(built: Candles, base: Candles) -> Candles:
    """Without the last bar while the base bars do not reach its end."""
    if not len(base) or not len(built):
        return built
    end = int(base.stamps[-1]) + base.seconds
    return built.take(built.stamps + SECONDS[built.interval] <= end)
