"""How a row's story is written down: statements that only the holder of its lease can make effective.

Writing one twice is harmless: a lease that was given up takes no second outcome.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.db.errors import DatabaseUnavailable
from promostack.db.sql import load
from promostack.db.trip import Statement, in_one_trip
from promostack.delivery import errors, limiter
from promostack.delivery.models import Leased, Receipt

_sql = load(__package__)
_log = log.get("delivery")
Statements = tuple[Statement, ...]

MAX_ATTEMPTS = 8
# An outcome that cannot be written is an unknown one; a database that restarts is waited for.
_PATIENCE_S = (0.2, 0.5, 1.0, 2.0, 4.0)


def persistently(tenant_id: str, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Writes in one transaction, again when the database went away; raises DatabaseUnavailable in the end."""
    for pause_s in _PATIENCE_S:
        try:
            return once(tenant_id, statements)
        except DatabaseUnavailable:
            time.sleep(pause_s)  # while the database restarts
    return once(tenant_id, statements)


def once(tenant_id: str, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Writes in one transaction; returns the rows of the last statement."""
    return in_one_trip(tenant_id, statements)


class Records:
    """What is written about rows under one lease."""

    def __init__(self, lease_token: str) -> None:
        self._lease_token = lease_token

    def sent(self, row: Leased, receipt: Receipt) -> Statements:
        """Telegram performed the call; an uploaded picture's file_id is kept."""
        done = self.finished(row, state="sent", message_id=receipt.message_id)
        if not (receipt.file_id and row.attachment):
            return (done,)
        return (done, Statement(_sql.remember_file, {**_picture(row), "file_id": receipt.file_id}))

    def failed(self, row: Leased, error: PromoError) -> Statements:
        """A dead letter with its reason; a recipient who is gone gets nothing more."""
        _log.warning("dead_letter", outbox_id=row.id, code=error.code, reason=error.message)
        done = self.finished(row, state="failed", error=error)
        if not isinstance(error, errors.RecipientGone):
            return (done,)
        chat = {"tenant_id": row.tenant_id, "bot_id": row.bot_id, "chat_id": row.chat_id}
        return (done, Statement(_sql.cancel_for_chat, {**chat, "error_code": error.code}))

    def retried(self, row: Leased, error: PromoError) -> Statements:
        """Once more after a pause."""
        return self.put_back([row], delay_s=backoff_s(row.attempts, random.random()), error=error)

    def unknown(self, row: Leased, error: PromoError) -> Statements:
        """The call may have happened: the row's kind decides whether it is made again."""
        if not goes_again(row):
            return (self.finished(row, state="ambiguous", error=error),)
        delay_s = backoff_s(row.attempts, random.random())
        return self.put_back([row], delay_s=delay_s, error=error, ambiguities=1)

    def slowed_down(self, row: Leased, error: PromoError, seconds: float) -> Statements:
        """429: the bot's gate closes for all senders, and its row waits as long."""
        closing = limiter.gate_closing(row.tenant_id, row.bot_id, seconds)
        return (closing, *self.put_back([_uncalled(row)], delay_s=seconds, error=error))

    def bot_paused(self, row: Leased, error: errors.TokenRevoked) -> Statements:
        """Stops the bot with the reason its owner reads; its messages wait until it is connected again."""
        refused = list(error.refused) or None
        bot = {"tenant_id": row.tenant_id, "bot_id": row.bot_id, "reason": error.message, "refused": refused}
        # Whoever gives it another token holds it: what he wrote is seen only by a statement that begins after he ended.
        held = Statement(_sql.hold_bot_to_pause, {"tenant_id": row.tenant_id, "bot_id": row.bot_id})
        return (held, Statement(_sql.pause_bot, bot), *self.put_back([_uncalled(row)], delay_s=None, error=error))

    def put_back(
        self, rows: Sequence[Leased], *, delay_s: float | None, error: PromoError | None = None, ambiguities: int = 0
    ) -> Statements:
        """Hands rows back, due after `delay_s` or (None) in their old place."""
        said = {
            "lease_token": self._lease_token,
            "delay_s": delay_s,
            "ambiguities": ambiguities,
            "error_code": error.code if error else None,
            "error_text": error.message if error else None,
        }
        # In the order of ids, so that two senders never wait for each other.
        return tuple(Statement(_sql.put_back, {**_as_it_is(row), **said}) for row in sorted(rows, key=lambda r: r.id))

    def ambiguity(self, row: Leased) -> Statement:
        """Counts a call that a dead sender may have made, before the row is called again."""
        return Statement(
            _sql.count_ambiguity, {"tenant_id": row.tenant_id, "id": row.id, "lease_token": self._lease_token}
        )

    def finished(
        self, row: Leased, *, state: str, message_id: int | None = None, error: PromoError | None = None
    ) -> Statement:
        """Ends a row as sent, failed or ambiguous."""
        outcome = {
            "tenant_id": row.tenant_id,
            "id": row.id,
            "lease_token": self._lease_token,
            "state": state,
            "message_id": message_id,
            "error_code": error.code if error else None,
            "error_text": error.message if error else None,
        }
        return Statement(_sql.finish, outcome)


def goes_again(row: Leased) -> bool:
    """True when a call of unknown outcome is made again."""
    return row.sends_again and row.attempts < MAX_ATTEMPTS


def moved(row: Leased, chat_id: int) -> Statement:
    """The group has another id now: what has not been called goes there."""
    bot = {"tenant_id": row.tenant_id, "bot_id": row.bot_id}
    return Statement(_sql.move_chat, {**bot, "chat_id": row.chat_id, "new_chat_id": chat_id})


def file_forgotten(row: Leased) -> Statement:
    """Telegram no longer knows the picture."""
    return Statement(_sql.forget_file, _picture(row))


def backoff_s(attempts: int, chance: float) -> float:
    """1, 3, 9 … 600 s after so many calls, each shortened by up to a half; `chance` is in [0, 1).

    Eight tries then span about a quarter of an hour of a vendor's trouble.
    """
    return float(min(600, 3 ** max(0, attempts - 1))) * (1 - chance / 2)


def _uncalled(row: Leased) -> Leased:
    """A call that Telegram turned away at the door is not one of the row's tries."""
    return replace(row, attempts=max(0, row.attempts - 1))


def _as_it_is(row: Leased) -> dict[str, object]:
    return {"tenant_id": row.tenant_id, "id": row.id, "chat_id": row.chat_id, "attempts": row.attempts}


def _picture(row: Leased) -> dict[str, object]:
    assert row.attachment is not None
    return {
        "tenant_id": row.tenant_id,
        "bot_id": row.bot_id,
        "sha256": row.attachment.sha256,
        "kind": row.file_kind,
    }
