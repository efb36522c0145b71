"""One signal a day for those who have not paid: the first one published in the tenant's hours, whatever becomes of it.

The rule looks at nothing but times of publication, and the choice is made within minutes of it: no win can be picked
afterwards. When the first one could not be shown in time, the day has none. Its end is told there too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.signals import messages, repository
from promostack.signals.errors import NobodyToShow, SignalsNotSetUp
from promostack.signals.positions import Event
from promostack.signals.telling import chosen
from promostack.signals.telling.chosen import Telling
from promostack.signals.telling.due import ENDS_WITHIN, first_of_day

_sql = load(__package__)

HEAD = (
    "<b>The day's signal for everybody</b>\nChosen when it was published, by its time alone. Its end is told here too."
)


@dataclass(frozen=True)
class Promotion:
    """`sending`: what became of its message, None when the outbox no longer knows."""

    day: date
    signal_id: str
    channel_id: str
    chosen_at: datetime
    ended_at: datetime | None
    sending: str | None


def promote(tx: Transaction, tenant_id: str, *, now: datetime, lease: str) -> list[Leased]:
    """The day's signal where it is to be shown, and ends of those that were. Rows are leased."""
    return [*_begin(tx, tenant_id, now, lease), *_end(tx, tenant_id, now, lease)]


def preview(tx: Transaction, tenant_id: str, *, key: str, lease: str) -> tuple[str, list[Leased]]:
    """What would be shown of the newest published signal, in the chat of whoever connected the free channel. Raises
    SignalsNotSetUp without a channel or a signal, NobodyToShow."""
    telling = chosen.find(tx, tenant_id)
    newest = repository.list_signals(tx, tenant_id, state="published", most=1)
    place = _place(tx, tenant_id, telling)
    if place is None or telling.free_channel_id is None or not newest:
        raise SignalsNotSetUp("Choose a free channel first; the preview needs a signal that was published.")
    chat_id = repository.find_owner_chat(tx, tenant_id, telling.free_channel_id)
    if chat_id is None:
        raise NobodyToShow("Nobody can be shown it: connect the channel by a tap in your own chat with the bot.")
    text = f"<b>Preview</b>\n\n{_text(tx, tenant_id, newest[0].id)}"
    row = Message(chat_id, Kind.INTERACTIVE, "sendMessage", messages.message_params(text), key, source="signals")
    return text, outbox.enqueue(tx, [row], tenant_id=tenant_id, bot_id=str(place["bot_id"]), lease_token=lease)


def list_promotions(tx: Transaction, tenant_id: str, *, most: int = 30) -> list[Promotion]:
    rows = tx.rows(_sql.list_promotions, tenant_id=tenant_id, most=most)
    return [Promotion(**{**row, "channel_id": str(row["channel_id"])}) for row in rows]


def _begin(tx: Transaction, tenant_id: str, now: datetime, lease: str) -> list[Leased]:
    telling, today = chosen.find(tx, tenant_id), now.astimezone(UTC).date()
    signal_id, place = first_of_day(tx, tenant_id, telling, now), _place(tx, tenant_id, telling)
    if signal_id is None or place is None:
        return []
    wanted = {"today": today, "signal_id": signal_id, "channel_id": telling.free_channel_id, "now": now}
    if not tx.run(_sql.claim_promotion, tenant_id=tenant_id, **wanted):
        return []
    params = messages.message_params(_text(tx, tenant_id, signal_id))
    key = f"signals:promo:{today:%Y-%m-%d}"
    row = Message(int(place["chat_id"]), Kind.SIGNAL, "sendMessage", params, key, source=f"promo:{signal_id}")
    return outbox.enqueue(tx, [row], tenant_id=tenant_id, bot_id=str(place["bot_id"]), lease_token=lease)


def _end(tx: Transaction, tenant_id: str, now: datetime, lease: str) -> list[Leased]:
    rows: list[Leased] = []
    for shown in tx.rows(_sql.list_unended, tenant_id=tenant_id, since=now - ENDS_WITHIN):
        signal = repository.find_signal(tx, tenant_id, shown["signal_id"])
        assert signal is not None
        assert signal.position is not None
        if not tx.run(_sql.end_promotion, tenant_id=tenant_id, today=shown["day"], now=now):
            continue
        position = signal.position
        event = Event("closed", str(position.outcome), position.closed_at or now, position.legs[-1].price)
        under = {"message_id": shown["message_id"], "allow_sending_without_reply": True}
        more = {"reply_parameters": under} if shown["message_id"] else {}
        params = messages.message_params(messages.news_text(signal, event), **more)
        key = f"signals:promo:{shown['day']:%Y-%m-%d}:end"
        row = Message(shown["chat_id"], Kind.SIGNAL, "sendMessage", params, key, source=f"promo:{signal.id}")
        rows += outbox.enqueue(tx, [row], tenant_id=tenant_id, bot_id=str(shown["bot_id"]), lease_token=lease)
    return rows


def _place(tx: Transaction, tenant_id: str, telling: Telling) -> dict[str, Any] | None:
    if telling.free_channel_id is None:
        return None
    return tx.row(_sql.find_channel, tenant_id=tenant_id, channel_id=telling.free_channel_id)


def _text(tx: Transaction, tenant_id: str, signal_id: str) -> str:
    signal = repository.find_signal(tx, tenant_id, signal_id)
    assert signal is not None
    return f"{HEAD}\n\n{messages.signal_text(replace(signal, position=None))}"
