"""Pictures that a template names: loading, fitting into boxes."""

from __future__ import annotations

from typing import Literal, Protocol

from PIL import Image

from promostack.core.errors import PromoError
from promostack.rendering.geometry import Affine, Rect
from promostack.rendering.glyphs import Picture

# What the path rasteriser can tell from nothing; smaller boxes hold nothing.
SMALLEST_PX = 1 / 64


class AssetMissing(PromoError):
    """There is nothing under the key."""

    status = 503
    code = "asset_missing"

    def __init__(self, key: str) -> None:
        super().__init__(f"The asset '{key}' is missing.")
        self.key = key


class AssetSource(Protocol):
    """Where assets come from; `load` raises AssetMissing."""

    def load(self, key: str) -> bytes: ...


def covering(image: Image.Image, width: int, height: int) -> Image.Image:
    """Scaled to cover the size, cut at its centre."""
    if image.size == (width, height):
        return image
    factor = max(width / image.width, height / image.height)
    cut_x, cut_y = (image.width - width / factor) / 2, (image.height - height / factor) / 2
    box = (
        max(0.0, cut_x),
        max(0.0, cut_y),
        min(image.width, image.width - cut_x),
        min(image.height, image.height - cut_y),
    )
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box)


def placed(image: Image.Image, box: Rect, fit: Literal["cover", "contain"], to_canvas: Affine) -> Picture | None:
    """The image in its box (format pixels), on the canvas."""
    scale = to_canvas.scale
    if fit == "contain":
        factor = min(box.width / image.width, box.height / image.height)
        width, height = image.width * factor, image.height * factor
        box = Rect(box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height)
    size = max(1, round(box.width * scale)), max(1, round(box.height * scale))
    fitted = covering(image if image.mode == "RGBA" else image.convert("RGBA"), *size)
    return mapped(fitted, box, to_canvas)


def mapped(image: Image.Image, box: Rect, to_canvas: Affine) -> Picture | None:
    """An image spread over `box` (format pixels), on the canvas; whole pixels are copied, others interpolated."""
    if min(box.width, box.height) < SMALLEST_PX:
        return None
    # The map from the image's pixels to the canvas.
    spread = Affine(box.width / image.width, 0, box.x, 0, box.height / image.height, box.y).before(to_canvas)
    near = round(spread.c), round(spread.f)
    whole = abs(spread.c - near[0]) < 1e-3 and abs(spread.f - near[1]) < 1e-3
    if to_canvas.is_upright and whole and abs(spread.a - 1) < 1e-3 and abs(spread.e - 1) < 1e-3:
        return Picture(*near, image)
    corners = [spread.point(x, y) for x in (0, image.width) for y in (0, image.height)]
    left, top = int(min(x for x, _ in corners) // 1), int(min(y for _, y in corners) // 1)
    right, bottom = int(-(-max(x for x, _ in corners) // 1)), int(-(-max(y for _, y in corners) // 1))
    if right <= left or bottom <= top:
        return None
    # A see-through rim of one pixel lets the interpolation soften the edges.
    padded = Image.new("RGBa", (image.width + 2, image.height + 2))
    padded.paste(image.convert("RGBa"), (1, 1))
    back = Affine(1, 0, left, 0, 1, top).before(spread.inverse())
    back = Affine(back.a, back.b, back.c + 1, back.d, back.e, back.f + 1)
    turned = padded.transform(
        (right - left, bottom - top), Image.Transform.AFFINE, tuple(back), Image.Resampling.BICUBIC
    )
    return Picture(left, top, turned.convert("RGBA"))
