"""Who is on duty: at most a few senders work for all bots at once, so that starting one too many starts no storm."""

import time
from types import TracebackType

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

_sql = load(__package__)

# Kept up every few seconds; a sender that was killed is missed after this.
LEASE_S = 20.0
_RENEW_EVERY_S = 5.0


class Shift:
    """One sender's turn of duty; `is_on` false means that enough others are at work."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._renewed_at = 0.0
        self.is_on = False

    def __enter__(self) -> "Shift":
        with unit_of_work(None) as tx:
            self.is_on = tx.value(_sql.take_shift, holder=self._holder, lease_s=LEASE_S) is not None
        self._renewed_at = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_on and kind is None:
            with unit_of_work(None) as tx:
                tx.run(_sql.end_shift, holder=self._holder)

    def keep(self) -> bool:
        """Renews it now and then; False when it ran out and went to another sender."""
        if time.monotonic() - self._renewed_at > _RENEW_EVERY_S:
            with unit_of_work(None) as tx:
                self.is_on = tx.value(_sql.keep_shift, holder=self._holder, lease_s=LEASE_S) is not None
            self._renewed_at = time.monotonic()
        return self.is_on


def count_on_duty() -> int:
    """Senders at work now."""
    with unit_of_work(None) as tx:
        return int(tx.value(_sql.count_shifts))
