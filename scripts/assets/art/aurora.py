"""Folded silk of light on deep indigo; dark towards the lower left, where the text stands."""

import numpy as np

from .paint import Picture, axes, grain, ramp, smoothstep

INDIGO = ((0.0, "#070519"), (0.28, "#150b45"), (0.5, "#4320b8"), (0.68, "#8b4dff"), (0.83, "#ff7ac6"), (1.0, "#ffd9a8"))


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    right, tall = x.max(), y.max()
    u, v = (x - right * 0.5) * 1.35, (y - tall * 0.32) * 1.2
    for turn in range(1, 5):
        u, v = (
            u + 0.62 / turn * np.sin(1.25 * turn * v + 0.7 * turn + 1.1),
            v + 0.46 / turn * np.cos(1.3 * turn * u + 0.4 * turn),
        )
    fold = 0.5 + 0.5 * np.sin(2.3 * u + 1.7 * v + 0.4)
    sheen = np.abs(np.sin(3.1 * u - 1.6 * v)) ** 6
    reach = smoothstep(0.15, 1.25, x / right + 1.25 * (1 - y / tall) - 0.55)
    light = (0.86 * fold**1.5 + 0.16 * sheen) * reach
    return grain(ramp(0.02 + light, INDIGO), seed=11, amount=0.008)
