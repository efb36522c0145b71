"""What a sender holds in its hands: rows of several bots, each row on its way to its slot."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from promostack.delivery.models import Leased
from promostack.delivery.slots import Slot

# Telegram takes no larger photo; a document may have 50 MB.
MOST_PHOTO_BYTES = 10_000_000
# The intent is written so long before the slot: the call is on time, and one commit serves a call that ended and the
# next one of its bot, whose slot is a spacing later.
LEAD_S = 0.04
_PHOTO_ONLY = ("has_spoiler", "show_caption_above_media")


@dataclass(eq=False)
class Outgoing:
    """A leased row. `not_before` is on the monotonic clock; `slot` is set once the limiter gave one."""

    row: Leased
    file_id: str | None = None
    content: bytes | None = None
    slot: Slot | None = None
    not_before: float = 0.0
    is_loading: bool = False
    is_open: bool = False

    @property
    def picture(self) -> tuple[str, str, str] | None:
        """What names the attached picture: the bot, its content's hash, photo or document."""
        row = self.row
        return (row.bot_id, row.attachment.sha256, row.file_kind) if row.attachment else None

    @property
    def lacks_picture(self) -> bool:
        """True while it has neither a file_id nor the bytes of its picture."""
        return self.row.attachment is not None and self.file_id is None and self.content is None

    @property
    def order_key(self) -> tuple[str, int]:
        """Messages of a chat go one after the other; the answer to a button waits for nobody."""
        row = self.row
        return ("row", row.id) if row.method.startswith("answer") else ("chat", row.chat_id)

    def go_as_document(self) -> None:
        """Turns a photo that is too large into a file; the picture is loaded or named anew."""
        params = {name: value for name, value in self.row.params.items() if name not in _PHOTO_ONLY}
        self.row = replace(self.row, method="sendDocument", params=params)
        self.file_id = None


@dataclass(eq=False)
class Lane:
    """One bot's rows, the most urgent first. `again_at`: when the limiter may be asked again, monotonic."""

    tenant_id: str
    bot_id: str
    items: list[Outgoing] = field(default_factory=list)
    again_at: float = 0.0
    # What a call gets that was stopped before its slot came: the delay with which its bot's rows went back.
    stopped_for_s: float | None = None

    def heads(self) -> Iterator[Outgoing]:
        """Each chat's first row that is not on its way yet, and nothing of a chat that has one open."""
        taken: set[tuple[str, int]] = set()
        for item in self.items:
            if item.order_key not in taken:
                taken.add(item.order_key)
                if not item.is_open:
                    yield item

    def ready(self, now: float) -> list[Outgoing]:
        """Rows that only lack a slot."""
        return [
            item for item in self.heads() if item.slot is None and item.not_before <= now and not item.lacks_picture
        ]

    def near(self, until: float) -> list[Outgoing]:
        """Rows whose slots come by then and that are not being called, in the order of their slots."""
        coming = [(item.slot.at, item) for item in self.items if item.slot and not item.is_open]
        return [item for at, item in sorted(coming, key=lambda each: each[0]) if at <= until]

    def next_moment(self, *, has_room: bool) -> float:
        """When a slot is near, or, if there is room for one, when the limiter may be asked for one that is needed."""
        near = [item.slot.at - LEAD_S for item in self.items if item.slot and not item.is_open]
        ready = [item.not_before for item in self.heads() if item.slot is None and not item.lacks_picture]
        asked = [max(self.again_at, min(ready))] if ready and has_room else []
        return min((*near, *asked), default=float("inf"))
