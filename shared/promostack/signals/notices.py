"""What a tenant's owner is told in the chat with his bot: once a day for each cause."""

from __future__ import annotations

from datetime import datetime

from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Message
from promostack.signals import repository
from promostack.signals.models import Settings


def tell_owner(tx: Transaction, tenant_id: str, settings: Settings, cause: str, text: str, *, now: datetime) -> bool:
    """Whoever connected the signals' channel is told, when he talks with its bot; the worker sends it. False when
    nobody is there, or he knows."""
    if settings.channel_id is None or settings.bot_id is None:
        return False
    chat_id = repository.find_owner_chat(tx, tenant_id, settings.channel_id)
    if chat_id is None:
        return False
    key = f"signals:{cause}:{now:%Y-%m-%d}"
    message = Message(chat_id, Kind.INTERACTIVE, "sendMessage", {"text": f"Signals: {text}"}, key, source="signals")
    return bool(outbox.enqueue(tx, [message], tenant_id=tenant_id, bot_id=settings.bot_id))
