"""How well a text stands out: WCAG contrast with what lies behind it, and the least that brings it up to a wanted one.

Decision 0004, §10; `web/shared/render/draw/contrast.js` is the same in the browser.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from promostack.rendering import colour
from promostack.rendering.geometry import Affine, Rect, rotated
from promostack.rendering.layout import PlacedLine, TextLayout
from promostack.templates.document import Contrast, Fill, Format, Gradient, Pill, Stroke, TextLayer

# Specks of the ground count no more than this share.
_PASSED_OVER_PER_CENT = 5
_SMALLEST_CELL_PX = 8
_SCRIM_STEPS = 20
_HALO_EM = 1 / 16
_NEGLIGIBLE_PX = 0.01
_BLACK, _WHITE = (0.0, 0.0, 0.0), (255.0, 255.0, 255.0)

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Paint:
    """Red, green and blue from 0 to 255; `alpha` from 0 to 1."""

    rgb: Rgb
    alpha: float


@dataclass(frozen=True)
class Finding:
    """`contrast` with the correction, rounded down to hundredths; None over a see-through ground and for emoji."""

    contrast: float | None = None
    fix: Pill | Stroke | None = None


UNKNOWN = Finding()


def judge(image: Image.Image, layer: TextLayer, layout: TextLayout, to_canvas: Affine, *, has_pill: bool) -> Finding:
    """The text's contrast with `image`, painted up to the layer's pill, or (`has_pill` False) up to the layer."""
    paints = _paints_of_text(layer, layout)
    cells = _cells(image, layout, to_canvas)
    if not paints or not cells:
        return UNKNOWN
    if layer.background and not has_pill:
        cells = [_mixed(cell, paint) for paint in _paints(layer.background.color, layer.opacity) for cell in cells]
    found = _typical(cells, paints)
    halo = layer.stroke
    if halo and halo.width >= layout.size * _HALO_EM and colour.rgba(halo.color)[3] == 255:
        found = max(found, _typical([_rgb(halo.color)], paints))
    if layer.contrast is None or found >= layer.contrast.least:
        return Finding(_hundredths(found))
    return _corrected(found, cells, paints, layout.size, layer.contrast)


def line_box(line: PlacedLine, size: float, to_canvas: Affine) -> tuple[float, float, float, float] | None:
    """The upright box around a line's ink on the canvas; None without ink."""
    top, bottom = line.line.top, line.line.bottom
    if top is None or bottom is None:
        return None
    left, right = line.x + line.line.left * size, line.x + line.line.right * size
    high, low = line.baseline - top * size, line.baseline - bottom * size
    corners = [to_canvas.point(x, y) for x in (left, right) for y in (high, low)]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def reaches_beyond(layer: TextLayer, layout: TextLayout, fix: Pill | Stroke | None, shape: Format) -> bool:
    """Whether ink, stroke included, lies outside the picture."""
    stroke = fix if isinstance(fix, Stroke) else layer.stroke
    pen = stroke.width / 2 if stroke else 0.0
    to_format = rotated(Rect(layer.x, layer.y, layer.width, layer.height), layer.rotation, 1)
    boxes = [box for line in layout.lines if (box := line_box(line, layout.size, to_format))]
    return any(
        min(left, top) - pen < -_NEGLIGIBLE_PX
        or right + pen > shape.width + _NEGLIGIBLE_PX
        or bottom + pen > shape.height + _NEGLIGIBLE_PX
        for left, top, right, bottom in boxes
    )


def _corrected(found: float, cells: Sequence[Rgb], paints: Sequence[Paint], size: float, wish: Contrast) -> Finding:
    """By black or white, whichever stands out more from the text; UNKNOWN's contrast never comes here."""
    black, white = _typical([_BLACK], paints), _typical([_WHITE], paints)
    shade, digits = (_BLACK, "#000000") if black >= white else (_WHITE, "#FFFFFF")
    if wish.fix == "stroke":
        best = max(black, white)
        stroke = Stroke(color=digits, width=wish.width) if best > found else None
        return Finding(_hundredths(max(best, found)), stroke)
    alpha, reached = 0, found
    for step in range(1, _SCRIM_STEPS + 1):
        after = _typical([_mixed(cell, Paint(shade, step / _SCRIM_STEPS)) for cell in cells], paints)
        if after > reached:
            alpha, reached = step, after
        if reached >= wish.least:
            break
    if alpha == 0:
        return Finding(_hundredths(found))
    reach = size / 4
    veil = f"{digits}{math.floor(255 * alpha / _SCRIM_STEPS + 0.5):02X}"
    return Finding(_hundredths(reached), Pill(color=veil, radius=reach, padding=(reach, reach), fit="text"))


def _cells(image: Image.Image, layout: TextLayout, to_canvas: Affine) -> list[Rgb]:
    """Mean colours of squares of a quarter of the size, over the boxes of the lines; none where it is see-through."""
    scale = round(to_canvas.scale)
    side = scale * max(_SMALLEST_CELL_PX, math.floor(layout.size / 4 + 0.5))
    cells: list[Rgb] = []
    for line in layout.lines:
        box = line_box(line, layout.size, to_canvas)
        if box is None:
            continue
        left, top = (max(0, scale * math.floor(edge / scale)) for edge in box[:2])
        right = min(image.width, scale * math.ceil(box[2] / scale))
        bottom = min(image.height, scale * math.ceil(box[3] / scale))
        if left >= right or top >= bottom:
            continue
        part = image.crop((left, top, right, bottom))
        if part.mode == "RGBA":
            if min(part.getchannel("A").tobytes()) < 255:
                return []
            part = part.convert("RGB")
        cells += _pixels(part.reduce(side))
    return cells


def _pixels(image: Image.Image) -> list[Rgb]:
    data = image.tobytes()
    return [(float(data[i]), float(data[i + 1]), float(data[i + 2])) for i in range(0, len(data), 3)]


def _paints_of_text(layer: TextLayer, layout: TextLayout) -> list[Paint]:
    """What the glyphs are filled with, of gradients each stop."""
    spans = {glyph.span for line in layout.lines for glyph in line.line.glyphs if not glyph.font.colour}
    fills = [(layer.spans[span].fill if layer.spans else None) or layer.fill for span in sorted(spans)]
    return [paint for fill in fills for paint in _paints(fill, layer.opacity)]


def _paints(fill: Fill, opacity: float) -> list[Paint]:
    colours = [stop.color for stop in fill.stops] if isinstance(fill, Gradient) else [fill]
    return [Paint(_rgb(one), colour.rgba(one)[3] / 255 * opacity) for one in colours]


def _rgb(digits: str) -> Rgb:
    red, green, blue, _ = colour.rgba(digits)
    return float(red), float(green), float(blue)


def _typical(cells: Sequence[Rgb], paints: Sequence[Paint]) -> float:
    """The contrast that all but the worst cells reach, each with the paint that stands out least."""
    inks = [(paint, luminance(paint.rgb)) for paint in paints]
    known = {cell: _least_ratio(cell, inks) for cell in dict.fromkeys(cells)}
    ratios = sorted(known[cell] for cell in cells)
    return ratios[len(ratios) * _PASSED_OVER_PER_CENT // 100]


def _least_ratio(cell: Rgb, inks: Sequence[tuple[Paint, float]]) -> float:
    ground = luminance(cell)
    found = 21.0
    for paint, own in inks:
        ink = own if paint.alpha == 1 else luminance(_mixed(cell, paint))
        found = min(found, (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05))
    return found


def luminance(rgb: Rgb) -> float:
    """Relative luminance by WCAG 2.2."""
    red, green, blue = (_linear(value / 255) for value in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _mixed(cell: Rgb, paint: Paint) -> Rgb:
    red, green, blue = (under + (over - under) * paint.alpha for under, over in zip(cell, paint.rgb, strict=True))
    return red, green, blue


def _hundredths(value: float) -> float:
    return math.floor(100 * value + 1e-9) / 100
