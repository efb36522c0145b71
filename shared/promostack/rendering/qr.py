"""QR codes as pictures of whole modules."""

from __future__ import annotations

import io
import math

from PIL import Image

from promostack.core.errors import Unprocessable
from promostack.rendering import colour
from promostack.rendering.geometry import Rect
from promostack.templates.document import QrLayer

# ISO/IEC 18004: four light modules around the code.
_QUIET = 4
_PNG_SIDE_PX = 600


class QrTooLong(Unprocessable):
    """The text does not fit the largest QR code of its level."""

    code = "qr_too_long"


def matrix(text: str, level: str) -> list[bytes]:
    """Rows of 0 (light) and 1 (dark) without quiet zone. UTF-8 bytes, smallest version, best mask.

    Raises QrTooLong.
    """
    import segno

    try:
        code = segno.make(text, error=level, mode="byte", encoding="utf-8", eci=False, micro=False, boost_error=False)
    except segno.DataOverflowError as error:
        raise QrTooLong(f"A QR code of level {level.upper()} cannot hold {len(text)} characters.") from error
    return [bytes(row) for row in code.matrix]


def as_png(text: str) -> tuple[bytes, int]:
    """(a PNG of black modules on white with the quiet zone of four, its side in pixels). Raises QrTooLong."""
    rows = matrix(text, "m")
    side = len(rows) + 2 * _QUIET
    module = max(1, round(_PNG_SIDE_PX / side))
    image = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                image.putpixel((x + _QUIET, y + _QUIET), 0)
    grown = image.resize((side * module, side * module), Image.Resampling.NEAREST)
    file = io.BytesIO()
    grown.save(file, "PNG", optimize=True)
    return file.getvalue(), grown.width


def picture(layer: QrLayer, text: str, scale: int) -> tuple[Image.Image, Rect, Rect]:
    """The modules, where they go, and the square of the light ground, both in format pixels.

    A module is a whole number of format pixels when the box has room for one pixel a module.
    """
    rows = matrix(text, layer.level)
    count = len(rows)
    side = min(layer.width, layer.height)
    ground = Rect(layer.x + (layer.width - side) / 2, layer.y + (layer.height - side) / 2, side, side)
    module = side / (count + 2 * layer.quiet)
    if module >= 1:
        module = math.floor(module)
    size = module * count
    box = Rect(_whole(ground.x + (side - size) / 2), _whole(ground.y + (side - size) / 2), size, size)
    shape = Image.new("L", (count, count))
    shape.putdata([255 * bit for row in rows for bit in row])
    pixels = max(1, round(size * scale))
    dark = colour.rgba(layer.dark)
    image = Image.new("RGBA", (pixels, pixels), (*dark[:3], 0))
    grown = shape.resize((pixels, pixels), Image.Resampling.NEAREST)
    image.putalpha(grown.point([round(value * dark[3] / 255) for value in range(256)]))
    return image, box, ground


def _whole(value: float) -> float:
    return math.floor(value)
