"""Strokes wider than what they go around: dots of letters, points, marks."""

import pytest

from promostack.rendering import raster
from promostack.rendering.geometry import Rect, ellipse, rotated, rounded_rect, scaling

SHAPES = {
    "dot": ellipse(Rect(96, 96, 8, 8)),
    "square": rounded_rect(Rect(95, 94, 10, 12), 0),
    "flat": ellipse(Rect(90, 98, 20, 4)),
}


@pytest.mark.parametrize("turn", [0, 30])
@pytest.mark.parametrize("name", SHAPES)
def test_a_pen_wider_than_a_dot_leaves_no_hole(name, turn):
    to_canvas = rotated(Rect(0, 0, 200, 200), turn, 1)
    mask = raster.stroke(SHAPES[name], 50, to_canvas)
    middle = (100 - mask.x, 100 - mask.y)
    around = [(middle[0] + x, middle[1] + y) for x in range(-22, 23) for y in range(-22, 23) if x * x + y * y < 500]
    assert {mask.image.getpixel(place) for place in around} == {255}


def test_a_stroke_around_something_large_stays_open():
    mask = raster.stroke(ellipse(Rect(50, 50, 100, 100)), 20, scaling(1))
    assert mask.image.getpixel((100 - mask.x, 100 - mask.y)) == 0
    assert mask.box == (40, 40, 160, 160)
