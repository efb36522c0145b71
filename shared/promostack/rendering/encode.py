"""Finished pictures as files: the same pixels give the same bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from promostack.rendering import jpeg, png

Output = Literal["png", "jpeg", "webp"]
MEDIA_TYPES: dict[Output, str] = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


@dataclass
class Kept:
    """What one compiled format keeps of its files."""

    jpeg: jpeg.KeptStrips = field(default_factory=jpeg.KeptStrips)
    png: png.KeptStrips = field(default_factory=png.KeptStrips)


def encode(
    image: Image.Image,
    output: Output,
    *,
    touched: list[tuple[int, int]] | None = None,
    kept: Kept | None = None,
) -> bytes:
    """PNG; JPEG of quality 90 without chroma subsampling (see-through parts on white); WebP of quality 90.

    `touched` and `kept` spare work, see `jpeg` and `png`; the pixels are the same with them and without.
    """
    if output == "jpeg":
        strips = kept.jpeg if kept else None
        return jpeg.encode(image, touched, strips) if image.mode == "RGB" else jpeg.encode(_opaque(image))
    if output == "png" and kept and touched is not None:
        return png.encode(image, touched, kept.png)
    buffer = io.BytesIO()
    if output == "png":
        info = PngInfo()
        info.add(b"sRGB", b"\0")
        image.save(buffer, "PNG", compress_level=3, pnginfo=info)
    else:
        image.save(buffer, "WEBP", quality=90, method=2)
    return buffer.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, (0, 0), image)
    return ground
