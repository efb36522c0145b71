"""What delivery needs from outside; integrations implement it."""

from typing import Protocol

from promostack.delivery.models import Leased, Receipt


class Messenger(Protocol):
    """Performs one Bot API call."""

    def call(self, message: Leased, *, file_id: str | None, content: bytes | None) -> Receipt:
        """Calls Telegram once. The attachment goes as `file_id` when known, else as `content`.

        Raises the errors of `delivery.errors`, nothing else.
        """
        ...
