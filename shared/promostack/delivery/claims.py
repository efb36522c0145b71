"""Taking rows: leased to one sender, what a lost lease left behind judged by its kind, known pictures named."""

from collections.abc import Sequence
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import errors, records
from promostack.delivery.models import PRIORITIES, Counts, Leased
from promostack.delivery.outbox import leased_row
from promostack.delivery.outgoing import Outgoing

_sql = load(__package__)

# Longer than the longest call to Telegram (30 s) with its way and its record.
LEASE_S = 45
# A chat that may not be written to for longer keeps its rows in the outbox.
CHAT_PATIENCE_S = 2.0


def claim(tenant_id: str, bot_id: str, *, lease_token: str, most: int, counts: Counts) -> list[Outgoing]:
    """The bot's next due rows, the most urgent first; none while another sender is just looking.

    Not durable by itself: a claim that a crash of the server undoes leaves rows whose intent cannot be written.
    """
    bot = {"tenant_id": tenant_id, "bot_id": bot_id}
    with unit_of_work(tenant_id, is_durable=False) as tx:
        if not tx.value(_sql.claim_alone, bot_id=bot_id):
            return []
        found = tx.rows(
            _sql.claim,
            **bot,
            lease_token=lease_token,
            lease_s=LEASE_S,
            most=most,
            priorities=PRIORITIES,
            patience_s=CHAT_PATIENCE_S,
        )
        found.sort(key=lambda row: (row["priority"], row["due_at"], row["id"]))
        rows = [row for row in (_take(tx, each, tenant_id, lease_token, counts) for each in found) if row]
        return with_file_ids(tx, rows)


def with_file_ids(tx: Transaction, rows: Sequence[Leased]) -> list[Outgoing]:
    """The rows of one bot, with the file_ids of pictures that it has uploaded before."""
    hashes = sorted({row.attachment.sha256 for row in rows if row.attachment})
    known: dict[tuple[str, str], str] = {}
    if hashes:
        bot = {"tenant_id": rows[0].tenant_id, "bot_id": rows[0].bot_id}
        found = tx.rows(_sql.find_files, **bot, hashes=hashes)
        known = {(each["sha256"], each["kind"]): each["file_id"] for each in found}
    return [Outgoing(row, file_id=known.get(_picture(row))) for row in rows]


def _take(tx: Transaction, found: dict[str, Any], tenant_id: str, lease_token: str, counts: Counts) -> Leased | None:
    """The row, or None when its sender died while calling and it must not be called again."""
    row = leased_row(found, tenant_id)
    if found["intent_at"] is None:
        return row
    counts.ambiguous += 1
    kept, is_called_again = records.Records(lease_token), records.goes_again(row)
    unknown = errors.OutcomeUnknown("The sender stopped while it was calling Telegram.")
    told = kept.ambiguity(row) if is_called_again else kept.finished(row, state="ambiguous", error=unknown)
    tx.run(told.query, **told.params)
    return row if is_called_again else None


def _picture(row: Leased) -> tuple[str, str]:
    return (row.attachment.sha256 if row.attachment else "", row.file_kind)
