"""Input and output of client/batches."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from promostack.publishing.models import Output

# Two thousand codes of the longest kind, with a column beside each.
LONGEST_LIST = 400_000
LEFT_OUT_SHOWN = 50

Name = Annotated[str, StringConstraints(max_length=100)]


class AskBatch(BaseModel):
    """Pictures of many codes of one template."""

    model_config = ConfigDict(extra="forbid", strict=True)

    template: str = Field(max_length=100, description="the template's slug")
    formats: list[Name] = Field(min_length=1, max_length=16, description="names of the template's formats")
    codes: str = Field(
        max_length=LONGEST_LIST,
        description="CSV text; the codes stand in its first column, a heading `code` is passed over",
        examples=["code\nSAVE-1\nSAVE-2\n"],
    )
    fields: dict[str, str] = Field({}, max_length=50)
    output: Output = "jpeg"
    scale: int = Field(1, ge=1, le=2, description="pixels for each pixel of the format")
    logo: bool = Field(True, description="false leaves the tenant's logo out")


class LeftOutAnswer(BaseModel):
    """A row of the list without a picture, and why."""

    model_config = ConfigDict(from_attributes=True)

    row: int
    text: str
    reason: str


class BatchAnswer(BaseModel):
    """How far a batch is. `left_out` shows the first rows; the manifest in the archive has them all."""

    id: str
    state: Literal["waiting", "running", "done", "failed", "cancelled", "expired"]
    template: str
    formats: list[str]
    output: Output
    scale: int
    codes_total: int
    codes_done: int
    pictures: int
    left_out: list[LeftOutAnswer]
    left_out_total: int
    bytes: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


class BatchesAnswer(BaseModel):
    """The latest batches, the newest first."""

    items: list[BatchAnswer]


class BatchLink(BaseModel):
    """An archive, and where it can be fetched for ten minutes."""

    url: str
    bytes: int
    sha256: str


class BatchLinks(BaseModel):
    """The archives of a batch."""

    batch: BatchAnswer
    links: list[BatchLink]
