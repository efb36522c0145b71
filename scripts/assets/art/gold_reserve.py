"""Gold guilloche: hundreds of fine waves that cross like the engraving of a banknote, on black lacquer."""

import numpy as np

from .paint import Field, Picture, axes, blur, grain, noise, ramp, smoothstep

GOLD = ((0.0, "#0a0806"), (0.22, "#3a2708"), (0.5, "#a9741c"), (0.72, "#f0c869"), (0.9, "#fff1c4"), (1.0, "#ffffff"))


def waves(width: int, height: int, *, centre: float, count: int, spread: float, phase: float, bend: float) -> Field:
    """A band of fine lines around `centre` (share of the height); lines gather where the band twists."""
    sub = 2
    columns = np.arange(width * sub, dtype=np.float32) / (width * sub)
    lines = np.zeros((height * sub, width * sub), np.float32)
    for index in range(count):
        t = index / (count - 1) - 0.5
        twist = np.cos(2.1 * np.pi * columns + phase) * 0.75 + 0.25 * np.cos(5.3 * columns + 2.2 * phase)
        swing = bend * np.sin(1.9 * np.pi * columns + phase * 0.7) + 0.02 * np.sin(9 * columns + 14 * t)
        row = (centre + swing + spread * t * twist) * height * sub
        low = np.floor(row).astype(int)
        for offset, share in ((0, 1 - (row - low)), (1, row - low)):
            rows = low + offset
            inside = (rows >= 0) & (rows < height * sub)
            shine = 0.35 + 0.65 * np.abs(np.sin(2.6 * np.pi * columns + 5 * t + phase)) ** 2
            np.add.at(lines, (rows[inside], np.nonzero(inside)[0]), (share * shine)[inside])
    return lines.reshape(height, sub, width, sub).mean(axis=(1, 3))


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    top = waves(width, height, centre=0.1, count=110, spread=0.3 * min(1.2, width / height), phase=0.5, bend=0.05)
    foot = waves(width, height, centre=0.92, count=110, spread=0.28 * min(1.2, width / height), phase=3.4, bend=-0.05)
    lines = np.clip(top + foot, 0, 1.6)
    middle = 1 - 0.94 * smoothstep(0.02, 0.2, np.minimum(y / y.max() - 0.13, 0.87 - y / y.max()))
    light = (1.15 * lines + 0.9 * blur(np.clip(lines, 0, 1), 26)) * middle * 0.72
    lacquer = 0.05 * smoothstep(1.1, 0.1, np.hypot(x - x.max() * 0.5, (y - y.max() * 0.5) * 0.8)).astype(np.float32)
    brushed = 0.018 * noise(width, height, cell_px=260, seed=4)
    return grain(ramp(np.clip(light + lacquer + brushed, 0, 1), GOLD), seed=12, amount=0.006)
