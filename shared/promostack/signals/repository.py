"""A tenant's signals in the database. Whoever changes something holds the tenant's signals first (`hold`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.signals import ledger, stored
from promostack.signals.contract import Strategy
from promostack.signals.evaluation import Evaluation
from promostack.signals.models import Settings, Signal
from promostack.signals.positions import Event, publish
from promostack.signals.rails import Closed, Rails
from promostack.signals.results import result_of
from promostack.signals.statistics import Sample
from promostack.signals.track_record import row_of

_sql = load(__package__)


def tenants_with_signals(tx: Transaction) -> list[str]:
    """Tenants whose signals are on, and those with a signal that has not ended."""
    return [str(row["tenant_id"]) for row in tx.rows(_sql.tenants_with_signals)]


def hold(tx: Transaction, tenant_id: str) -> None:
    """Everybody else who would change the tenant's signals waits until the transaction ends."""
    tx.value(_sql.hold_signals, tenant_id=tenant_id)


def find_settings(tx: Transaction, tenant_id: str) -> Settings | None:
    row = tx.row(_sql.find_settings, tenant_id=tenant_id)
    if row is None:
        return None
    # A channel in which the bot may not post is as good as none.
    is_usable = row["bot_id"] is not None and row["broken"] is None
    return Settings(
        channel_id=str(row["channel_id"]) if row["channel_id"] else None,
        strategy=row["strategy"],
        params=row["params"],
        queued=row["queued"],
        active_since=row["active_since"],
        paused_until=row["paused_until"],
        rails=_rails_from(row["rails"]),
        bot_id=str(row["bot_id"]) if is_usable else None,
        chat_id=row["chat_id"] if is_usable else None,
    )


def save_settings(tx: Transaction, tenant_id: str, settings: Settings) -> None:
    rails = asdict(settings.rails) | {"daily_loss_pips": str(settings.rails.daily_loss_pips)}
    tx.run(
        _sql.save_settings,
        tenant_id=tenant_id,
        channel_id=settings.channel_id,
        strategy=settings.strategy,
        params=json.dumps(dict(settings.params)),
        queued=None if settings.queued is None else json.dumps(dict(settings.queued)),
        active_since=settings.active_since,
        paused_until=settings.paused_until,
        rails=json.dumps(rails),
    )


def list_evaluated(tx: Transaction, tenant_id: str, symbol: str, strategy: Strategy, since: datetime) -> set[datetime]:
    rows = tx.rows(_sql.list_evaluated, **_key(tenant_id, symbol, strategy), since=since)
    return {row["bar_closed_at"] for row in rows}


def add_evaluation(
    tx: Transaction, tenant_id: str, symbol: str, strategy: Strategy, found: Evaluation, at: datetime
) -> bool:
    """False when the bar has been evaluated before."""
    told = {"bar_closed_at": found.bar_closed_at, "fate": found.fate, "reason": found.reason, "evaluated_at": at}
    key = _key(tenant_id, symbol, strategy)
    return tx.run(_sql.add_evaluation, **key, strategy=strategy.key, **told) > 0


def add_signal(tx: Transaction, tenant_id: str, signal: Signal, *, fingerprint: str) -> bool:
    """False when there is one of that name."""
    draft = signal.draft
    return (
        tx.run(
            _sql.add_signal,
            tenant_id=tenant_id,
            id=signal.id,
            symbol=signal.symbol,
            strategy=signal.strategy,
            fingerprint=fingerprint,
            bar_interval=signal.bar_interval,
            bar_closed_at=signal.bar_closed_at,
            plan=json.dumps(stored.plan_to(signal.plan)),
            terms=json.dumps(stored.terms_to(draft.terms)),
            costs=json.dumps(stored.costs_to(signal.costs)),
            readings=_json(stored.readings_to(draft.readings)),
            state=signal.state,
            reason=signal.reason,
            bot_id=signal.bot_id,
            chat_id=signal.chat_id,
            outbox_id=signal.outbox_id,
        )
        > 0
    )


def set_message(tx: Transaction, tenant_id: str, signal_id: str, outbox_id: int) -> None:
    tx.run(_sql.set_message, tenant_id=tenant_id, id=signal_id, outbox_id=outbox_id)


def list_living(tx: Transaction, tenant_id: str) -> list[Signal]:
    """Drafts and open signals, the oldest first."""
    return [_signal(row) for row in tx.rows(_sql.list_living, tenant_id=tenant_id)]


def list_untold(tx: Transaction, tenant_id: str, since: datetime) -> list[Signal]:
    """Signals that closed since then."""
    return [_signal(row) for row in tx.rows(_sql.list_untold, tenant_id=tenant_id, since=since)]


def list_signals(
    tx: Transaction,
    tenant_id: str,
    *,
    state: str | None = None,
    strategy: str | None = None,
    outcome: str | None = None,
    before: tuple[datetime, str] | None = None,
    most: int = 50,
) -> list[Signal]:
    """The newest first; `before`: the bar's close and the id of the last one of the page before."""
    at, before_id = before or (None, None)
    wanted = {"wanted_state": state, "wanted_strategy": strategy, "wanted_outcome": outcome}
    place = {"before_at": at, "before_id": before_id, "most": most}
    return [_signal(row) for row in tx.rows(_sql.list_signals, tenant_id=tenant_id, **wanted, **place)]


def find_signal(tx: Transaction, tenant_id: str, signal_id: str) -> Signal | None:
    row = tx.row(_sql.find_signal, tenant_id=tenant_id, signal_id=signal_id)
    return _signal(row) if row else None


def save_signal(tx: Transaction, tenant_id: str, signal: Signal) -> None:
    position = signal.position
    tx.run(
        _sql.save_signal,
        tenant_id=tenant_id,
        id=signal.id,
        state=signal.state,
        reason=signal.reason,
        position=_json(stored.position_to(position) if position else None),
        message_id=signal.message_id,
        published_at=position.published_at if position else None,
        closed_at=position.closed_at if position else None,
        told=list(signal.told),
        last_told_at=signal.last_told_at,
        edits=signal.edits,
    )


def list_closed(tx: Transaction, tenant_id: str, since: datetime) -> list[Closed]:
    """As the guard rails need them."""
    closed = []
    for row in tx.rows(_sql.list_closed, tenant_id=tenant_id, since=since):
        plan, position = stored.plan_from(row["plan"]), row["position"]
        terms = stored.terms_from(row["terms"])
        legs = stored.position_from(position, plan=plan, terms=terms, readings=None).legs
        result = result_of(plan, legs, stored.costs_from(row["costs"]))
        closed.append(Closed(row["published_at"], row["closed_at"], result))
    return closed


def list_samples(tx: Transaction, tenant_id: str, since: datetime) -> list[Sample]:
    """Closed signals as the statistics take them."""
    samples = []
    for row in tx.rows(_sql.list_closed, tenant_id=tenant_id, since=since):
        plan, terms = stored.plan_from(row["plan"]), stored.terms_from(row["terms"])
        position = stored.position_from(row["position"], plan=plan, terms=terms, readings=None)
        result = result_of(plan, position.legs, stored.costs_from(row["costs"]))
        assert position.outcome is not None
        assert position.closed_at is not None
        samples.append(
            Sample(
                closed_at=position.closed_at,
                outcome=position.outcome,
                hit=position.hit,
                net_r=result.net_r,
                net_usd=result.net_usd,
                net_pips=result.net_pips,
                ambiguous=position.ambiguous,
                gap_fills=position.gap_fills,
            )
        )
    return samples


def add_events(tx: Transaction, tenant_id: str, signal_id: str, events: Sequence[Event]) -> None:
    for event in events:
        told = {"kind": event.kind, "name": event.name, "happened_at": event.at, "price": event.price}
        tx.run(_sql.add_event, tenant_id=tenant_id, signal_id=signal_id, **told)


def list_events(tx: Transaction, tenant_id: str, signal_id: str) -> list[Event]:
    rows = tx.rows(_sql.list_events, tenant_id=tenant_id, signal_id=signal_id)
    return [Event(row["kind"], row["name"], row["happened_at"], Decimal(row["price"])) for row in rows]


def append(tx: Transaction, tenant_id: str, *, at: datetime, kind: ledger.Kind, body: dict[str, Any]) -> ledger.Row:
    """The record's next row; the tenant's signals are held."""
    found = tx.row(_sql.last_row, tenant_id=tenant_id)
    row = ledger.append(row_of(found) if found else None, at=at, kind=kind, body=body)
    tx.run(
        _sql.append_row,
        tenant_id=tenant_id,
        seq=row.seq,
        appended_at=row.at,
        kind=row.kind,
        body=json.dumps(dict(row.body)),
        prev=row.prev,
        hash=row.hash,
    )
    return row


def list_rows(tx: Transaction, tenant_id: str, *, after: int = 0, most: int = 1_000) -> list[ledger.Row]:
    """A page of the record, in order."""
    rows = tx.rows(_sql.list_rows, tenant_id=tenant_id, after_number=after, most=most)
    return [row_of(row) for row in rows]


def claim_recap(tx: Transaction, tenant_id: str, period: str, first_day: Any) -> bool:
    """False when that recap has been made."""
    return tx.run(_sql.claim_recap, tenant_id=tenant_id, period=period, first_day=first_day) > 0


def find_owner_chat(tx: Transaction, tenant_id: str, channel_id: str) -> int | None:
    """Where whoever connected the channel talks with its bot; None when he does not."""
    return cast("int | None", tx.value(_sql.find_owner_chat, tenant_id=tenant_id, channel_id=channel_id))


def _key(tenant_id: str, symbol: str, strategy: Strategy) -> dict[str, str]:
    return {
        "tenant_id": tenant_id,
        "symbol": symbol,
        "bar_interval": strategy.interval,
        "fingerprint": strategy.fingerprint,
    }


def _rails_from(kept: dict[str, Any]) -> Rails:
    usual = Rails()
    return Rails(
        session_from=kept.get("session_from", usual.session_from),
        session_to=kept.get("session_to", usual.session_to),
        daily_loss_pips=Decimal(kept.get("daily_loss_pips", usual.daily_loss_pips)),
    )


def _signal(row: dict[str, Any]) -> Signal:
    plan, terms = stored.plan_from(row["plan"]), stored.terms_from(row["terms"])
    readings = stored.readings_from(row["readings"])
    kept = row["position"]
    return Signal(
        id=row["id"],
        symbol=row["symbol"],
        strategy=row["strategy"],
        bar_interval=row["bar_interval"],
        bar_closed_at=row["bar_closed_at"],
        plan=plan,
        costs=stored.costs_from(row["costs"]),
        state=row["state"],
        draft=publish(plan, terms, at=row["bar_closed_at"], readings=readings),
        position=stored.position_from(kept, plan=plan, terms=terms, readings=readings) if kept else None,
        bot_id=str(row["bot_id"]) if row["bot_id"] else None,
        chat_id=row["chat_id"],
        outbox_id=row["outbox_id"],
        message_id=row["message_id"],
        told=tuple(row["told"]),
        last_told_at=row["last_told_at"],
        edits=row["edits"],
        reason=row.get("reason", ""),
        sending=row.get("sending"),
        sent_as=row.get("sent_as"),
        sent_at=row.get("sent_at"),
        error_code=row.get("error_code"),
        line=row["line"] or "",
    )


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
