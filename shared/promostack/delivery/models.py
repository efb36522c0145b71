"""Messages on their way out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message is for; decides its priority and what happens when its outcome is unknown."""

    INTERACTIVE = "interactive"
    JOURNEY = "journey"
    SIGNAL = "signal"
    BROADCAST = "broadcast"


PRIORITY = {Kind.INTERACTIVE: 0, Kind.JOURNEY: 10, Kind.SIGNAL: 20, Kind.BROADCAST: 30}

# Telegram takes no idempotency key. An answer to a person is worth a possible double; a broadcast or a signal is not.
SENDS_AGAIN_WHEN_AMBIGUOUS = frozenset({Kind.INTERACTIVE, Kind.JOURNEY})


@dataclass(frozen=True)
class Attachment:
    """A stored object that a message carries, uploaded once per bot and then named by its file_id."""

    object_key: str
    sha256: str
    filename: str


@dataclass(frozen=True)
class Message:
    """A Bot API call to be made. `params` are the method's own, without `chat_id` and without the attachment."""

    chat_id: int
    kind: Kind
    method: str
    params: Mapping[str, Any]
    idempotency_key: str
    attachment: Attachment | None = None

    def payload(self) -> dict[str, Any]:
        """The JSON stored in the outbox."""
        attached = {"attachment": self.attachment.__dict__} if self.attachment else {}
        return {"params": dict(self.params), **attached}


@dataclass(frozen=True)
class Leased:
    """A row that this sender holds until its lease ends."""

    id: int
    tenant_id: str
    bot_id: str
    chat_id: int
    kind: Kind
    method: str
    params: Mapping[str, Any]
    attachment: Attachment | None
    attempts: int


@dataclass(frozen=True)
class Receipt:
    """What Telegram said to a call that it performed."""

    message_id: int | None = None
    file_id: str | None = None


@dataclass
class Counts:
    """What a sender did."""

    sent: int = 0
    failed: int = 0
    retried: int = 0
    ambiguous: int = 0
    errors: list[str] = field(default_factory=list)
