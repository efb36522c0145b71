"""The card of a closed signal, under its message once the end has been told in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import outbox
from promostack.delivery.models import Attachment, Kind, Leased, Message
from promostack.signals import messages, repository
from promostack.signals.models import Signal
from promostack.signals.telling import pictures
from promostack.signals.telling.drawing import Pictures
from promostack.signals.telling.due import CARDS_WITHIN

_sql = load(__package__)


def send(tenant_id: str, drawn: Pictures, *, now: datetime, lease: str) -> list[Leased]:
    """The cards that are due, each once; rows are leased. Raises StoreUnavailable, and then they are still due."""
    with unit_of_work(tenant_id) as tx:
        found = tx.rows(_sql.list_uncarded, tenant_id=tenant_id, since=now - CARDS_WITHIN)
        signals = [repository.find_signal(tx, tenant_id, row["id"]) for row in found]
    rows: list[Leased] = []
    for signal in signals:
        if signal is None or signal.bot_id is None or signal.chat_id is None:
            continue
        picture = drawn.make(tenant_id, partial(pictures.card, signal), filename="result.png")
        with unit_of_work(tenant_id) as tx:
            key = picture.object_key
            if tx.run(_sql.claim_card, tenant_id=tenant_id, signal_id=signal.id, object_key=key, now=now):
                message = _message(signal, picture)
                bot = signal.bot_id
                rows += outbox.enqueue(tx, [message], tenant_id=tenant_id, bot_id=bot, lease_token=lease)
    return rows


def _message(signal: Signal, picture: Attachment) -> Message:
    assert signal.chat_id is not None
    under = {"message_id": signal.message_id, "allow_sending_without_reply": True}
    params = {"caption": messages.result_caption(signal), "parse_mode": "HTML", "reply_parameters": under}
    made = Message(signal.chat_id, Kind.SIGNAL, "sendPhoto", params, f"signal:{signal.id}:card", picture)
    return replace(made, source=f"signal:{signal.id}")
