"""Channels and what is posted in them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from promostack.delivery.errors import RecipientGone
from promostack.telegram.models import Picture

# `removed`: the bot was taken out; `no_rights`: it may not post; `refused`: Telegram turned a call of it away.
Broken = Literal["removed", "no_rights", "refused"]
PostState = Literal[
    "scheduled", "sending", "posted", "held", "cancelled", "failed", "unclear", "deleting", "deleted"
]  # fmt: skip
When = Literal["now", "hour", "morning"]
Change = Literal["", "pending", "done", "failed", "undeleted"]


@dataclass(frozen=True)
class Channel:
    """A channel in which a bot posts; `broken` says why it cannot."""

    id: str
    bot_id: str
    bot_username: str
    chat_id: int
    title: str
    username: str | None
    connected_by: int
    connected_at: datetime
    broken: Broken | None


@dataclass(frozen=True)
class Draft:
    """A post that its author sees as a preview. `id` becomes the post's; `caption` is Telegram's HTML."""

    id: str
    channel_id: str
    channel: str
    picture: Picture
    code: str
    caption: str

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Draft":
        """The draft that `as_json` stored."""
        return cls(**{**stored, "picture": Picture(**stored["picture"])})


@dataclass(frozen=True)
class NewPost:
    """A draft that is to be posted, at `due_at` or (None) now. `may_repeat`: also when it is there already."""

    draft: Draft
    due_at: datetime | None
    may_repeat: bool = False

    @property
    def post_id(self) -> str:
        return self.draft.id


@dataclass(frozen=True)
class NewCaption:
    """Another caption for a post, sent or not."""

    post_id: str
    caption: str


@dataclass(frozen=True)
class Deletion:
    """The end of a post: deleted where it was sent, else never sent."""

    post_id: str


PostChange = NewPost | NewCaption | Deletion


@dataclass(frozen=True)
class Post:
    """A post with what the outbox knows of it. Its states are read from there and kept nowhere else."""

    id: str
    channel_id: str
    title: str
    username: str | None
    chat_id: int
    connected_by: int
    bot_id: str
    author: str
    code: str
    object_key: str
    sha256: str
    media_type: str
    caption: str
    revision: int
    outbox_id: int
    change_id: int | None
    created_at: datetime
    state: str
    due_at: datetime
    is_ahead: bool
    is_called: bool
    error_code: str | None
    error_text: str | None
    message_id: int | None
    finished_at: datetime | None
    change_method: str | None
    change_state: str | None
    change_error: str | None
    due_local: str
    is_old: bool | None

    @property
    def stands(self) -> PostState:
        """Where the post stands now."""
        if self.change_method == "deleteMessage" and self.change_state in ("waiting", "leased", "sent"):
            return "deleted" if self.change_state == "sent" else "deleting"
        if self.state in ("waiting", "leased"):
            return "scheduled" if self.is_ahead and not self.is_called else "sending"
        if self.state in ("failed", "cancelled") and self.error_code == RecipientGone.code:
            return "held"
        known: Mapping[str, PostState] = {
            "sent": "posted",
            "cancelled": "cancelled",
            "failed": "failed",
            "ambiguous": "unclear",
        }
        return known[self.state]

    @property
    def change(self) -> Change:
        """The latest edit of a posted one: `pending`, `done`, `failed`, nothing; `undeleted` when it could not go."""
        if self.change_method is None or self.stands != "posted":
            return ""
        if self.change_state in ("waiting", "leased"):
            return "pending"
        if self.change_state == "sent":
            return "done"
        return "undeleted" if self.change_method == "deleteMessage" else "failed"

    @property
    def link(self) -> str | None:
        """Where everyone finds the post: only a public channel has such addresses."""
        if not self.username or self.message_id is None or self.stands != "posted":
            return None
        return f"https://t.me/{self.username}/{self.message_id}"

    @property
    def picture(self) -> Picture:
        return Picture(self.object_key, self.sha256, self.media_type)
