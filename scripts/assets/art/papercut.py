"""Layers of cut paper, each with its shadow, opening to a bright middle that carries the text."""

import numpy as np

from .paint import Picture, axes, blur, flat, grain, noise, over, smoothstep

LAYERS = ("#1d1a5e", "#2c2a8c", "#4845c4", "#6f74e8", "#a3b0fa", "#d5defe")


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    pixel = 1 / min(width, height)
    dx = (x / x.max() - 0.5) * 2
    dy = (y / y.max() - 0.5) * 2
    turn = np.arctan2(dy, dx)
    far = (np.abs(dx) ** 2.6 + np.abs(dy) ** 2.6) ** (1 / 2.6)
    picture = flat(width, height, "#f4f6ff")
    for index, colour in reversed(list(enumerate(LAYERS))):
        wobble = 0.05 * np.sin(3 * turn + 1.7 * index) + 0.035 * np.sin(5 * turn - 1.1 * index + 0.6)
        hole = 1.02 - 0.052 * index + wobble * (1 - 0.08 * index)
        cover = smoothstep(hole - 2 * pixel, hole + 2 * pixel, far)
        shadow = np.roll(blur(cover, 22), (16, 8), axis=(0, 1)) * (1 - cover)
        picture = over(picture, "#120f3f", 0.42 * shadow)
        picture = over(picture, colour, cover)
    fibre = noise(width, height, cell_px=3, seed=71, octaves=2) - 0.5
    return grain(picture + 0.022 * fibre[..., None], seed=22, amount=0.004)
