"""A clear winter night: moonlit sky, ridges of firs, falling snow. The sky is left calm for text."""

import numpy as np

from .paint import Picture, Stencil, add_light, axes, blur, grain, noise, over, ramp, smoothstep


def firs(width: int, height: int, *, base: float, size: float, seed: int, gap: float) -> Stencil:
    """A row of fir trees standing on a wavy ground line at `base` (share of the height)."""
    random = np.random.RandomState(seed)
    pen = Stencil(width, height)

    def ground(at: float) -> float:
        t = at / width
        return height * base - width * 0.035 * np.sin(4.2 * t + seed) - width * 0.012 * np.sin(11 * t + 2 * seed)

    pen.polygon([(-9, height + 9), *[(at, ground(at)) for at in range(-9, width + 19, 9)], (width + 9, height + 9)])
    at = -size * 0.4
    while at < width + size:
        tall = size * random.uniform(0.62, 1.2)
        foot, half = ground(at) + 8, tall * random.uniform(0.19, 0.25)
        tiers = 9
        outline = [(at, foot - tall)]
        for tier in range(1, tiers + 1):
            level = foot - tall + tall * (tier / tiers)
            reach = half * (tier / tiers) ** 0.9
            outline += [(at + reach * random.uniform(0.86, 1.1), level), (at + reach * 0.55, level - tall * 0.012)]
        mirrored = [(2 * at - x + random.uniform(-2, 2), y) for x, y in reversed(outline)]
        pen.polygon(outline + mirrored)
        at += size * gap * random.uniform(0.55, 1.5)
    return pen


def snow(picture: Picture, *, seed: int) -> Picture:
    random = np.random.RandomState(seed)
    height, width = picture.shape[:2]
    for count, radius, soft, glow in (
        (230, 2.0, 0.6, 0.75),
        (110, 3.6, 1.4, 0.62),
        (26, 10, 5.0, 0.34),
        (9, 22, 9.0, 0.2),
    ):
        flakes = Stencil(width, height)
        for _ in range(int(count * height / 1350)):
            flakes.disc(random.uniform(0, width), random.uniform(0, height), radius * random.uniform(0.6, 1.3))
        picture = add_light(picture, "#eaf4ff", glow * blur(flakes.field(), soft))
    return picture


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    down = y / y.max()
    picture = ramp(down, ((0.0, "#061433"), (0.4, "#0f3166"), (0.66, "#2f6197"), (0.82, "#f2c6a0"), (1.0, "#ffe9cf")))
    veil = (
        noise(width, height, cell_px=520, seed=7, octaves=5) * smoothstep(0.05, 0.5, down) * smoothstep(0.9, 0.5, down)
    )
    picture = add_light(picture, "#a9cdf2", 0.12 * veil)
    moon_x, moon_y = x.max() * 0.86, 0.125 * max(1.0, y.max() * 0.9)
    far = np.hypot(x - moon_x, y - moon_y)
    picture = add_light(picture, "#dcebff", 0.55 * np.exp(-far * 5.2) + smoothstep(0.062, 0.058, far))
    short = min(width, height)
    for base, size, colour, gap, seed in (
        (0.84, 0.11, "#5d83a8", 0.26, 3),
        (0.885, 0.19, "#2c5480", 0.27, 5),
        (0.945, 0.31, "#0d2a50", 0.3, 8),
    ):
        row = firs(width, height, base=base, size=size * short, seed=seed, gap=gap).field()
        frost = smoothstep(base - 0.22, base + 0.06, down)
        picture = over(picture, ramp(frost, ((0.0, colour), (1.0, "#0a1f40"))), row)
    return grain(snow(picture, seed=21), seed=14, amount=0.006)
