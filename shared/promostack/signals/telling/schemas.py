"""What client/signals/telling is asked for, and what it answers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from promostack.tenants.schemas import PageQuery

Weekday = Annotated[int, Field(ge=1, le=5)]


class ChooseTelling(BaseModel):
    """What subscribers read beside the facts. Hours are UTC, days 1 (Monday) to 5 (Friday)."""

    model_config = ConfigDict(extra="forbid")

    writes_lines: bool = True
    lines_a_day: int = Field(20, ge=1, le=500)
    briefs: bool = True
    free_channel: UUID | None = Field(None, description="where one signal a day is shown to everybody")
    promote_from: int = Field(8, ge=0, le=23)
    promote_to: int = Field(16, ge=1, le=24)
    promote_days: list[Weekday] = Field([1, 2, 3, 4, 5], min_length=1, max_length=5)

    @model_validator(mode="after")
    def _window_has_hours(self) -> "ChooseTelling":
        if self.promote_from >= self.promote_to:
            raise ValueError("the hours begin before they end")
        return self


class LinesQuery(PageQuery):
    """Which page of lines."""


class PromotionAnswer(BaseModel):
    """`sending`: what became of its message, null when the outbox no longer keeps it."""

    day: date
    signal: str
    chosen_at: datetime
    ended_at: datetime | None
    sending: str | None


class TellingAnswer(BaseModel):
    """`has_key`: an OpenAI key is connected. `asked_today`: lines asked for on this UTC day."""

    writes_lines: bool
    lines_a_day: int
    briefs: bool
    free_channel: str | None
    promote_from: int
    promote_to: int
    promote_days: list[int]
    has_key: bool
    asked_today: int
    promotions: list[PromotionAnswer]


class FaultAnswer(BaseModel):
    kind: str
    found: str


class LineAnswer(BaseModel):
    """`draft`: what was written; `line`: what stood in the message; `faults`: why the draft did not."""

    signal: str
    asked_at: datetime
    outcome: Literal["asked", "used", "refused", "late", "slow", "down", "busy", "key", "unreadable", "capped"]
    draft: str
    faults: list[FaultAnswer]
    line: str
    took_ms: int | None


class LinePage(BaseModel):
    items: list[LineAnswer]
    next: str | None


class ShownAnswer(BaseModel):
    """`sent` is false when Telegram has not taken it yet; it is tried again."""

    sent: bool
    text: str = Field(description="as it was sent, Telegram's HTML")
