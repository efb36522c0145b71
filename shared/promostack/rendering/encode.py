"""Finished pictures as files: the same pixels give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from promostack.rendering import jpeg, png
from promostack.rendering.strips import Rows

Output = Literal["png", "jpeg", "webp"]
MEDIA_TYPES: dict[Output, str] = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


@dataclass
class Kept:
    """Strips of files that pictures have in common."""

    jpeg: jpeg.KeptStrips = field(default_factory=jpeg.KeptStrips)
    png: png.KeptStrips = field(default_factory=png.KeptStrips)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.jpeg.strips.values())) + sum(len(strip.deflated) for strip in self.png.strips.values())


Held = Sequence[tuple[Kept, Rows]]
"""What may be taken over, and the rows painted on since; see `strips`."""


def encode(image: Image.Image, output: Output, *, held: Held = ()) -> bytes:
    """PNG; JPEG of quality 90 without chroma subsampling (see-through parts on white); WebP of quality 90.

    `held` spares work; the pixels are the same with it and without.
    """
    if output == "jpeg":
        if image.mode != "RGB":
            return jpeg.encode(_opaque(image))
        return jpeg.encode(image, [(kept.jpeg, rows) for kept, rows in held])
    if output == "png" and held:
        return png.encode(image, [(kept.png, rows) for kept, rows in held])
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
