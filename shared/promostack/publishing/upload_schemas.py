"""Input and output of client/uploads."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_BYTES = 10_000_000


class BeginUpload(BaseModel):
    """A file that is about to be sent."""

    model_config = ConfigDict(extra="forbid", strict=True)

    purpose: Literal["logo", "picture"] = Field(description="what the picture is for")
    media_type: Literal["image/png", "image/jpeg", "image/webp", "image/svg+xml"]
    bytes: int = Field(ge=1, le=MOST_BYTES, description="the file's exact size", examples=[48_213])


class TicketAnswer(BaseModel):
    """Where the file goes: one request with this method and these headers, its body the file."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: datetime


class UploadAnswer(BaseModel):
    """The picture made of the file, without its metadata; its address never shows another one."""

    model_config = ConfigDict(from_attributes=True)

    url: str
    key: str = Field(description="how a template document names it")
    width: int
    height: int
    media_type: str
    sha256: str


class PictureAnswer(UploadAnswer):
    """A picture of the workspace's library."""

    id: str
    added_at: datetime


class PicturePage(BaseModel):
    """A page of the library, the newest first."""

    items: list[PictureAnswer]
    next: str | None
