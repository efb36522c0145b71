"""Colours and gradients."""

from __future__ import annotations

import itertools
import math
from functools import lru_cache

from PIL import Image, ImageMath

from promostack.rendering.geometry import Affine, Rect
from promostack.templates.document import Gradient

Rgba = tuple[int, int, int, int]
Stops = tuple[tuple[float, str], ...]
_STEPS = 2048
_EDGE = 512


@lru_cache(maxsize=1024)
def rgba(colour: str) -> Rgba:
    """`#RGB`, `#RRGGBB`, `#RRGGBBAA` as four bytes."""
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    values = bytes.fromhex(digits)
    return values[0], values[1], values[2], values[3] if len(values) == 4 else 255


def is_opaque(fill: str | Gradient) -> bool:
    colours = [fill] if isinstance(fill, str) else [stop.color for stop in fill.stops]
    return all(rgba(colour)[3] == 255 for colour in colours)


def gradient_image(gradient: Gradient, box: Rect, to_canvas: Affine, area: tuple[int, int, int, int]) -> Image.Image:
    """RGBA of the gradient over `box` (format pixels), for the canvas pixels of `area` (left, top, right, bottom)."""
    size = (area[2] - area[0], area[3] - area[1])
    back = Affine(1, 0, area[0], 0, 1, area[1]).before(to_canvas.inverse())
    if gradient.kind == "linear":
        return _linear(gradient, box, back, size)
    return _radial(gradient, box, back, size)


def _linear(gradient: Gradient, box: Rect, back: Affine, size: tuple[int, int]) -> Image.Image:
    """CSS: the line through the centre is just long enough for the corners to get the end colours."""
    sin, cos = math.sin(math.radians(gradient.angle)), math.cos(math.radians(gradient.angle))
    length = abs(box.width * sin) + abs(box.height * cos) or 1.0
    x, y = box.x + box.width / 2, box.y + box.height / 2
    along = Affine(sin / length, -cos / length, 0.5 - (x * sin - y * cos) / length, 0, 0, 0)
    a, b, c, *_ = back.before(along)
    return _strip(tuple((stop.at, stop.color) for stop in gradient.stops)).transform(
        size,
        Image.Transform.AFFINE,
        (a * _STEPS, b * _STEPS, c * _STEPS + _EDGE, 0, 0, 1.5),
        Image.Resampling.BILINEAR,
    )


@lru_cache(maxsize=64)
def _strip(stops: Stops) -> Image.Image:
    """The colours along a gradient, and a little beyond its ends for areas that round up to whole pixels."""
    row = Image.new("RGBA", (_STEPS + 2 * _EDGE, 1))
    row.putdata([_at(stops, (i + 0.5 - _EDGE) / _STEPS) for i in range(_STEPS + 2 * _EDGE)])
    return row.resize((row.width, 3), Image.Resampling.NEAREST)


def _radial(gradient: Gradient, box: Rect, back: Affine, size: tuple[int, int]) -> Image.Image:
    """Distance from the centre in 256 steps, then a table per channel."""
    x, y = box.x + gradient.center[0] * box.width, box.y + gradient.center[1] * box.height
    reach = gradient.radius * math.hypot(box.width, box.height) / 2 or 1.0
    u = _plane(back.a, back.b, back.c - x, size)
    v = _plane(back.d, back.e, back.f - y, size)
    far = ImageMath.lambda_eval(
        lambda args: args["convert"](
            args["min"]((args["u"] ** 2 + args["v"] ** 2) ** 0.5 * (255 / reach) + 0.5, 255.0), "L"
        ),
        u=u,
        v=v,
    )
    stops = tuple((stop.at, stop.color) for stop in gradient.stops)
    tables = zip(*(_at(stops, i / 255) for i in range(256)), strict=True)
    return Image.merge("RGBA", [far.point(list(table)) for table in tables])


def _plane(a: float, b: float, c: float, size: tuple[int, int]) -> Image.Image:
    """a·x + b·y + c at each pixel's centre, mode F."""
    row = Image.new("F", (size[0], 1))
    row.putdata([a * (x + 0.5) + c for x in range(size[0])])
    column = Image.new("F", (1, size[1]))
    column.putdata([b * (y + 0.5) for y in range(size[1])])
    wide, high = row.resize(size, Image.Resampling.NEAREST), column.resize(size, Image.Resampling.NEAREST)
    plane: Image.Image = ImageMath.lambda_eval(lambda args: args["wide"] + args["high"], wide=wide, high=high)
    return plane


def _at(stops: Stops, position: float) -> Rgba:
    """The colour at a position, straight alpha, between its stops in proportion."""
    if position <= stops[0][0]:
        return rgba(stops[0][1])
    for (start, first), (end, second) in itertools.pairwise(stops):
        if position <= end:
            share = (position - start) / (end - start) if end > start else 1.0
            mixed = [round(p + (q - p) * share) for p, q in zip(rgba(first), rgba(second), strict=True)]
            return mixed[0], mixed[1], mixed[2], mixed[3]
    return rgba(stops[-1][1])
