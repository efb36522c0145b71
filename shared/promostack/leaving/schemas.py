"""Input and output of client/leaving."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Close(_Input):
    """The end of a workspace: its name is typed, so that nobody ends one by a slip."""

    name: str = Field(min_length=1, max_length=1_000, examples=["Golden Hour Trading"])


class ErasePerson(_Input):
    """Somebody who wrote to a bot and wants to be forgotten."""

    person: int = Field(gt=0, lt=2**52, description="Telegram's number of the person", examples=[7310000001])


class ExportAnswer(_Told):
    """An export: `waiting`, `running` with how far it is, `done` until it expires."""

    id: str
    state: Literal["waiting", "running", "done", "failed", "expired"]
    created_at: datetime
    rows_done: int
    files_done: int
    files_total: int | None = Field(description="null until all rows are written")
    bytes: int = Field(description="of all its archives")
    finished_at: datetime | None
    expires_at: datetime | None


class LinkAnswer(BaseModel):
    """One archive of an export."""

    url: str = Field(description="good for ten minutes")
    bytes: int
    sha256: str


class LinksAnswer(BaseModel):
    """The archives of an export, in order; the manifest is in the last one."""

    export: ExportAnswer
    links: list[LinkAnswer]


class ErasureAnswer(_Told):
    """A request to forget somebody. Who it was is not told again."""

    id: str
    state: Literal["waiting", "done"]
    asked_at: datetime
    finished_at: datetime | None


class LeavingAnswer(BaseModel):
    """What becomes of the workspace: `erase_at` is null unless it is to be deleted."""

    name: str
    erase_at: datetime | None
    exports: list[ExportAnswer]
    erasures: list[ErasureAnswer]
