"""The outbox: rows are written in the caller's transaction, so a fact and its message stand or fall together."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery.errors import RecipientGone
from promostack.delivery.models import PRIORITY, Attachment, Kind, Leased, Message

_sql = load(__package__)

# The sender that enqueues normally sends at once; after this the worker may take the rows over.
OWN_LEASE_S = 20
# Who comes back gets what he missed, but no answers to what he has long forgotten.
RESTORED_WITHIN_S = 24 * 3600


def enqueue(
    tx: Transaction, messages: Sequence[Message], *, tenant_id: str, bot_id: str, lease_token: str | None = None
) -> list[Leased]:
    """Stores the messages; one whose idempotency key is known already is left out. Returns what was stored, in order.

    With a `lease_token` the rows are leased to the caller, who sends them itself with `Sender.send_own`; without one
    they wait for the worker.
    """
    if not messages:
        return []
    stored = tx.rows(
        _sql.enqueue,
        tenant_id=tenant_id,
        bot_id=bot_id,
        messages=json.dumps([_as_record(message) for message in messages]),
        state="leased" if lease_token else "waiting",
        lease_s=OWN_LEASE_S if lease_token else None,
        lease_token=lease_token,
    )
    by_key = {message.idempotency_key: message for message in reversed(messages)}
    return [
        _leased(row["id"], tenant_id, bot_id, by_key[row["idempotency_key"]])
        for row in sorted(stored, key=lambda each: int(each["id"]))
    ]


def cancel(tx: Transaction, tenant_id: str, *, idempotency_key: str, reason: str = "cancelled") -> bool:
    """Cancels a message that has not been called yet; False when it is too late or unknown."""
    return tx.run(_sql.cancel_key, tenant_id=tenant_id, idempotency_key=idempotency_key, error_code=reason) > 0


def cancel_source(tx: Transaction, tenant_id: str, *, source: str, reason: str = "cancelled") -> int:
    """Cancels all that one cause still has in the outbox, what a sender holds included; returns how many."""
    return tx.run(_sql.cancel_source, tenant_id=tenant_id, source=source, error_code=reason)


def withdraw(tx: Transaction, tenant_id: str, *, id: int, reason: str = "cancelled") -> bool:
    """Cancels a message that has not been called yet, also one that waits for its chat to come back; False else."""
    return tx.run(_sql.withdraw, tenant_id=tenant_id, id=id, error_code=reason, gone=RecipientGone.code) > 0


def rewrite_own(tx: Transaction, tenant_id: str, *, id: int, params: Mapping[str, Any], lease_token: str) -> bool:
    """Other params for a message that the caller holds and has not called; its lease begins anew. False when it is not
    in his hands any more."""
    held = {"id": id, "lease_token": lease_token, "lease_s": OWN_LEASE_S}
    return tx.run(_sql.rewrite_own, tenant_id=tenant_id, params=json.dumps(dict(params)), **held) > 0


def requeue(tx: Transaction, tenant_id: str, *, ids: Sequence[int]) -> int:
    """Sends dead letters (failed or ambiguous) once more; returns how many of the ids were some.

    An ambiguous message may then arrive twice: that is for the person who asks to decide.
    """
    return tx.run(_sql.requeue, tenant_id=tenant_id, ids=list(ids))


def lease_own(tx: Transaction, tenant_id: str, *, ids: Sequence[int], lease_token: str) -> list[Leased]:
    """Leases those of the rows that wait and whose bot may send, the oldest first, to the caller, who sends them."""
    rows = tx.rows(_sql.lease_own, tenant_id=tenant_id, ids=list(ids), lease_s=OWN_LEASE_S, lease_token=lease_token)
    return [leased_row(row, tenant_id) for row in sorted(rows, key=lambda each: int(each["id"]))]


def recipient_is_back(
    tx: Transaction, tenant_id: str, *, bot_id: str, chat_id: int, within_s: float = RESTORED_WITHIN_S
) -> int:
    """A chat unblocked the bot or gave its rights back: what it missed since is due again; returns how many."""
    return tx.run(
        _sql.restore_for_chat,
        tenant_id=tenant_id,
        bot_id=bot_id,
        chat_id=chat_id,
        error_code=RecipientGone.code,
        within_s=within_s,
    )


def recipient_is_gone(tx: Transaction, tenant_id: str, *, bot_id: str, chat_id: int) -> int:
    """A chat blocked the bot or took its rights: its waiting messages are cancelled; returns how many."""
    return tx.run(
        _sql.cancel_for_chat, tenant_id=tenant_id, bot_id=bot_id, chat_id=chat_id, error_code=RecipientGone.code
    )


def leased_row(row: dict[str, Any], tenant_id: str) -> Leased:
    """A claimed row."""
    attachment = row["payload"].get("attachment")
    return Leased(
        id=row["id"],
        tenant_id=tenant_id,
        bot_id=str(row["bot_id"]),
        chat_id=row["chat_id"],
        kind=Kind(row["kind"]),
        method=row["method"],
        params=row["payload"].get("params", {}),
        attachment=Attachment(**attachment) if attachment else None,
        attempts=row["attempts"],
    )


def _leased(row_id: int, tenant_id: str, bot_id: str, message: Message) -> Leased:
    return Leased(
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


def _as_record(message: Message) -> dict[str, Any]:
    return {
        "chat_id": message.chat_id,
        "kind": message.kind.value,
        "method": message.method,
        "payload": message.payload(),
        "idempotency_key": message.idempotency_key,
        "priority": PRIORITY[message.kind],
        "source": message.source,
        "due_at": message.due_at.isoformat() if message.due_at else None,
    }
