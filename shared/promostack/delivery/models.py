"""Messages on their way out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message is for; decides its priority and what happens when its outcome is unknown."""

    INTERACTIVE = "interactive"
    JOURNEY = "journey"
    POST = "post"
    SIGNAL = "signal"
    BROADCAST = "broadcast"


# Lower goes first. The claim looks at one priority after the other, so there are few.
PRIORITY = {Kind.INTERACTIVE: 0, Kind.JOURNEY: 10, Kind.POST: 20, Kind.SIGNAL: 20, Kind.BROADCAST: 30}
PRIORITIES = sorted(set(PRIORITY.values()))

# Telegram takes no idempotency key. An answer to a person is worth a possible double; what many people read is not.
SENDS_AGAIN_WHEN_AMBIGUOUS = frozenset({Kind.INTERACTIVE, Kind.JOURNEY})
# Calls that leave the same behind when they are made twice, whatever they are for.
_REPEATABLE = ("edit", "delete", "answer", "pin", "unpin", "set", "stop")


@dataclass(frozen=True)
class Attachment:
    """A stored object that a message carries, uploaded once per bot and then named by its file_id."""

    object_key: str
    sha256: str
    filename: str


@dataclass(frozen=True)
class Message:
    """A Bot API call to be made. `params` are the method's own, without `chat_id` and without the attachment.

    `source` says what caused it (`broadcast:<id>`), for lists and for cancelling all of it; `due_at` None means now.
    """

    chat_id: int
    kind: Kind
    method: str
    params: Mapping[str, Any]
    idempotency_key: str
    attachment: Attachment | None = None
    source: str | None = None
    due_at: datetime | None = None

    def payload(self) -> dict[str, Any]:
        """The JSON stored in the outbox."""
        attached = {"attachment": self.attachment.__dict__} if self.attachment else {}
        return {"params": dict(self.params), **attached}


@dataclass(frozen=True)
class Leased:
    """A row that this sender holds until its lease ends. `attempts` counts the calls made so far."""

    id: int
    tenant_id: str
    bot_id: str
    chat_id: int
    kind: Kind
    method: str
    params: Mapping[str, Any]
    attachment: Attachment | None
    attempts: int

    @property
    def sends_again(self) -> bool:
        """True when a call whose outcome nobody knows is made again."""
        return self.kind in SENDS_AGAIN_WHEN_AMBIGUOUS or self.method.startswith(_REPEATABLE)

    @property
    def is_message(self) -> bool:
        """True when Telegram counts the call as a message to the chat: no edits, chat actions or button answers."""
        return self.method.startswith(("send", "copy", "forward")) and self.method != "sendChatAction"

    @property
    def file_kind(self) -> str:
        """A picture sent as a photo and as a file has two ids."""
        return "document" if self.method == "sendDocument" else "photo"


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

    def add(self, name: str, number: int = 1) -> None:
        """Counts what is written."""
        setattr(self, name, getattr(self, name) + number)
