"""Sending: lease, slot, intent, call, outcome. Killed anywhere, the row says how far it got.

A row with an intent and no outcome may have gone out; its kind decides whether it is sent again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import errors, records
from promostack.delivery.models import SENDS_AGAIN_WHEN_AMBIGUOUS, Attachment, Counts, Kind, Leased, Receipt
from promostack.delivery.outbox import OWN_LEASE_S, attachment_of
from promostack.delivery.ports import Messenger

_sql = load(__package__)
_log = log.get("delivery")

# Telegram allows about 30 messages a second and bot; this spacing keeps every window of one second below it.
SLOT_SPACING_S = 0.036
LEASE_S = 30
MAX_ATTEMPTS = 8
BATCH = 8
# A sender does not sleep longer than this for its slot: it takes none, the rows go back and somebody else sends them.
LONGEST_WAIT_S = 2.0
# A slot that was missed by more, because an upload took its time, is no longer ours.
LATE_S = 0.1


class Sender:
    """Sends leased rows of any bot. `load_object(key)` reads a stored picture; its errors count as "not sent"."""

    def __init__(self, messenger: Messenger, load_object: Callable[[str], bytes]) -> None:
        self._messenger = messenger
        self._load_object = load_object

    def send_own(self, rows: Sequence[Leased], lease_token: str) -> Counts:
        """Sends rows that the caller enqueued and leased itself, in order."""
        counts = Counts()
        if rows:
            self._send_batch(list(rows), lease_token, counts, deadline=time.monotonic() + OWN_LEASE_S)
        return counts

    def drain(self, lease_token: str, *, seconds: float) -> Counts:
        """Sends what is due for all bots, one batch a bot in turn, until nothing is due or the time is up."""
        counts, deadline = Counts(), time.monotonic() + seconds
        while time.monotonic() < deadline:
            with unit_of_work(None) as tx:
                due = tx.rows(_sql.bots_with_due_messages, most=100)
            claimed = 0
            for bot in due:
                batch = self._claim(str(bot["tenant_id"]), str(bot["bot_id"]), lease_token, counts)
                claimed += len(batch)
                if batch:
                    self._send_batch(batch, lease_token, counts, deadline=deadline)
                if time.monotonic() >= deadline:
                    break
            if not claimed:
                break
        return counts

    def notify(self, tenant_id: str, bot_id: str, chat_id: int, method: str, params: Mapping[str, Any]) -> None:
        """Calls once, in a slot of its own, without a record: for what nobody misses, like a chat action."""
        call = Leased(0, tenant_id, bot_id, chat_id, Kind.INTERACTIVE, method, params, None, 0)
        try:
            if self._reserve(call, slots=1, longest_wait_s=0.0) <= 0:
                self._messenger.call(call, file_id=None, content=None)
        except errors.SlowDown as error:
            self._close_gate(call, error)
        except PromoError as error:
            _log.info("not_notified", method=method, code=error.code)

    def _reserve(self, row: Leased, *, slots: int, longest_wait_s: float) -> float:
        """The seconds until the bot's next slot; takes `slots` of them unless that is longer than `longest_wait_s`."""
        bot = {"tenant_id": row.tenant_id, "bot_id": row.bot_id}
        with unit_of_work(row.tenant_id) as tx:
            wait_s = float(tx.value(_sql.look_at_limiter, **bot))
            if wait_s <= longest_wait_s:
                tx.run(_sql.take_slots, **bot, slots=slots, spacing_s=SLOT_SPACING_S)
        return wait_s

    def _claim(self, tenant_id: str, bot_id: str, lease_token: str, counts: Counts) -> list[Leased]:
        with unit_of_work(tenant_id) as tx:
            rows = tx.rows(
                _sql.claim, tenant_id=tenant_id, bot_id=bot_id, lease_token=lease_token, lease_s=LEASE_S, most=BATCH
            )
            batch = []
            for row in sorted(rows, key=lambda each: (each["priority"], each["due_at"], each["id"])):
                kind = Kind(row["kind"])
                if row["intent_at"] is not None:
                    counts.ambiguous += 1
                    if kind not in SENDS_AGAIN_WHEN_AMBIGUOUS or row["attempts"] >= MAX_ATTEMPTS:
                        unknown = errors.OutcomeUnknown("The sender stopped while it was calling Telegram.")
                        records.finish(tx, tenant_id, row["id"], lease_token, state="ambiguous", error=unknown)
                        continue
                    tx.run(_sql.count_ambiguity, tenant_id=tenant_id, id=row["id"], lease_token=lease_token)
                batch.append(
                    Leased(
                        id=row["id"],
                        tenant_id=tenant_id,
                        bot_id=bot_id,
                        chat_id=row["chat_id"],
                        kind=kind,
                        method=row["method"],
                        params=row["payload"]["params"],
                        attachment=attachment_of(row["payload"]),
                        attempts=row["attempts"],
                    )
                )
            return batch

    def _send_batch(self, rows: list[Leased], lease_token: str, counts: Counts, *, deadline: float) -> None:
        """Sends one bot's rows in order, each in its own slot; what cannot go out now is handed back."""
        slot_at = 0.0
        for index, row in enumerate(rows):
            if time.monotonic() >= deadline:
                self._put_back(rows[index:], lease_token, 0.0, counts)
                return
            slot_at += SLOT_SPACING_S
            if time.monotonic() - slot_at > LATE_S:
                wait_s = self._reserve(row, slots=len(rows) - index, longest_wait_s=LONGEST_WAIT_S)
                if wait_s > LONGEST_WAIT_S:
                    self._put_back(rows[index:], lease_token, wait_s, counts)
                    return
                slot_at = time.monotonic() + wait_s
            time.sleep(max(0.0, slot_at - time.monotonic()))  # the limiter's slot, not a guess
            try:
                self._send(row, lease_token, counts)
            except errors.SlowDown as error:
                self._close_gate(row, error)
                self._put_back(rows[index:], lease_token, error.retry_after_s or 1.0, counts)
                return
            except errors.TokenRevoked as error:
                self._pause(rows[index:], lease_token, error, counts)
                return

    def _send(self, row: Leased, lease_token: str, counts: Counts) -> None:
        """One row to its outcome; raises SlowDown and TokenRevoked, which concern the whole bot."""
        try:
            file_id, content = self._attachment(row)
        except PromoError as error:  # nothing was called yet
            self._without_picture(row, lease_token, error, counts)
            return
        if not self._may_call(row, lease_token):
            return
        try:
            receipt = self._call(row, file_id, content)
        except errors.NothingToDo:
            receipt = Receipt()
        except (errors.SlowDown, errors.TokenRevoked):
            raise
        except errors.Migrated as error:
            self._retry(replace(row, chat_id=error.chat_id), lease_token, error, counts)
            return
        except errors.SendFailed as error:
            self._fail(row, lease_token, error, counts)
            return
        except errors.OutcomeUnknown as error:
            self._unknown(row, lease_token, error, counts)
            return
        except errors.NotSent as error:
            self._retry(row, lease_token, error, counts)
            return
        self._sent(row, lease_token, receipt)
        counts.sent += 1

    def _without_picture(self, row: Leased, lease_token: str, error: PromoError, counts: Counts) -> None:
        """A store that does not answer is tried again; a picture that it does not have never comes."""
        if error.retryable:
            self._retry(row, lease_token, error, counts)
        else:
            self._fail(row, lease_token, errors.SendFailed(f"The picture is gone: {error.message}"), counts)

    def _may_call(self, row: Leased, lease_token: str) -> bool:
        """Writes the intent. False when another sender holds the row; raises SlowDown when the bot's gate is closed."""
        with unit_of_work(row.tenant_id) as tx:
            intent = tx.value(
                _sql.write_intent, tenant_id=row.tenant_id, id=row.id, lease_token=lease_token, lease_s=LEASE_S
            )
            closed_s = None
            if intent is None:
                closed_s = tx.value(_sql.gate_closed_s, tenant_id=row.tenant_id, bot_id=row.bot_id)
        if closed_s is not None:
            raise errors.SlowDown("Telegram asked this bot to wait.", retry_after_s=closed_s)
        if intent is None:
            _log.warning("lease_lost", outbox_id=row.id)
        return intent is not None

    def _call(self, row: Leased, file_id: str | None, content: bytes | None) -> Receipt:
        """Calls once; a file_id that Telegram forgot is uploaded anew, once."""
        try:
            return self._messenger.call(row, file_id=file_id, content=content)
        except errors.FileGone:
            if row.attachment is None:
                raise errors.SendFailed("Telegram knows none of the message's files.") from None
            with unit_of_work(row.tenant_id) as tx:
                tx.run(_sql.forget_file, tenant_id=row.tenant_id, bot_id=row.bot_id, sha256=row.attachment.sha256)
            return self._upload_again(row, row.attachment)

    def _upload_again(self, row: Leased, attachment: Attachment) -> Receipt:
        try:
            content = self._load_object(attachment.object_key)
        except PromoError as error:
            raise (errors.NotSent if error.retryable else errors.SendFailed)(error.message) from error
        try:
            return self._messenger.call(row, file_id=None, content=content)
        except errors.FileGone as error:
            raise errors.SendFailed(error.message) from error

    def _attachment(self, row: Leased) -> tuple[str | None, bytes | None]:
        """The file_id if the picture was uploaded before, else its bytes."""
        if row.attachment is None:
            return None, None
        with unit_of_work(row.tenant_id) as tx:
            file_id = tx.value(
                _sql.find_file,
                tenant_id=row.tenant_id,
                bot_id=row.bot_id,
                sha256=row.attachment.sha256,
                kind=records.file_kind(row.method),
            )
        if file_id is not None:
            return file_id, None
        return None, self._load_object(row.attachment.object_key)

    def _sent(self, row: Leased, lease_token: str, receipt: Receipt) -> None:
        with unit_of_work(row.tenant_id) as tx:
            records.finish(tx, row.tenant_id, row.id, lease_token, state="sent", message_id=receipt.message_id)
            if receipt.file_id and row.attachment:
                tx.run(
                    _sql.remember_file,
                    tenant_id=row.tenant_id,
                    bot_id=row.bot_id,
                    sha256=row.attachment.sha256,
                    kind=records.file_kind(row.method),
                    file_id=receipt.file_id,
                )

    def _fail(self, row: Leased, lease_token: str, error: errors.SendFailed, counts: Counts) -> None:
        counts.failed += 1
        _log.warning("dead_letter", outbox_id=row.id, code=error.code, reason=error.message)
        with unit_of_work(row.tenant_id) as tx:
            records.finish(tx, row.tenant_id, row.id, lease_token, state="failed", error=error)
            if isinstance(error, errors.RecipientGone):
                tx.run(
                    _sql.cancel_for_chat,
                    tenant_id=row.tenant_id,
                    bot_id=row.bot_id,
                    chat_id=row.chat_id,
                    error_code=error.code,
                )

    def _pause(self, rows: Sequence[Leased], lease_token: str, error: PromoError, counts: Counts) -> None:
        """Stops the bot; its messages wait until it is connected again."""
        counts.retried += len(rows)
        first = rows[0]
        with unit_of_work(first.tenant_id) as tx:
            tx.run(_sql.pause_bot, tenant_id=first.tenant_id, bot_id=first.bot_id, reason=error.message)
            for row in rows:
                records.put_back(tx, row, lease_token, delay_s=0.0, error=error)

    def _unknown(self, row: Leased, lease_token: str, error: PromoError, counts: Counts) -> None:
        counts.ambiguous += 1
        if row.kind in SENDS_AGAIN_WHEN_AMBIGUOUS and row.attempts + 1 < MAX_ATTEMPTS:
            with unit_of_work(row.tenant_id) as tx:
                delay_s = records.backoff_s(row.attempts)
                records.put_back(tx, row, lease_token, delay_s=delay_s, error=error, ambiguities=1)
        else:
            with unit_of_work(row.tenant_id) as tx:
                records.finish(tx, row.tenant_id, row.id, lease_token, state="ambiguous", error=error)

    def _retry(self, row: Leased, lease_token: str, error: PromoError, counts: Counts) -> None:
        if row.attempts + 1 >= MAX_ATTEMPTS:
            self._fail(row, lease_token, errors.SendFailed(f"Given up after {MAX_ATTEMPTS} tries: {error}"), counts)
            return
        counts.retried += 1
        with unit_of_work(row.tenant_id) as tx:
            records.put_back(tx, row, lease_token, delay_s=records.backoff_s(row.attempts), error=error)

    def _put_back(self, rows: Sequence[Leased], lease_token: str, delay_s: float, counts: Counts) -> None:
        counts.retried += len(rows)
        with unit_of_work(rows[0].tenant_id) as tx:
            for row in rows:
                records.put_back(tx, row, lease_token, delay_s=delay_s, error=None)

    def _close_gate(self, row: Leased, error: errors.SlowDown) -> None:
        with unit_of_work(row.tenant_id) as tx:
            tx.run(_sql.close_gate, tenant_id=row.tenant_id, bot_id=row.bot_id, seconds=error.retry_after_s or 1.0)
