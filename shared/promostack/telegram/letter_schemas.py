"""Input and output of client/outbox."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from promostack.delivery.models import Kind
from promostack.delivery.reading import MOST_ROWS
from promostack.tenants.schemas import PageQuery

LetterState = Literal["waiting", "sending", "sent", "failed", "ambiguous", "cancelled"]
_MOST_CHAT = 2**52
Id = Annotated[str, Field(min_length=1, max_length=300, pattern="^[^\\x00]+$")]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LettersQuery(PageQuery):
    """Which page of which messages."""

    limit: int = Field(50, ge=1, le=MOST_ROWS)
    state: Literal["open", "waiting", "sending", "dead", "failed", "ambiguous", "sent", "cancelled"] | None = Field(
        None, description="`open`: waiting or being sent; `dead`: failed or ambiguous"
    )
    kind: Kind | None = Field(None, description="what it is for")
    bot: UUID | None = Field(None, description="only those of one bot")
    chat: int | None = Field(None, ge=-_MOST_CHAT, le=_MOST_CHAT, description="only those to one chat")
    source: str | None = Field(None, max_length=120, pattern="^[^\\x00]*$", description="what caused it: `post:<id>`")


class ParkedQuery(PageQuery):
    """Which page of the updates that were set aside."""

    limit: int = Field(50, ge=1, le=MOST_ROWS)
    bot: UUID | None = Field(None, description="only those of one bot")


class Requeue(_Input):
    """Dead letters that are to be sent once more."""

    ids: list[Id] = Field(min_length=1, max_length=MOST_ROWS, description="as the list says them")
    may_arrive_twice: bool = Field(False, description="true also sends those that may have arrived")


class Chosen(_Input):
    """Messages or updates by their ids."""

    ids: list[Id] = Field(min_length=1, max_length=MOST_ROWS, description="as the list says them")


class LetterAnswer(BaseModel):
    """A message. `why` and `next` say in words what happened and what to do, empty where there is nothing to say."""

    id: str
    bot_id: str
    bot: str
    chat_id: int
    chat: str | None = Field(description="the channel's title, where it is a known one")
    kind: Kind
    method: str = Field(examples=["sendPhoto"])
    text: str = Field(description="its text or caption, at most 200 characters; of private chats for `chats.read` only")
    has_picture: bool
    source: str | None
    state: LetterState
    why: str
    next: str
    may_requeue: bool
    may_cancel: bool
    may_arrive_twice: bool = Field(description="when it is sent once more, or was called more than once")
    tries: int
    due_at: datetime
    created_at: datetime
    finished_at: datetime | None


class LetterPage(BaseModel):
    """A page of messages, the newest first."""

    items: list[LetterAnswer]
    next: str | None


class BotTally(BaseModel):
    """What waits and what failed, for one bot."""

    id: str
    username: str
    state: str
    waiting: int
    later: int
    sending: int
    failed: int
    ambiguous: int
    parked: int


class TallyAnswer(BaseModel):
    """What waits and what failed; a count that has reached `counted_to` stands for that many or more.

    `later` waits for a time more than a minute ahead, `waiting` is due.
    """

    waiting: int
    later: int
    sending: int
    failed: int
    ambiguous: int
    parked: int
    counted_to: int
    bots: list[BotTally]


class DoneAnswer(BaseModel):
    """How many were changed, and how many of them are sent already; the others follow within a minute."""

    changed: int
    sent: int


class ParkedAnswer(BaseModel):
    """An update that failed three times. `may_retry` ends after a day, when nobody expects an answer any more."""

    id: str
    bot_id: str
    bot: str
    kind: Literal["message", "tap", "inline", "membership", "channel", "other"]
    person: int | None
    name: str | None = Field(description="for `chats.read` only")
    text: str = Field(description="for `chats.read` only")
    why: str
    next: str
    tries: int
    may_retry: bool
    received_at: datetime


class ParkedPage(BaseModel):
    """A page of updates that were set aside, the newest first."""

    items: list[ParkedAnswer]
    next: str | None


class RetriedAnswer(BaseModel):
    """How many updates are handed in once more, within a minute."""

    changed: int
