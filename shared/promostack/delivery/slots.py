"""The moment that the limiter gave to one call."""

import time

from promostack.delivery.errors import SlotMissed

# A slot entered later than this may crowd the ones after it: 30 spacings make 1.065 s, and the way to Telegram counts.
LATE_S = 0.03


class Slot:
    """`at` is on the monotonic clock. Entered by the messenger's thread, withdrawn by the sender's.

    It may be entered up to `late_s` later; one whose moment is not known well enough has less than none of it.
    """

    def __init__(self, at: float, *, late_s: float = LATE_S) -> None:
        self.at = at
        self._late_s = late_s
        self.is_withdrawn = False

    def wait_s(self) -> float:
        """Seconds until the moment."""
        return max(0.0, self.at - time.monotonic())

    def is_missed(self) -> bool:
        """True when the moment is over."""
        return self._late_s < 0 or time.monotonic() > self.at + self._late_s

    def withdraw(self) -> None:
        """A call that has not started must not start any more."""
        self.is_withdrawn = True

    def enter(self) -> None:
        """Directly before the call; raises SlotMissed when it must not be made now."""
        if self.is_withdrawn or self.is_missed():
            raise SlotMissed("The moment for this call is over.")
