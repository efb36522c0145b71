"""Input and output of client/analytics."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from promostack.analytics.models import FunnelName, Unit


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class DaysQuery(BaseModel):
    """Which days, of which bot. Days are those of the tenant's time zone; at most 366, by hour at most 31."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = Field(None, description="the first day", examples=["2026-11-01"])
    until: date | None = Field(None, description="the last day, included", examples=["2026-11-30"])
    days: int = Field(30, ge=1, le=366, description="without `since` and `until`: so many days up to today")
    unit: Unit = "day"
    bot: UUID | None = Field(None, description="one bot only, by its id")


class ReportQuery(DaysQuery):
    """Which figures."""

    compare: Literal["previous"] | None = Field(None, description="with the same number of days before")


class SummaryAnswer(_Told):
    """Totals. `generations` are pictures made, `users` distinct people with any step, the rest are steps."""

    generations: int
    users: int
    failed: int
    valid: int
    invalid: int
    unknown: int
    files: int
    success_rate: float | None = Field(description="pictures made of pictures asked for, 0 to 1")


class PointAnswer(_Told):
    """One hour or day of the series, by its start."""

    at: datetime
    generations: int
    users: int
    failed: int


class ShareAnswer(_Told):
    """A template, format or code."""

    name: str
    generations: int
    users: int


class FailureAnswer(_Told):
    """Why pictures were not made."""

    error: str
    times: int


class BadCodeAnswer(_Told):
    """A code that was refused (`invalid`) or that nobody could check (`unknown`)."""

    code: str
    outcome: Literal["invalid", "unknown"]
    times: int
    users: int
    last_at: datetime


class RetentionAnswer(_Told):
    """Of the people first seen in these days for whom day `day` is over, those who came back on that day."""

    day: int
    people: int
    returned: int


class FunnelStepAnswer(_Told):
    """Of the people first seen in these days, those who took this step and all before it, within these days.

    `met` wrote to a bot, `asked` sent a code, `valid` had one that works, `pictured` got a picture, `taken` took it
    further: as a file, as a QR code, or into a channel.
    """

    step: FunnelName
    people: int


class PersonAnswer(_Told):
    """Somebody who used a bot, by his Telegram id."""

    user_id: int
    generations: int
    steps: int
    last_at: datetime


class NamedBotAnswer(_Told):
    """A bot to choose."""

    id: str
    username: str


class ComparedAnswer(_Told):
    """The days before."""

    since: date
    until: date
    summary: SummaryAnswer
    series: list[PointAnswer]


class ReportAnswer(_Told):
    """Every figure of the days asked for. The heat map has 7 rows, Monday first, of 24 hours; lists have ten lines."""

    zone: str
    since: date
    until: date
    unit: Unit
    bot: str | None
    bots: list[NamedBotAnswer]
    summary: SummaryAnswer
    series: list[PointAnswer]
    heat_map: list[list[int]]
    templates: list[ShareAnswer]
    formats: list[ShareAnswer]
    codes: list[ShareAnswer]
    failures: list[FailureAnswer]
    bad_codes: list[BadCodeAnswer]
    retention: list[RetentionAnswer]
    funnel: list[FunnelStepAnswer]
    people: list[PersonAnswer]
    previous: ComparedAnswer | None


class StepAnswer(_Told):
    """One step of a person's; `ms` is how long we took to answer."""

    id: int
    at: datetime
    kind: str
    template: str | None
    format: str | None
    code: str | None
    error: str | None
    ms: int | None


class StepPage(BaseModel):
    """The latest steps first."""

    items: list[StepAnswer]
    next: str | None


class StoredAnswer(_Told):
    """Files of one kind."""

    files: int
    bytes: int


class BotStateAnswer(_Told):
    """A bot of the tenant's; `problem` is a sentence, null when it works."""

    username: str
    state: str = Field(examples=["active", "paused", "suspended"])
    status: Literal["ok", "attention", "broken"]
    problem: str | None
    checked_at: datetime | None


class TenantUsageAnswer(_Told):
    """How much a tenant uses the product, and how its bots are."""

    days: int = Field(description="of `sent`, `pictures` and `people`")
    update_hours: int = Field(description="of `updates`")
    sent: int
    failed: int = Field(description="messages that did not go out, or nobody knows whether; all that are kept")
    waiting: int
    waiting_since: datetime | None = Field(description="when the oldest of those that wait was due")
    updates: int
    updates_waiting: int
    updates_parked: int
    pictures: int
    people: int
    used_at: datetime | None = Field(description="a customer's latest step")
    changed_at: datetime | None = Field(description="the latest change by the tenant's own people")
    stored_pictures: StoredAnswer
    stored_uploads: StoredAnswer
    stored_exports: StoredAnswer
    bots: list[BotStateAnswer]
