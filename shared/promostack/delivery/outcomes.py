"""What a finished call means for its row, for its bot and for the rest of what the sender holds."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from promostack.core.errors import PromoError
from promostack.delivery import errors, limiter
from promostack.delivery.models import Counts, Leased, Receipt
from promostack.delivery.outgoing import Outgoing
from promostack.delivery.records import Records

_SHORTEST_GATE_S = 1.0


@dataclass(frozen=True)
class Verdict:
    """What the sender has to do after a call.

    is_missed: nothing was called, take another slot. goes_again: call this row once more, differently. file_id: what
    names the picture from now on. is_stop: hand the bot's other rows back, due after `stops_for_s`, or in their place.
    moved_to: the chat's other rows go to that id.
    """

    is_missed: bool = False
    goes_again: bool = False
    file_id: str | None = None
    is_stop: bool = False
    stops_for_s: float | None = None
    moved_to: int | None = None


class Outcomes:
    """Records how calls ended, under one lease."""

    def __init__(self, lease_token: str, counts: Counts) -> None:
        self._records = Records(lease_token, counts)

    def record(self, item: Outgoing, done: "Future[Receipt]") -> Verdict:
        """Writes the outcome down and says what follows."""
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
            self._records.pause_bot(row, error)
            self._records.put_back([_uncalled(row)], delay_s=None, error=error)
            return Verdict(is_stop=True)
        except errors.FileGone as error:
            return self._file_gone(item, error)
        except errors.PictureRefused as error:
            return self._picture_refused(item, error)
        except PromoError as error:
            self._trouble(row, error)
            return Verdict(moved_to=error.chat_id if isinstance(error, errors.Migrated) else None)
        self._records.sent(row, receipt)
        return Verdict(file_id=receipt.file_id)

    def without_picture(self, row: Leased, error: PromoError) -> None:
        """A store that does not answer is tried again; a picture that it does not have never comes."""
        if error.retryable:
            self._records.retry(replace(row, attempts=row.attempts + 1), error)
        else:
            self._records.failed(row, errors.SendFailed(f"The picture is gone: {error.message}"))

    def put_back(self, rows: Sequence[Leased], *, delay_s: float | None) -> None:
        """Hands rows of one bot back, not called."""
        self._records.put_back(rows, delay_s=delay_s)

    def _slow_down(self, row: Leased, error: errors.SlowDown) -> Verdict:
        """429: the bot's gate closes for all senders before anything else is written."""
        seconds = error.retry_after_s or _SHORTEST_GATE_S
        limiter.close_gate(row.tenant_id, row.bot_id, seconds)
        self._records.put_back([_uncalled(row)], delay_s=seconds, error=error)
        return Verdict(is_stop=True, stops_for_s=seconds)

    def _file_gone(self, item: Outgoing, error: PromoError) -> Verdict:
        """A forgotten file_id: the picture is uploaded anew, once."""
        if item.row.attachment is None or item.file_id is None:
            self._records.failed(item.row, errors.SendFailed(error.message))
            return Verdict()
        self._records.forget_file(item.row)
        item.file_id = None
        return Verdict(goes_again=True)

    def _picture_refused(self, item: Outgoing, error: PromoError) -> Verdict:
        if item.row.method != "sendPhoto":
            self._records.failed(item.row, errors.SendFailed(error.message))
            return Verdict()
        item.go_as_document()
        return Verdict(goes_again=True)

    def _trouble(self, row: Leased, error: PromoError) -> None:
        if isinstance(error, errors.Migrated):
            self._records.moved(row, error.chat_id)
            self._records.retry(replace(row, chat_id=error.chat_id), error)
        elif isinstance(error, errors.OutcomeUnknown):
            self._records.unknown(row, error)
        elif isinstance(error, errors.NotSent):
            self._records.retry(row, error)
        else:
            self._records.failed(row, error)


def _uncalled(row: Leased) -> Leased:
    """A call that Telegram turned away at the door is not one of the row's tries."""
    return replace(row, attempts=max(0, row.attempts - 1))
