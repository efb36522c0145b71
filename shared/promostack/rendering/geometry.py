"""Affine maps and paths, in plain tuples."""

from __future__ import annotations

import math
from typing import NamedTuple


class Affine(NamedTuple):
    """`x' = a·x + b·y + c`, `y' = d·x + e·y + f`."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def vector(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y, self.d * x + self.e * y

    def before(self, other: Affine) -> Affine:
        """The map that does this one first, then `other`."""
        x, y = other.point(self.c, self.f)
        a, d = other.vector(self.a, self.d)
        b, e = other.vector(self.b, self.e)
        return Affine(a, b, x, d, e, y)

    def inverse(self) -> Affine:
        det = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    @property
    def scale(self) -> float:
        """Of a map made of rotation, shift and equal scaling."""
        return math.hypot(self.a, self.d)

    @property
    def is_upright(self) -> bool:
        return self.b == 0 and self.d == 0


class Rect(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    def grown(self, by: float) -> Rect:
        return Rect(self.x - by, self.y - by, max(0.0, self.width + 2 * by), max(0.0, self.height + 2 * by))


Point = tuple[float, float]
# A contour starts at a point and goes on by segments of 1 (line), 2 (quadratic) or 3 (cubic) points; it is closed.
Contour = tuple[Point, list[tuple[Point, ...]]]
Path = list[Contour]


def scaling(factor: float) -> Affine:
    return Affine(factor, 0.0, 0.0, 0.0, factor, 0.0)


def rotated(box: Rect, degrees: float, scale: float) -> Affine:
    """Format pixels to output pixels for a layer turned clockwise about its centre."""
    if degrees % 360 == 0:
        return scaling(scale)
    x, y = box.x + box.width / 2, box.y + box.height / 2
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return Affine(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y).before(scaling(scale))


def rounded_rect(box: Rect, radius: float) -> Path:
    """Clockwise on the screen; the radius is cut to half of the shorter side."""
    r = min(radius, box.width / 2, box.height / 2)
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    if r <= 0:
        return [((left, top), [((right, top),), ((right, bottom),), ((left, bottom),)])]
    segments: list[tuple[Point, ...]] = []
    for x, y, start in (
        (right - r, top + r, 270),
        (right - r, bottom - r, 0),
        (left + r, bottom - r, 90),
        (left + r, top + r, 180),
    ):
        arc = _arc(x, y, r, r, start)
        segments += [(arc[0],), *arc[1]]
    return [((left + r, top), segments)]


def ellipse(box: Rect) -> Path:
    rx, ry = box.width / 2, box.height / 2
    segments: list[tuple[Point, ...]] = []
    for start in (270, 0, 90, 180):
        segments += _arc(box.x + rx, box.y + ry, rx, ry, start)[1]
    return [((box.x + rx, box.y), segments)]


def _arc(x: float, y: float, rx: float, ry: float, start: float) -> tuple[Point, list[tuple[Point, ...]]]:
    """A quarter clockwise on the screen from `start` degrees, as two cubics (off by 4e-6 of the radius)."""
    reach = 4 / 3 * math.tan(math.radians(45) / 4)
    segments: list[tuple[Point, ...]] = []
    for a in (start, start + 45):
        (c0, s0), (c1, s1) = ((math.cos(math.radians(t)), math.sin(math.radians(t))) for t in (a, a + 45))
        segments.append(
            (
                (x + rx * (c0 - reach * s0), y + ry * (s0 + reach * c0)),
                (x + rx * (c1 + reach * s1), y + ry * (s1 - reach * c1)),
                (x + rx * c1, y + ry * s1),
            )
        )
    return (x + rx * math.cos(math.radians(start)), y + ry * math.sin(math.radians(start))), segments
