"""A photograph of dandelions against the evening sun (CC0), graded warm, its foot darkened for text."""

import numpy as np
from PIL import Image

from .paint import Picture, axes, grain, over, smoothstep
from .sources import photo

# Where the big seed head stands in the original, as shares of its width and height.
FLOWER_X, FLOWER_Y = 0.29, 0.33


def draw(width: int, height: int) -> Picture:
    original = photo("dandelion")
    # The flower stands in the upper third, right of the middle; the crop is as tall as the picture allows.
    share = 1.0 if height > width else 0.86
    tall = original.height * share
    wide = tall * width / height
    left = min(max(0.0, FLOWER_X * original.width - wide * 0.6), original.width - wide)
    top = min(max(0.0, FLOWER_Y * original.height - tall * 0.28), original.height - tall)
    box = (left, top, left + wide, top + tall)
    crop = original.resize((width, height), Image.Resampling.LANCZOS, box=box)
    picture = np.asarray(crop, np.float32) / 255
    _, y = axes(width, height)
    graded = picture ** np.array([0.94, 1.02, 1.12], np.float32)
    graded = 0.5 + (graded - 0.5) * 1.06
    shade = smoothstep(0.36, 0.98, y / y.max()) ** 1.3
    return grain(over(graded, "#120a04", 0.8 * shade), seed=17, amount=0.006)
