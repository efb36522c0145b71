"""Finished pictures as files: the same pixels give the same bytes."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from promostack.rendering import jpeg

Output = Literal["png", "jpeg", "webp"]
MEDIA_TYPES: dict[Output, str] = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


def encode(
    image: Image.Image,
    output: Output,
    *,
    touched: list[tuple[int, int]] | None = None,
    kept: jpeg.KeptStrips | None = None,
) -> bytes:
    """PNG; JPEG of quality 90 without chroma subsampling (see-through parts on white); WebP of quality 90.

    `touched` and `kept` only spare work, see `jpeg`.
    """
    if output == "jpeg":
        return jpeg.encode(image, touched, kept) if image.mode == "RGB" else jpeg.encode(_opaque(image))
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
