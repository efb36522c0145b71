"""What pages show of the outbox: lists with filters, dead letters, a chat's history, the live rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery.models import Kind

_sql = load(__package__)

MOST_ROWS = 100
DEAD_STATES = ("failed", "ambiguous")
_LATELY_S = 5


@dataclass(frozen=True)
class StoredMessage:
    """A row of the outbox as its owner sees it. `summary` is its text or caption, cut to 200 characters.

    `key` names it outside: the number counts for all tenants and would tell of the others.
    """

    id: int
    key: str
    bot_id: str
    chat_id: int
    kind: Kind
    method: str
    summary: str
    has_picture: bool
    source: str | None
    state: str
    due_at: datetime
    attempts: int
    ambiguities: int
    message_id: int | None
    error_code: str | None
    error_text: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Newest first; `next` is the cursor of the following page, or None."""

    items: Sequence[StoredMessage]
    next: int | None


@dataclass(frozen=True)
class SendRate:
    """What one bot does now: sends per second over the last seconds, in the last minute, due and not sent yet.

    `closed_s`: for how long Telegram asked the bot to wait, 0 when it may send.
    """

    per_s: float
    in_last_minute: int
    due: int
    closed_s: float


@dataclass(frozen=True)
class BotAtWork:
    """A bot, and what makes its messages wait: paused, or told by Telegram to wait `closed_s`."""

    id: str
    username: str
    state: str
    paused_reason: str | None
    closed_s: float


@dataclass(frozen=True)
class Held:
    """A message that nobody changes until the transaction ends."""

    id: int
    key: str
    state: str
    source: str | None
    error_code: str | None
    has_picture: bool


@dataclass(frozen=True)
class Count:
    """So many messages of a bot in one state; `is_ahead`: due in more than a minute."""

    bot_id: str
    is_ahead: bool
    number: int


def list_messages(
    tx: Transaction,
    tenant_id: str,
    *,
    bot_id: str | None = None,
    chat_id: int | None = None,
    states: Sequence[str] | None = None,
    kind: Kind | None = None,
    source: str | None = None,
    cursor: int | None = None,
    limit: int = 50,
) -> Page:
    """The outbox, narrowed by whatever is given; at most MOST_ROWS a page."""
    most = max(1, min(limit, MOST_ROWS))
    found = tx.rows(
        _sql.list_messages,
        tenant_id=tenant_id,
        bot_id=bot_id,
        chat_id=chat_id,
        states=list(states) if states is not None else None,
        kind=kind.value if kind else None,
        source=source,
        before=cursor,
        most=most + 1,
    )
    items = [_stored(row) for row in found[:most]]
    return Page(items, items[-1].id if len(found) > most else None)


def list_dead_letters(
    tx: Transaction, tenant_id: str, *, bot_id: str | None = None, cursor: int | None = None, limit: int = 50
) -> Page:
    """What failed for good and what may or may not have arrived, with the reasons; `outbox.requeue` sends it again."""
    return list_messages(tx, tenant_id, bot_id=bot_id, states=DEAD_STATES, cursor=cursor, limit=limit)


def chat_history(
    tx: Transaction, tenant_id: str, *, bot_id: str, chat_id: int, cursor: int | None = None, limit: int = 50
) -> Page:
    """All that one bot sent, or has to send, to one chat."""
    return list_messages(tx, tenant_id, bot_id=bot_id, chat_id=chat_id, cursor=cursor, limit=limit)


def send_rate(tx: Transaction, tenant_id: str, *, bot_id: str) -> SendRate:
    """The live rate of one bot."""
    row = tx.row(_sql.rate_of_bot, tenant_id=tenant_id, bot_id=bot_id, seconds=_LATELY_S)
    assert row is not None
    return SendRate(
        per_s=row["sent_lately"] / _LATELY_S,
        in_last_minute=row["sent_in_last_minute"],
        due=row["due"],
        closed_s=row["closed_s"] or 0.0,
    )


def list_bots(tx: Transaction, tenant_id: str) -> list[BotAtWork]:
    """The tenant's bots by name."""
    return [BotAtWork(**{**row, "id": str(row["id"])}) for row in tx.rows(_sql.bots_at_work, tenant_id=tenant_id)]


def count_messages(tx: Transaction, tenant_id: str, *, state: str, most: int) -> list[Count]:
    """How many messages are in that state; the counts come to `most` when there are so many or more."""
    rows = tx.rows(_sql.count_messages, tenant_id=tenant_id, state=state, most=most)
    return [Count(str(row["bot_id"]), row["is_ahead"], row["number"]) for row in rows]


def hold_messages(tx: Transaction, tenant_id: str, *, keys: Sequence[str]) -> list[Held]:
    """The messages of these keys, the oldest first, locked; unknown keys are left out."""
    return [Held(**row) for row in tx.rows(_sql.hold_messages, tenant_id=tenant_id, keys=list(keys))]


def _stored(row: dict[str, Any]) -> StoredMessage:
    payload = row.pop("payload")
    params = payload.get("params", {})
    summary = str(params.get("text") or params.get("caption") or "")[:200]
    shown = {**row, "bot_id": str(row["bot_id"]), "kind": Kind(row["kind"])}
    return StoredMessage(**shown, summary=summary, has_picture="attachment" in payload)
