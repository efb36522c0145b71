"""Finished pictures as files: the same pixels give the same bytes."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image
from PIL.PngImagePlugin import PngInfo

Output = Literal["png", "jpeg", "webp"]
MEDIA_TYPES: dict[Output, str] = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


def encode(image: Image.Image, output: Output) -> bytes:
    """PNG; JPEG of quality 90 without chroma subsampling (see-through parts on white); WebP of quality 90."""
    buffer = io.BytesIO()
    if output == "png":
        info = PngInfo()
        info.add(b"sRGB", b"\0")
        image.save(buffer, "PNG", compress_level=3, pnginfo=info)
    elif output == "jpeg":
        _opaque(image).save(buffer, "JPEG", quality=90, subsampling=0)
    else:
        image.save(buffer, "WEBP", quality=90, method=2)
    return buffer.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, (0, 0), image)
    return ground
