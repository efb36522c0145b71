"""Input and output of client/bots."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from promostack.telegram.bot_health import Fix, Status

GroupAnswer = Literal["polite", "silent"]


class _Input(BaseModel):
    # A refused token must not come back in the answer or stand in a log.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class GiveToken(_Input):
    """A bot's new token, as @BotFather shows it."""

    token: str = Field(max_length=200, repr=False, examples=["7310000001:AAF0…"])


class ChangeBot(_Input):
    """How a bot behaves."""

    group_answer: GroupAnswer = Field(
        description="spoken to in a group: `polite` leads into the private chat, `silent` says nothing"
    )


class HealthAnswer(BaseModel):
    """`problem` and `next` are sentences for the owner; `fix` names the control that does what `next` says."""

    model_config = ConfigDict(from_attributes=True)

    status: Status
    problem: str | None
    next: str | None
    fix: Fix | None


class LostChannel(BaseModel):
    """A channel in which the bot may not post; `link` connects it again."""

    title: str
    problem: str
    link: str


class WebhookAnswer(BaseModel):
    """What Telegram said when it was asked last; `checked_at` null: never."""

    checked_at: datetime | None
    pending: int | None = Field(description="updates that wait at Telegram")
    problem: str | None


class BotAnswer(BaseModel):
    """A bot. Counts stop at 1001, which means more than a thousand."""

    id: str
    username: str
    state: Literal["active", "paused", "suspended"]
    paused_reason: str | None
    health: HealthAnswer
    webhook: WebhookAnswer
    waiting: int = Field(description="messages that are due and have not gone out")
    dead: int = Field(description="messages that failed, or of which nobody knows whether they arrived")
    parked: int = Field(description="updates that nothing could be done with")
    channels: int
    lost_channels: list[LostChannel]
    group_answer: GroupAnswer
    created_at: datetime


class BotList(BaseModel):
    """By name; there are few, so there is one page."""

    items: list[BotAnswer]


class RateAnswer(BaseModel):
    """What the bot sends now. `seconds`: messages sent in each of the last 60 seconds, the latest last."""

    per_s: float
    in_last_minute: int
    waiting: int
    closed_s: float = Field(description="for how long Telegram asked the bot to wait")
    seconds: list[int]


class LineAnswer(BaseModel):
    """A message of a chat, `in` from the person or `out` from a bot."""

    model_config = ConfigDict(from_attributes=True)

    direction: Literal["in", "out"]
    at: datetime
    bot_id: str
    bot: str
    what: str = Field(description="`text`, `button`, `picture`, `file`, or what else it was")
    text: str
    state: str
    error: str | None
    kind: str | None
    finished_at: datetime | None


class LinePage(BaseModel):
    """Newest first."""

    items: list[LineAnswer]
    next: str | None
