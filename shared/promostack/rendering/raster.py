"""Anti-aliased coverage of paths and their strokes, by FreeType's rasteriser and stroker (exact areas, 1/64 px)."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops

from promostack.rendering.geometry import Affine, Path, Rect, ellipse

# FreeType counts an outline's points in 16 bits; strokes of long texts are put together from several outlines.
_MOST_POINTS = 12_000
_ON, _CONIC, _CUBIC = 1, 0, 2
_TAGS = {1: (_ON,), 2: (_CONIC, _ON), 3: (_CUBIC, _CUBIC, _ON)}


@dataclass(frozen=True)
class Mask:
    """Coverage (mode L) whose top left pixel is (x, y) on the canvas."""

    x: int
    y: int
    image: Image.Image

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.x, self.y, self.x + self.image.width, self.y + self.image.height


def fill(path: Path, transform: Affine) -> Mask | None:
    """Coverage of the path's inside (non-zero winding); None when it has no area."""
    masks = []
    for part in _chunks(path):
        outline, keep = _outline(part, transform)
        mask = _rasterise(outline)
        del keep
        if mask:
            masks.append(mask)
    return union(masks)


def stroke(path: Path, width: float, transform: Affine) -> Mask | None:
    """Coverage of a line of `width` (before the transform) centred on the path, with round joins."""
    import freetype.raw as ft

    radius = round(width / 2 * transform.scale * 64)
    if radius <= 0:
        return None
    masks = []
    stroker = ft.FT_Stroker()
    library = _library()
    ft.FT_Stroker_New(library, ctypes.byref(stroker))
    try:
        ft.FT_Stroker_Set(stroker, radius, ft.FT_STROKER_LINECAP_ROUND, ft.FT_STROKER_LINEJOIN_ROUND, 0)
        for part in _chunks(path, _MOST_POINTS // 8):
            outline, keep = _outline(part, transform)
            ft.FT_Stroker_ParseOutline(stroker, ctypes.byref(outline), False)
            del keep
            masks.append(_stroked(stroker))
            ft.FT_Stroker_Rewind(stroker)
    finally:
        ft.FT_Stroker_Done(stroker)
    masks.append(fill(_dots(path, width), transform))
    return union([mask for mask in masks if mask])


def _dots(path: Path, width: float) -> Path:
    """A disc in each contour that is smaller than the pen: a stroker turns its inner edge over and leaves a hole."""
    dots: Path = []
    for start, segments in path:
        points = [start, *(point for segment in segments for point in segment)]
        (left, *_, right), (top, *_, bottom) = sorted(x for x, _ in points), sorted(y for _, y in points)
        if max(right - left, bottom - top) < width:
            corner = (left + right - width) / 2, (top + bottom - width) / 2
            dots += ellipse(Rect(*corner, width, width))
    return dots


def averaged(mask: Mask | None, factor: int) -> Mask | None:
    """Of a mask drawn `factor` times as large: each pixel the mean of those that lie in it."""
    if mask is None:
        return None
    rest_x, rest_y = mask.x % factor, mask.y % factor
    image = Image.new("L", (mask.image.width + rest_x + factor - 1, mask.image.height + rest_y + factor - 1))
    image.paste(mask.image, (rest_x, rest_y))
    whole = image.crop((0, 0, image.width // factor * factor, image.height // factor * factor))
    return Mask(mask.x // factor, mask.y // factor, whole.reduce(factor))


def union(masks: list[Mask]) -> Mask | None:
    """The larger coverage at each pixel."""
    if len(masks) <= 1:
        return masks[0] if masks else None
    left, top = min(mask.x for mask in masks), min(mask.y for mask in masks)
    right, bottom = max(mask.box[2] for mask in masks), max(mask.box[3] for mask in masks)
    image = Image.new("L", (right - left, bottom - top))
    for mask in masks:
        place = (mask.x - left, mask.y - top, mask.box[2] - left, mask.box[3] - top)
        image.paste(ImageChops.lighter(image.crop(place), mask.image), place)
    return Mask(left, top, image)


def _library() -> Any:
    import freetype

    return freetype.get_handle()


def _chunks(path: Path, most: int = _MOST_POINTS) -> list[Path]:
    chunks: list[Path] = [[]]
    points = 0
    for contour in path:
        size = 1 + sum(len(segment) for segment in contour[1])
        if chunks[-1] and points + size > most:
            chunks.append([])
            points = 0
        chunks[-1].append(contour)
        points += size
    return [chunk for chunk in chunks if chunk]


def _outline(path: Path, transform: Affine) -> tuple[Any, Any]:
    """FreeType's form of the path (y up), and the arrays it points into."""
    import freetype.raw as ft

    points: list[int] = []
    tags: list[int] = []
    ends: list[int] = []
    a, b, c, d, e, f = (64 * value for value in transform)
    for start, segments in path:
        for segment in ((start,), *segments):
            for x, y in segment:
                points += (round(a * x + b * y + c), round(-(d * x + e * y + f)))
            tags += _TAGS[len(segment)]
        ends.append(len(tags) - 1)
    count = len(tags)
    point_array = (ctypes.c_long * (2 * count))(*points)
    tag_array = (ctypes.c_ubyte * count)(*tags)
    end_array = (ctypes.c_short * len(ends))(*ends)
    outline = ft.FT_Outline()
    outline.n_contours, outline.n_points, outline.flags = len(ends), count, 0
    outline.points = ctypes.cast(point_array, type(outline.points))
    outline.tags = ctypes.cast(tag_array, type(outline.tags))
    outline.contours = ctypes.cast(end_array, type(outline.contours))
    return outline, (point_array, tag_array, end_array)


def _stroked(stroker: Any) -> Mask | None:
    import freetype.raw as ft

    library = _library()
    points, contours = ctypes.c_uint(), ctypes.c_uint()
    ft.FT_Stroker_GetCounts(stroker, ctypes.byref(points), ctypes.byref(contours))
    outline = ft.FT_Outline()
    if ft.FT_Outline_New(library, points.value, contours.value, ctypes.byref(outline)):
        return None
    try:
        outline.n_points = outline.n_contours = 0
        ft.FT_Stroker_Export(stroker, ctypes.byref(outline))
        return _rasterise(outline)
    finally:
        ft.FT_Outline_Done(library, ctypes.byref(outline))


def _rasterise(outline: Any) -> Mask | None:
    import freetype.raw as ft

    box = ft.FT_BBox()
    ft.FT_Outline_Get_CBox(ctypes.byref(outline), ctypes.byref(box))
    left, bottom = box.xMin >> 6, box.yMin >> 6
    width, height = -(-box.xMax >> 6) - left, -(-box.yMax >> 6) - bottom
    if width <= 0 or height <= 0:
        return None
    ft.FT_Outline_Translate(ctypes.byref(outline), -64 * left, -64 * bottom)
    pixels = ctypes.create_string_buffer(width * height)
    bitmap = ft.FT_Bitmap()
    bitmap.rows, bitmap.width, bitmap.pitch = height, width, width
    bitmap.num_grays, bitmap.pixel_mode = 256, ft.FT_PIXEL_MODE_GRAY
    bitmap.buffer = ctypes.cast(pixels, type(bitmap.buffer))
    if ft.FT_Outline_Get_Bitmap(_library(), ctypes.byref(outline), ctypes.byref(bitmap)):
        return None
    return Mask(left, -(bottom + height), Image.frombuffer("L", (width, height), pixels.raw, "raw", "L", 0, 1))
