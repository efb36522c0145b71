"""What a finished call means for its row, for its bot and for the rest of what the sender holds."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from promostack.core.errors import PromoError
from promostack.db.uow import Transaction
from promostack.delivery import errors, limiter, records
from promostack.delivery.models import Leased, Receipt
from promostack.delivery.outgoing import Outgoing
from promostack.delivery.records import MAX_ATTEMPTS, Records

_SHORTEST_GATE_S = 1.0
Write = Callable[[Transaction], None]


def _nothing(tx: Transaction) -> None:
    """There is nothing to write."""


@dataclass(frozen=True)
class Verdict:
    """What follows from a call. `write` records it in a transaction; then `counts` are added.

    is_missed: nothing was called, take another slot. goes_again: call this row once more, differently. file_id: what
    names the picture from now on. is_stop: hand the bot's other rows back, due after `stops_for_s`, or in their place.
    moved_to: the chat's other rows go to that id. is_delayed: the row waits, and the chat's later rows behind it.
    """

    write: Write = _nothing
    counted: str = ""
    is_missed: bool = False
    goes_again: bool = False
    file_id: str | None = None
    is_stop: bool = False
    stops_for_s: float | None = None
    moved_to: int | None = None
    is_delayed: bool = False


class Outcomes:
    """Judges how calls ended, for the holder of one lease."""

    def __init__(self, kept: Records) -> None:
        self._records = kept

    def judge(self, item: Outgoing, done: "Future[Receipt]") -> Verdict:
        """What the end of the call means; may change how the item is sent the next time."""
        row = item.row
        try:
            receipt = done.result()
        except errors.SlotMissed:
            return Verdict(is_missed=True)
        except errors.NothingToDo:
            receipt = Receipt()
        except errors.SlowDown as error:
            return self._slow_down(row, error)
        except errors.TokenRevoked as error:
            return self._token_revoked(row, error)
        except errors.FileGone as error:
            return self._file_gone(item, error)
        except errors.PictureRefused as error:
            return self._picture_refused(item, error)
        except PromoError as error:
            return self._trouble(row, error)
        return Verdict(lambda tx: self._records.sent(tx, row, receipt), "sent", file_id=receipt.file_id)

    def without_picture(self, row: Leased, error: PromoError) -> Verdict:
        """A store that does not answer is tried again; a picture that it does not have never comes."""
        if error.retryable:
            return self._retry(replace(row, attempts=row.attempts + 1), error)
        return self._failed(row, errors.SendFailed(f"The picture is gone: {error.message}"))

    def _failed(self, row: Leased, error: PromoError) -> Verdict:
        return Verdict(lambda tx: self._records.failed(tx, row, error), "failed")

    def _retry(self, row: Leased, error: PromoError) -> Verdict:
        """The row's `attempts` count the calls made, this one included."""
        if row.attempts >= MAX_ATTEMPTS:
            return self._failed(row, errors.SendFailed(f"Given up after {MAX_ATTEMPTS} tries: {error.message}"))
        return Verdict(lambda tx: self._records.retry(tx, row, error), "retried", is_delayed=True)

    def _slow_down(self, row: Leased, error: errors.SlowDown) -> Verdict:
        """429: the bot's gate closes for all senders."""
        seconds = error.retry_after_s or _SHORTEST_GATE_S

        def write(tx: Transaction) -> None:
            limiter.close_gate(tx, row.tenant_id, row.bot_id, seconds)
            self._records.put_back(tx, [_uncalled(row)], delay_s=seconds, error=error)

        return Verdict(write, "retried", is_stop=True, stops_for_s=seconds)

    def _token_revoked(self, row: Leased, error: errors.TokenRevoked) -> Verdict:
        def write(tx: Transaction) -> None:
            records.pause_bot(tx, row, error)
            self._records.put_back(tx, [_uncalled(row)], delay_s=None, error=error)

        return Verdict(write, "retried", is_stop=True)

    def _file_gone(self, item: Outgoing, error: PromoError) -> Verdict:
        """A forgotten file_id: the picture is uploaded anew, once."""
        row = item.row
        if row.attachment is None or item.file_id is None:
            return self._failed(row, errors.SendFailed(error.message))
        item.file_id = None
        return Verdict(lambda tx: records.forget_file(tx, row), goes_again=True)

    def _picture_refused(self, item: Outgoing, error: PromoError) -> Verdict:
        if item.row.method != "sendPhoto":
            return self._failed(item.row, errors.SendFailed(error.message))
        item.go_as_document()
        return Verdict(goes_again=True)

    def _trouble(self, row: Leased, error: PromoError) -> Verdict:
        if isinstance(error, errors.OutcomeUnknown):
            is_delayed = self._records.goes_again(row)
            return Verdict(lambda tx: self._records.unknown(tx, row, error), "ambiguous", is_delayed=is_delayed)
        if isinstance(error, errors.Migrated):
            return self._moved(row, error)
        return self._retry(row, error) if isinstance(error, errors.NotSent) else self._failed(row, error)

    def _moved(self, row: Leased, error: errors.Migrated) -> Verdict:
        again = self._retry(replace(row, chat_id=error.chat_id), error)

        def write(tx: Transaction) -> None:
            records.moved(tx, row, error.chat_id)
            again.write(tx)

        return replace(again, write=write, moved_to=error.chat_id)


def _uncalled(row: Leased) -> Leased:
    """A call that Telegram turned away at the door is not one of the row's tries."""
    return replace(row, attempts=max(0, row.attempts - 1))
