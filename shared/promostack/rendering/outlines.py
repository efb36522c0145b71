"""A glyph's contours and the exact box of its ink, in the font's units, y up (decision 0004, §5)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from promostack.rendering.geometry import Path

Ink = tuple[float, float, float, float]


def read(font: Any, glyph: int) -> Path:
    """The contours of a HarfBuzz font's glyph."""
    path: Path = []
    font.draw_glyph(glyph, _draw_funcs(), path)
    for start, segments in path:
        # HarfBuzz closes a contour by a line to its start, which is no segment of its own here.
        if segments and segments[-1] == (start,):
            segments.pop()
    return [contour for contour in path if contour[1]]


def ink(path: Path) -> Ink | None:
    """Left, right, top, bottom of the curves themselves, not of their control points; None without an area."""
    left, right, top, bottom = math.inf, -math.inf, -math.inf, math.inf
    for start, segments in path:
        before = start
        for points in segments:
            curve = (before, *points)
            for x in _reach(tuple(point[0] for point in curve)):
                left, right = min(left, x), max(right, x)
            for y in _reach(tuple(point[1] for point in curve)):
                bottom, top = min(bottom, y), max(top, y)
            before = points[-1]
    return (left, right, top, bottom) if left < right and bottom < top else None


def _reach(values: tuple[float, ...]) -> Iterator[float]:
    """Both ends of a curve along one axis, and its turning points between them."""
    first, last = values[0], values[-1]
    yield first
    yield last
    low, high = min(first, last), max(first, last)
    if all(low <= value <= high for value in values[1:-1]):
        return
    if len(values) == 3:
        yield _on_conic(*values)
    else:
        yield from _on_cubic(*values)


def _on_conic(p0: float, p1: float, p2: float) -> float:
    t = (p0 - p1) / (p0 - 2 * p1 + p2)
    u = 1 - t
    return u * u * p0 + 2 * u * t * p1 + t * t * p2


def _on_cubic(p0: float, p1: float, p2: float, p3: float) -> Iterator[float]:
    a, b, c = p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0
    for t in _roots(a, b, c):
        if 0 < t < 1:
            u = 1 - t
            yield u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3


def _roots(a: float, b: float, c: float) -> tuple[float, ...]:
    if a == 0:
        return (-c / b,) if b else ()
    square = b * b - 4 * a * c
    if square < 0:
        return ()
    root = math.sqrt(square)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


_funcs: list[Any] = []


def _draw_funcs() -> Any:
    if not _funcs:
        import uharfbuzz as hb

        funcs = hb.DrawFuncs()
        funcs.set_move_to_func(lambda x, y, path: path.append(((x, y), [])))
        funcs.set_line_to_func(lambda x, y, path: path[-1][1].append(((x, y),)))
        funcs.set_quadratic_to_func(lambda x1, y1, x, y, path: path[-1][1].append(((x1, y1), (x, y))))
        funcs.set_cubic_to_func(lambda x1, y1, x2, y2, x, y, path: path[-1][1].append(((x1, y1), (x2, y2), (x, y))))
        _funcs.append(funcs)
    return _funcs[0]
