"""Enqueueing: rows are written in the caller's transaction, so a fact and its message stand or fall together."""

import json
from collections.abc import Sequence

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery.models import PRIORITY, Attachment, Leased, Message

_sql = load(__package__)

# The sender that enqueues normally sends at once; after this the worker may take the rows over.
OWN_LEASE_S = 20


def enqueue(
    tx: Transaction, messages: Sequence[Message], *, tenant_id: str, bot_id: str, lease_token: str
) -> list[Leased]:
    """Stores the messages and leases them to the caller; one whose idempotency key is known already is left out."""
    leased = []
    for message in messages:
        row_id = tx.value(
            _sql.enqueue,
            tenant_id=tenant_id,
            bot_id=bot_id,
            chat_id=message.chat_id,
            kind=message.kind.value,
            method=message.method,
            payload=json.dumps(message.payload()),
            idempotency_key=message.idempotency_key,
            priority=PRIORITY[message.kind],
            lease_s=OWN_LEASE_S,
            lease_token=lease_token,
        )
        if row_id is not None:
            leased.append(
                Leased(
                    id=row_id,
                    tenant_id=tenant_id,
                    bot_id=bot_id,
                    chat_id=message.chat_id,
                    kind=message.kind,
                    method=message.method,
                    params=message.params,
                    attachment=message.attachment,
                    attempts=0,
                )
            )
    return leased


def attachment_of(payload: dict[str, dict[str, str]]) -> Attachment | None:
    """The attachment of a stored payload."""
    return Attachment(**payload["attachment"]) if "attachment" in payload else None
