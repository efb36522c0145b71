"""The demo tenant's sign: "Northwind", an invented firm. A compass needle that is also a rising arrow, on a disc."""

import numpy as np
from PIL import Image

from .paint import Stencil, axes, over, ramp, smoothstep

SIDE = 512


def draw() -> Image.Image:
    """512 × 512 with transparency."""
    x, y = axes(SIDE, SIDE)
    picture = ramp((x + y) / 2, ((0.0, "#1b2f86"), (0.55, "#101e52"), (1.0, "#081028")))
    far = np.hypot(x - 0.5, y - 0.5)
    picture = over(picture, "#5b78ff", smoothstep(0.006, 0.002, np.abs(far - 0.455)) * 0.9)
    bright, dim, wind = Stencil(SIDE, SIDE), Stencil(SIDE, SIDE), Stencil(SIDE, SIDE)
    tip, tail, middle = (372, 128), (140, 384), (256, 256)
    bright.polygon([tip, (198, 232), middle])
    bright.polygon([tail, (198, 232), middle], 0.62)
    dim.polygon([tip, (280, 314), middle])
    dim.polygon([tail, (280, 314), middle], 0.62)
    for level, left, right in ((338, 318, 420), (374, 286, 396), (410, 262, 352)):
        wind.rectangle((left, level - 7, right, level + 7), radius=7)
    picture = over(picture, "#ffffff", bright.field())
    picture = over(picture, "#22d3ee", dim.field())
    picture = over(picture, "#8fa4ff", wind.field() * 0.9)
    alpha = smoothstep(0.496, 0.492, far)
    whole = np.dstack([np.clip(picture, 0, 1), alpha])
    return Image.fromarray((whole * 255 + 0.5).astype(np.uint8), "RGBA")
