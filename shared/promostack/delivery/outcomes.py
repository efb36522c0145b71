"""What a finished call means for its row, for its bot and for the rest of what the sender holds."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

from promostack.core.errors import PromoError
from promostack.delivery import errors, records
from promostack.delivery.models import Leased, Receipt
from promostack.delivery.outgoing import Outgoing
from promostack.delivery.records import MAX_ATTEMPTS, Records, Statements

_SHORTEST_GATE_S = 1.0


@dataclass(frozen=True)
class Verdict:
    """What follows from a call. `written` records it, in one transaction; then one of the sender's counts goes up.

    is_missed: nothing was called, take another slot. goes_again: call this row once more, differently. file_id: what
    names the picture from now on. is_stop: hand the bot's other rows back, due after `stops_for_s`, or in their place.
    moved_to: the chat's other rows go to that id. is_delayed: the row waits, and the chat's later rows behind it.
    """

    written: Statements = ()
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
        return Verdict(self._records.sent(row, receipt), "sent", file_id=receipt.file_id)

    def without_picture(self, row: Leased, error: PromoError) -> Verdict:
        """A store that does not answer is tried again; a picture that it does not have never comes."""
        if error.retryable:
            return self._retry(replace(row, attempts=row.attempts + 1), error)
        return self._failed(row, errors.SendFailed(f"The picture is gone: {error.message}"))

    def _failed(self, row: Leased, error: PromoError) -> Verdict:
        return Verdict(self._records.failed(row, error), "failed")

    def _retry(self, row: Leased, error: PromoError) -> Verdict:
        """The row's `attempts` count the calls made, this one included."""
        if row.attempts >= MAX_ATTEMPTS:
            return self._failed(row, errors.SendFailed(f"Given up after {MAX_ATTEMPTS} tries: {error.message}"))
        return Verdict(self._records.retried(row, error), "retried", is_delayed=True)

    def _slow_down(self, row: Leased, error: errors.SlowDown) -> Verdict:
        seconds = error.retry_after_s or _SHORTEST_GATE_S
        written = self._records.slowed_down(row, error, seconds)
        return Verdict(written, "retried", is_stop=True, stops_for_s=seconds)

    def _token_revoked(self, row: Leased, error: errors.TokenRevoked) -> Verdict:
        return Verdict(self._records.bot_paused(row, error), "retried", is_stop=True)

    def _file_gone(self, item: Outgoing, error: PromoError) -> Verdict:
        """A forgotten file_id: the picture is uploaded anew, once."""
        row = item.row
        if row.attachment is None or item.file_id is None:
            return self._failed(row, errors.SendFailed(error.message))
        item.file_id = None
        return Verdict((records.file_forgotten(row),), goes_again=True)

    def _picture_refused(self, item: Outgoing, error: PromoError) -> Verdict:
        if item.row.method != "sendPhoto":
            return self._failed(item.row, errors.SendFailed(error.message))
        item.go_as_document()
        return Verdict(goes_again=True)

    def _trouble(self, row: Leased, error: PromoError) -> Verdict:
        if isinstance(error, errors.OutcomeUnknown):
            return Verdict(self._records.unknown(row, error), "ambiguous", is_delayed=records.goes_again(row))
        if isinstance(error, errors.Migrated):
            return self._moved(row, error)
        return self._retry(row, error) if isinstance(error, errors.NotSent) else self._failed(row, error)

    def _moved(self, row: Leased, error: errors.Migrated) -> Verdict:
        again = self._retry(replace(row, chat_id=error.chat_id), error)
        return replace(again, written=(records.moved(row, error.chat_id), *again.written), moved_to=error.chat_id)
