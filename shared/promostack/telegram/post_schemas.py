"""Input and output of client/posts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from promostack.publishing.models import RenderOrder
from promostack.telegram.post_models import PostState
from promostack.tenants.schemas import PageQuery

_CAPTION = "Telegram's HTML, at most 1024 characters without its tags"


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Order(_Input):
    channel: str = Field(max_length=100, description="its id")
    template: str = Field(max_length=100, description="the template's slug")
    format: str = Field(max_length=100, description="one of the template's formats", examples=["square"])
    code: str = Field(max_length=1_000, description="the code as it was typed", examples=["SUMMER25"])
    fields: dict[str, str] = Field({}, max_length=50)

    def order(self) -> RenderOrder:
        """The part that decides about the picture."""
        return RenderOrder(self.template, self.format, self.code, self.fields)


class PreviewPost(_Order):
    """What a post would look like."""

    caption: str | None = Field(None, max_length=10_000, description=f"{_CAPTION}; null takes the bot's own")


class CreatePost(_Order):
    """A post, now or later. The same `id` a second time is the same post, whatever else is said."""

    caption: str = Field(max_length=10_000, description=_CAPTION)
    when: AwareDatetime | None = Field(None, description="at most 60 days ahead; null posts now")
    again: bool = Field(False, description="true posts what has been in the channel within a day once more")
    id: UUID | None = Field(None, description="made by the caller, so that he may repeat a call whose answer he lost")


class ChangeCaption(_Input):
    """Another caption."""

    caption: str = Field(max_length=10_000, description=_CAPTION)


class PostsQuery(PageQuery):
    """Which page of which posts."""

    channel: UUID | None = Field(None, description="only those of one channel")


class ChannelAnswer(BaseModel):
    """A channel; `next` says in words what to do while it is broken, `link` does it."""

    id: str
    title: str
    username: str | None
    bot: str
    state: Literal["connected", "broken"]
    problem: Literal["removed", "no_rights", "refused"] | None
    next: str | None
    link: str
    connected_at: datetime


class ConnectAnswer(BaseModel):
    """Where a channel is connected to a bot."""

    bot: str
    link: str


class ChannelList(BaseModel):
    """All channels, and where more are connected."""

    items: list[ChannelAnswer]
    connect: list[ConnectAnswer]


class PreviewAnswer(BaseModel):
    """The picture, the caption, how many of Telegram's 1024 characters it has, and whether this was posted already."""

    picture_url: str
    width: int
    height: int
    caption: str
    characters: int
    posted_before: bool


class PostAnswer(BaseModel):
    """A post as it stands. `change` is that of the latest edit, `undeleted` a deletion that failed; `problem` says why.

    `unclear`: Telegram gave no answer, only a look into the channel tells.
    """

    id: str
    channel_id: str
    channel: str
    state: PostState
    change: Literal["", "pending", "done", "failed", "undeleted"]
    problem: str | None
    due_at: datetime
    posted_at: datetime | None
    caption: str
    code: str
    picture_url: str
    link: str | None
    author: str = Field(description="`chat:` with a Telegram user's id, or `member:` with a member's")
    created_at: datetime


class PostPage(BaseModel):
    """A page of posts, the newest first."""

    items: list[PostAnswer]
    next: str | None
