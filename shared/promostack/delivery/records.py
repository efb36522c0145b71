"""How a row's story is written down; only the holder of its lease may."""

import random
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.db.errors import DatabaseUnavailable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import errors
from promostack.delivery.models import Counts, Leased, Receipt

_sql = load(__package__)
_log = log.get("delivery")
Written = TypeVar("Written")

MAX_ATTEMPTS = 8
# An outcome that cannot be written is an unknown one; a database that restarts is waited for.
_PATIENCE_S = (0.2, 0.5, 1.0, 2.0, 4.0)


def persistently(tenant_id: str, write: Callable[[Transaction], Written]) -> Written:
    """Runs `write` in a transaction, again when the database went away; raises DatabaseUnavailable in the end.

    Writing twice is harmless: a lease that was given up takes no second outcome.
    """
    for pause_s in _PATIENCE_S:
        try:
            return once(tenant_id, write)
        except DatabaseUnavailable:
            time.sleep(pause_s)  # while the database restarts
    return once(tenant_id, write)


def once(tenant_id: str, write: Callable[[Transaction], Written]) -> Written:
    """Runs `write` in a transaction of its own."""
    with unit_of_work(tenant_id) as tx:
        return write(tx)


class Records:
    """Writes outcomes under one lease, in the caller's transaction, and counts them."""

    def __init__(self, lease_token: str, counts: Counts) -> None:
        self._lease_token = lease_token
        self._counts = counts

    def sent(self, tx: Transaction, row: Leased, receipt: Receipt) -> None:
        """Telegram performed the call; an uploaded picture's file_id is kept."""
        finish(tx, row, self._lease_token, state="sent", message_id=receipt.message_id)
        if receipt.file_id and row.attachment:
            tx.run(_sql.remember_file, **_picture(row), file_id=receipt.file_id)

    def failed(self, tx: Transaction, row: Leased, error: PromoError) -> None:
        """A dead letter with its reason; a recipient who is gone gets nothing more."""
        _log.warning("dead_letter", outbox_id=row.id, code=error.code, reason=error.message)
        finish(tx, row, self._lease_token, state="failed", error=error)
        if isinstance(error, errors.RecipientGone):
            bot = {"tenant_id": row.tenant_id, "bot_id": row.bot_id}
            tx.run(_sql.cancel_for_chat, **bot, chat_id=row.chat_id, error_code=error.code)

    def retry(self, tx: Transaction, row: Leased, error: PromoError) -> None:
        """Once more after a pause."""
        self.put_back(tx, [row], delay_s=backoff_s(row.attempts, random.random()), error=error)

    def unknown(self, tx: Transaction, row: Leased, error: PromoError) -> None:
        """The call may have happened: the row's kind decides whether it is made again."""
        if self.goes_again(row):
            delay_s = backoff_s(row.attempts, random.random())
            self.put_back(tx, [row], delay_s=delay_s, error=error, ambiguities=1)
        else:
            finish(tx, row, self._lease_token, state="ambiguous", error=error)

    def goes_again(self, row: Leased) -> bool:
        """True when a call of unknown outcome is made again."""
        return row.sends_again and row.attempts < MAX_ATTEMPTS

    def put_back(
        self,
        tx: Transaction,
        rows: Sequence[Leased],
        *,
        delay_s: float | None,
        error: PromoError | None = None,
        ambiguities: int = 0,
    ) -> None:
        """Hands rows back, due after `delay_s` or (None) in their old place."""
        for row in sorted(rows, key=lambda each: each.id):
            tx.run(
                _sql.put_back,
                tenant_id=row.tenant_id,
                id=row.id,
                lease_token=self._lease_token,
                delay_s=delay_s,
                chat_id=row.chat_id,
                attempts=row.attempts,
                ambiguities=ambiguities,
                error_code=error.code if error else None,
                error_text=error.message if error else None,
            )

    def count(self, *, sent: int = 0, failed: int = 0, retried: int = 0, ambiguous: int = 0) -> None:
        """Adds to what the sender did, once it is written."""
        self._counts.sent += sent
        self._counts.failed += failed
        self._counts.retried += retried
        self._counts.ambiguous += ambiguous


def moved(tx: Transaction, row: Leased, chat_id: int) -> None:
    """The group has another id now: what has not been called goes there."""
    bot = {"tenant_id": row.tenant_id, "bot_id": row.bot_id}
    tx.run(_sql.move_chat, **bot, chat_id=row.chat_id, new_chat_id=chat_id)


def forget_file(tx: Transaction, row: Leased) -> None:
    """Telegram no longer knows the picture."""
    tx.run(_sql.forget_file, **_picture(row))


def pause_bot(tx: Transaction, row: Leased, error: PromoError) -> None:
    """Stops the bot with the reason its owner reads; its messages wait until it is connected again."""
    tx.run(_sql.pause_bot, tenant_id=row.tenant_id, bot_id=row.bot_id, reason=error.message)


def finish(
    tx: Transaction,
    row: Leased,
    lease_token: str,
    *,
    state: str,
    message_id: int | None = None,
    error: PromoError | None = None,
) -> None:
    """Ends a row as sent, failed or ambiguous."""
    tx.run(
        _sql.finish,
        tenant_id=row.tenant_id,
        id=row.id,
        lease_token=lease_token,
        state=state,
        message_id=message_id,
        error_code=error.code if error else None,
        error_text=error.message if error else None,
    )


def backoff_s(attempts: int, chance: float) -> float:
    """1, 3, 9 … 600 s after so many calls, each shortened by up to a half; `chance` is in [0, 1).

    Eight tries then span about a quarter of an hour of a vendor's trouble.
    """
    return float(min(600, 3 ** max(0, attempts - 1))) * (1 - chance / 2)


def _picture(row: Leased) -> dict[str, object]:
    assert row.attachment is not None
    return {
        "tenant_id": row.tenant_id,
        "bot_id": row.bot_id,
        "sha256": row.attachment.sha256,
        "kind": row.file_kind,
    }
