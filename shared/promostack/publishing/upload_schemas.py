"""Input and output of client/uploads."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_BYTES = 10_000_000
_FONTS = ("font/ttf", "font/otf")


class BeginUpload(BaseModel):
    """A file that is about to be sent."""

    model_config = ConfigDict(extra="forbid", strict=True)

    purpose: Literal["logo", "picture", "font"] = Field(description="what the file is for")
    media_type: Literal["image/png", "image/jpeg", "image/webp", "image/svg+xml", "font/ttf", "font/otf"]
    bytes: int = Field(ge=1, le=MOST_BYTES, description="the file's exact size", examples=[48_213])

    @model_validator(mode="after")
    def _type_suits(self) -> "BeginUpload":
        if (self.purpose == "font") != (self.media_type in _FONTS):
            raise ValueError("a font is sent as font/ttf or font/otf, anything else as a picture")
        return self


class TicketAnswer(BaseModel):
    """Where the file goes: one request with this method and these headers, its body the file."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: datetime


class UploadAnswer(BaseModel):
    """The picture made of the file, without its metadata, or the font; its address never shows another one."""

    model_config = ConfigDict(from_attributes=True)

    url: str
    key: str = Field(description="how a template document names it")
    width: int = Field(description="pixels; 0 for a font")
    height: int = Field(description="pixels; 0 for a font")
    media_type: str
    sha256: str
    family: str = Field(default="", description="of a font: how layers name it")
    weights: tuple[int, int] = Field(default=(0, 0), description="of a font: its least and its most weight")


class PictureAnswer(UploadAnswer):
    """A picture of the workspace's library."""

    id: str
    added_at: datetime


class PicturePage(BaseModel):
    """A page of the library, the newest first."""

    items: list[PictureAnswer]
    next: str | None


class FontPage(BaseModel):
    """All fonts of the workspace, by their age."""

    items: list[PictureAnswer]
