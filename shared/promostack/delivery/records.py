"""How a row's story is written down; only the holder of its lease may. Each outcome is a transaction of its own."""

import random
import time
from collections.abc import Callable, Sequence

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.db.errors import DatabaseUnavailable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import errors
from promostack.delivery.models import Counts, Leased, Receipt

_sql = load(__package__)
_log = log.get("delivery")

MAX_ATTEMPTS = 8
# An outcome that cannot be written is an unknown one; a database that restarts is waited for.
_PATIENCE_S = (0.2, 0.5, 1.0, 2.0, 4.0)


class Records:
    """Writes outcomes under one lease and counts them."""

    def __init__(self, lease_token: str, counts: Counts) -> None:
        self._lease_token = lease_token
        self._counts = counts

    def sent(self, row: Leased, receipt: Receipt) -> None:
        """Telegram performed the call; an uploaded picture's file_id is kept."""

        def write(tx: Transaction) -> None:
            finish(tx, row, self._lease_token, state="sent", message_id=receipt.message_id)
            if receipt.file_id and row.attachment:
                tx.run(_sql.remember_file, **_picture(row), file_id=receipt.file_id)

        _persistently(row.tenant_id, write)
        self._counts.sent += 1

    def failed(self, row: Leased, error: PromoError) -> None:
        """A dead letter with its reason; a recipient who is gone gets nothing more."""

        def write(tx: Transaction) -> None:
            finish(tx, row, self._lease_token, state="failed", error=error)
            if isinstance(error, errors.RecipientGone):
                tx.run(
                    _sql.cancel_for_chat,
                    tenant_id=row.tenant_id,
                    bot_id=row.bot_id,
                    chat_id=row.chat_id,
                    error_code=error.code,
                )

        _log.warning("dead_letter", outbox_id=row.id, code=error.code, reason=error.message)
        _persistently(row.tenant_id, write)
        self._counts.failed += 1

    def retry(self, row: Leased, error: PromoError) -> None:
        """Once more after a pause; the row's `attempts` count the calls made, this one included."""
        if row.attempts >= MAX_ATTEMPTS:
            self.failed(row, errors.SendFailed(f"Given up after {MAX_ATTEMPTS} tries: {error.message}"))
        else:
            self.put_back([row], delay_s=backoff_s(row.attempts, random.random()), error=error)

    def unknown(self, row: Leased, error: PromoError) -> None:
        """The call may have happened: the row's kind decides whether it is made again."""
        self._counts.ambiguous += 1
        if row.sends_again and row.attempts < MAX_ATTEMPTS:
            delay_s = backoff_s(row.attempts, random.random())
            self.put_back([row], delay_s=delay_s, error=error, ambiguities=1, counts=False)
        else:
            _persistently(row.tenant_id, lambda tx: finish(tx, row, self._lease_token, state="ambiguous", error=error))

    def put_back(
        self,
        rows: Sequence[Leased],
        *,
        delay_s: float | None,
        error: PromoError | None = None,
        ambiguities: int = 0,
        counts: bool = True,
    ) -> None:
        """Hands rows of one tenant back, due after `delay_s` or (None) in their old place."""

        def write(tx: Transaction) -> None:
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

        if rows:
            _persistently(rows[0].tenant_id, write)
            self._counts.retried += len(rows) if counts else 0

    def moved(self, row: Leased, chat_id: int) -> None:
        """The group has another id now: what waits for it goes there."""
        moved = {"tenant_id": row.tenant_id, "bot_id": row.bot_id, "chat_id": row.chat_id, "new_chat_id": chat_id}
        _persistently(row.tenant_id, lambda tx: tx.run(_sql.move_chat, **moved))

    def forget_file(self, row: Leased) -> None:
        """Telegram no longer knows the picture."""
        _persistently(row.tenant_id, lambda tx: tx.run(_sql.forget_file, **_picture(row)))

    def pause_bot(self, row: Leased, error: PromoError) -> None:
        """Stops the bot with the reason its owner reads; its messages wait until it is connected again."""
        paused = {"tenant_id": row.tenant_id, "bot_id": row.bot_id, "reason": error.message}
        _persistently(row.tenant_id, lambda tx: tx.run(_sql.pause_bot, **paused))


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


def _persistently(tenant_id: str, write: Callable[[Transaction], object]) -> None:
    """Runs `write` in a transaction, again when the database went away; raises DatabaseUnavailable in the end.

    Writing twice is harmless: a lease that was given up takes no second outcome.
    """
    for pause_s in _PATIENCE_S:
        try:
            with unit_of_work(tenant_id) as tx:
                write(tx)
            return
        except DatabaseUnavailable:
            time.sleep(pause_s)  # while the database restarts
    with unit_of_work(tenant_id) as tx:
        write(tx)


def _picture(row: Leased) -> dict[str, object]:
    assert row.attachment is not None
    return {
        "tenant_id": row.tenant_id,
        "bot_id": row.bot_id,
        "sha256": row.attachment.sha256,
        "kind": row.file_kind,
    }
