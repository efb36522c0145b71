"""Templates as the services hand them on; the document itself is `document.py`."""

from dataclasses import dataclass
from typing import Any, Literal

# Where a template can be shown: the public gallery, or the Telegram bot.
Channel = Literal["web", "bot"]


@dataclass(frozen=True)
class FormatSize:
    """A format and its size in pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True)
class GalleryItem:
    """What a gallery needs to know of a published template."""

    template_id: str
    version_id: str
    slug: str
    name: str
    position: int
    formats: tuple[FormatSize, ...]
    thumbnail_key: str | None


@dataclass(frozen=True)
class Published:
    """The published version of a template: `document` is a version 2 document as plain JSON, not to be changed."""

    template_id: str
    version_id: str
    number: int
    slug: str
    name: str
    document: dict[str, Any]
