"""An order for a picture, and the picture as it was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Output = Literal["png", "jpeg", "webp"]


@dataclass(frozen=True)
class RenderOrder:
    """What is to be rendered: a template's slug, one of its formats, the code as it was typed, public fields.

    `scale` is 1 or 2 pixels for each pixel of the format.
    """

    template: str
    format: str
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    output: Output = "jpeg"
    scale: int = 1
    with_logo: bool = True


@dataclass(frozen=True)
class Rendered:
    """A published picture: `width` and `height` in pixels, `bytes` its size, `cached` when it was there before."""

    object_key: str
    url: str
    sha256: str
    bytes: int
    width: int
    height: int
    media_type: str
    cached: bool


@dataclass(frozen=True)
class Ticket:
    """Leave to put one file: `headers` go with it, `expires_at` is aware UTC."""

    id: str
    url: str
    headers: Mapping[str, str]
    expires_at: datetime
    method: str = "PUT"


@dataclass(frozen=True)
class PublishedUpload:
    """What was made of an uploaded file, where everyone may read it; `key` names it in documents.

    A picture has a size in pixels, a font a family and its least and most weight.
    """

    url: str
    key: str
    media_type: str
    sha256: str
    width: int = 0
    height: int = 0
    family: str = ""
    weights: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class LibraryPicture:
    """A picture that a tenant draws its templates with, or a font that it sets them in."""

    id: str
    finished_at: datetime
    picture: PublishedUpload
