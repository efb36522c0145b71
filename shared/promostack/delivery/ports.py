"""What delivery needs from outside; integrations implement it."""

from typing import TYPE_CHECKING, Protocol

from promostack.delivery.models import Leased, Receipt
from promostack.delivery.slots import Slot

if TYPE_CHECKING:
    from concurrent.futures import Future


class Messenger(Protocol):
    """Performs Bot API calls. The attachment goes as `file_id` when known, else as `content`.

    Calls fail with the errors of `delivery.errors`, nothing else.
    """

    def prepare(self) -> None:
        """Loads what the first call needs, half a second's work in a fresh process: no slot may pass meanwhile."""
        ...

    def start(self, message: Leased, *, file_id: str | None, content: bytes | None, slot: Slot) -> "Future[Receipt]":
        """Calls once, in the slot's moment, and returns at once; `slot.enter()` stands directly before the call."""
        ...

    def call(self, message: Leased, *, file_id: str | None, content: bytes | None) -> Receipt:
        """Calls once, now."""
        ...
