"""What the public record is asked for, and what it answers."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class RecordQuery(BaseModel):
    """Whose record."""

    model_config = ConfigDict(extra="forbid")

    tenant: str = Field(min_length=1, max_length=100, description="the tenant's slug", examples=["demo"])


class ExportQuery(RecordQuery):
    """Which page: the rows after that number."""

    after: int = Field(0, ge=0, description="the number of the last row of the page before")


class RecordTenant(BaseModel):
    """Whose record it is."""

    slug: str
    name: str


class RecordAnswer(BaseModel):
    """Figures of the closed signals after costs, and every signal whose life is over; numbers are exact texts."""

    tenant: RecordTenant
    head: str = Field(description="the chain's newest hash, as the recaps post it")
    public_head: str = Field(description="the hash of the last row that the export holds")
    rows: int
    plans: int = Field(description="that passed the checks, kept back ones too")
    kept_back: int = Field(description="those of them that were not published")
    since: str | None = Field(description="the close of the bar of the first plan")
    statistics: dict[str, Any]
    random_entries: dict[str, Any] | None = Field(
        description="what the same stops and targets earn at random bars of the same weeks; null until it is found"
    )
    equity_r: list[tuple[str, str]] = Field(description="closing time and running sum of net R")
    signals: list[dict[str, Any]] = Field(description="the newest first, with plan, fate, events, messages and result")
    note: str
