"""What the conversation works with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from promostack.delivery.models import Attachment

if TYPE_CHECKING:
    from promostack.telegram.post_models import PostChange

# How long "Edit caption" waits for the caption.
_EDITING = timedelta(minutes=10)


@dataclass(frozen=True)
class Bot:
    """A connected bot, without its secrets. `group_answer`: `polite` or `silent` when it is spoken to in a group."""

    tenant_id: str
    id: str
    public_id: str
    username: str
    state: str
    group_answer: str = "polite"


@dataclass(frozen=True)
class Incoming:
    """The part of an update that the conversation understands: a text, a button, or an inline query.

    `language` is a shipped one. A message without text has neither. The chat of an inline query is the user's own.
    """

    update_id: int
    user_id: int
    chat_id: int
    text: str = ""
    button: str = ""
    callback_id: str = ""
    message_id: int | None = None
    inline_id: str = ""
    language: str = "en"


@dataclass(frozen=True)
class GalleryEntry:
    """A template as the gallery shows it."""

    slug: str
    name: str
    formats: tuple[str, ...]
    thumbnail: Attachment | None


@dataclass(frozen=True)
class Picture:
    """A rendered coupon in the store; `url` is where everyone fetches it."""

    object_key: str
    sha256: str
    media_type: str
    url: str = ""
    width: int = 0
    height: int = 0

    def attachment(self, code: str) -> Attachment:
        """The picture as a message carries it."""
        suffix = self.media_type.rpartition("/")[2].replace("jpeg", "jpg")
        return Attachment(self.object_key, self.sha256, f"{code}.{suffix}")


@dataclass(frozen=True)
class Shown:
    """The picture that the chat shows last: its code and link as they were then, and how its buttons name it."""

    picture: Picture
    code: str
    link: str
    nonce: str

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)


@dataclass(frozen=True)
class State:
    """What a conversation remembers. `gallery` tells the buttons of the latest gallery from older ones.

    `picture`: the one that is shown last (Shown), which tells the buttons under it from those under older ones;
    `draft`: the post whose preview is shown (post_models.Draft); `editing`: the post whose caption comes next, if it
    comes before `editing_until` (Unix seconds).
    """

    code: str = ""
    gallery: str = ""
    page: int = 0
    picture: Mapping[str, Any] | None = None
    draft: Mapping[str, Any] | None = None
    editing: str = ""
    editing_until: float = 0.0

    def with_code(self, code: str, *, gallery: str) -> "State":
        """The state after a valid code: a new gallery at its first page."""
        return replace(self, code=code, gallery=gallery, page=0)

    def awaiting(self, post_id: str, now: datetime) -> "State":
        """The state in which the next text is that post's caption, for as long as somebody remembers having asked."""
        return replace(self, editing=post_id, editing_until=(now + _EDITING).timestamp())

    def without_caption(self) -> "State":
        """The state in which the next text is no caption."""
        return replace(self, editing="", editing_until=0.0)

    def awaits_caption(self, now: datetime) -> bool:
        """True while the next text is a caption; a code a week later is none."""
        return bool(self.editing) and now.timestamp() < self.editing_until

    def shown(self, nonce: str) -> Shown | None:
        """The picture that a button means; None when another one, or none, has taken its place."""
        # Pictures were stored without all this once; the buttons under those name nothing.
        if not nonce or not self.picture or self.picture.get("nonce") != nonce:
            return None
        return Shown(**{**self.picture, "picture": Picture(**self.picture["picture"])})

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """One Bot API call of an answer; the chat is the conversation's."""

    method: str
    params: Mapping[str, Any]
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Outcome:
    """What an update leads to: the new state, the calls, and what is worth counting.

    `wants_news` is set when the user asked for broadcasts, or for no more of them. `change` is to be made to posts in
    the same transaction; `unless_told` is said half a minute later when nobody could say how it went.
    """

    state: State
    answers: tuple[Answer, ...]
    events: tuple[tuple[str, Mapping[str, Any]], ...] = field(default=())
    wants_news: bool | None = None
    change: "PostChange | None" = None
    unless_told: Answer | None = None
