"""Ink of laid-out text: outlines by HarfBuzz's rasteriser, colour glyphs by its painter, paths for strokes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from PIL import Image

from promostack.rendering.fonts import Font
from promostack.rendering.geometry import Affine, Path, Rect, scaling
from promostack.rendering.layout import TextLayout
from promostack.rendering.raster import Mask
from promostack.rendering.shape import Glyph

# Turned at twice the size and averaged, an emoji's edges are as sharp as an upright one's.
TURNED_OVERSAMPLING = 2


@dataclass(frozen=True)
class Placed:
    """A glyph with the map from its font's units (y up) to the canvas (y down)."""

    glyph: Glyph
    to_canvas: Affine


@dataclass(frozen=True)
class Picture:
    """An RGBA image whose top left pixel is (x, y) on the canvas."""

    x: int
    y: int
    image: Image.Image


def placed(layout: TextLayout, transform: Affine) -> list[Placed]:
    """All glyphs with ink; glyph 0, the box for characters without a glyph, is left out."""
    found = []
    for line in layout.lines:
        for glyph in line.line.glyphs:
            if glyph.font.extents(glyph.id) is None:
                continue
            k = layout.size / glyph.font.units
            x, y = line.x + glyph.x * layout.size, line.baseline - glyph.y * layout.size
            found.append(Placed(glyph, Affine(k, 0.0, x, 0.0, -k, y).before(transform)))
    return found


def mask(glyphs: Iterable[Placed]) -> Mask | None:
    """Coverage of the outlines of glyphs that are not coloured."""
    import uharfbuzz as hb

    draw = hb.RasterDraw()
    for item in glyphs:
        a, b, c, d, e, f = item.to_canvas
        # HarfBuzz: (xx, yx, xy, yy, dx, dy), y up.
        draw.transform = (a, -d, b, -e, c, -f)
        draw.draw_glyph(item.glyph.font.hb, item.glyph.id)
    image = draw.render()
    extents = image.extents if image else None
    if extents is None or not extents.width or not extents.height:
        return None
    size = (extents.width, extents.height)
    pixels = Image.frombuffer("L", size, image.buffer, "raw", "L", extents.stride, -1)
    return Mask(extents.x_origin, -(extents.y_origin + extents.height), pixels)


def colour_picture(item: Placed) -> Picture | None:
    """A colour glyph (COLRv1) as straight-alpha RGBA."""
    if item.to_canvas.is_upright:
        return _painted(item.glyph.font, item.glyph.id, item.to_canvas)
    # HarfBuzz's painter leaves a turned glyph empty: it is painted upright at twice the size and turned as a picture.
    from promostack.rendering.assets import mapped

    size = TURNED_OVERSAMPLING * hypot(item.to_canvas.a, item.to_canvas.d)
    upright = Affine(size, 0, 0, 0, -size, 0)
    painted = _painted(item.glyph.font, item.glyph.id, upright)
    if painted is None:
        return None
    box = Rect(painted.x, painted.y, painted.image.width, painted.image.height)
    enlarged = upright.inverse().before(item.to_canvas).before(scaling(TURNED_OVERSAMPLING))
    turned = mapped(painted.image, box, enlarged)
    return _averaged(turned) if turned else None


def _averaged(large: Picture) -> Picture:
    """Each pixel the mean of those of `large` that lie in it."""
    factor = TURNED_OVERSAMPLING
    rest_x, rest_y = large.x % factor, large.y % factor
    image = Image.new("RGBa", (large.image.width + rest_x, large.image.height + rest_y))
    image.paste(large.image.convert("RGBa"), (rest_x, rest_y))
    return Picture(large.x // factor, large.y // factor, image.reduce(factor).convert("RGBA"))


def _painted(font: Font, glyph: int, to_canvas: Affine) -> Picture | None:
    """A colour glyph painted without a turn."""
    import uharfbuzz as hb

    left, right, top, bottom = font.extents(glyph) or (0, 0, 0, 0)
    corners = [to_canvas.point(x, y) for x in (left, right) for y in (top, bottom)]
    x0, y0 = int(min(x for x, _ in corners) // 1), int(min(y for _, y in corners) // 1)
    x1, y1 = int(-(-max(x for x, _ in corners) // 1)), int(-(-max(y for _, y in corners) // 1))
    if x1 <= x0 or y1 <= y0:
        return None
    paint = hb.RasterPaint()
    paint.extents = hb.RasterExtents(x0, -y1, x1 - x0, y1 - y0, 0)
    a, b, c, d, e, f = to_canvas
    paint.transform = (a, -d, b, -e, c, -f)
    paint.paint_glyph(font.hb, glyph)
    image = paint.render()
    if image is None:
        return None
    extents = image.extents
    # The painter's pixels are premultiplied.
    pixels = Image.frombuffer("RGBA", (extents.width, extents.height), image.buffer, "raw", "BGRa", extents.stride, -1)
    return Picture(extents.x_origin, -(extents.y_origin + extents.height), pixels)


def canvas_path(glyphs: Iterable[Placed]) -> Path:
    """The outlines of all glyphs, in canvas pixels."""
    path: Path = []
    for item in glyphs:
        point = item.to_canvas.point
        for start, segments in item.glyph.font.outline(item.glyph.id):
            path.append((point(*start), [tuple(point(*p) for p in segment) for segment in segments]))
    return path
