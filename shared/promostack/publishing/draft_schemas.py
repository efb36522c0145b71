"""Input and output of client/editor."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class OfRevision(BaseModel):
    """Which draft is meant: the revision that the caller has seen last, 0 when there was none yet."""

    model_config = ConfigDict(extra="forbid", strict=True)

    revision: int = Field(ge=0, lt=2**31, examples=[3])


class SaveDraft(OfRevision):
    """The whole template document (version 2), and the revision that it was made from."""

    document: dict[str, Any]


class NewTemplate(BaseModel):
    """The whole document of a template that does not exist yet; one of version 1 is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    document: dict[str, Any]


class BrandTemplate(BaseModel):
    """A template of the workspace's own logo and these colours, in three formats."""

    model_config = ConfigDict(extra="forbid", strict=True)

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=63, examples=["spring"])
    name: str = Field(min_length=1, max_length=80, examples=["Spring"])
    background: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$", examples=["#0B1739"])
    accent: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$", examples=["#8B7BFF"])


class DraftAnswer(BaseModel):
    """What an editor starts from; `document` is the published one while nothing is changed."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    document: dict[str, Any]
    revision: int
    number: int | None = Field(description="the published version's number")
    is_changed: bool = Field(description="there is a draft that is not published")
    saved_at: datetime | None
    saved_by: str | None


class SavedAnswer(BaseModel):
    """The draft's new revision, which the next save names."""

    revision: int
    saved_at: datetime


class PublishedAnswer(BaseModel):
    """The version that pictures are made of from now on, and the revision that the next save names."""

    number: int
    revision: int


class VersionDocument(BaseModel):
    """The document of one version, as it was published."""

    number: int
    document: dict[str, Any]
