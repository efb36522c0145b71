"""A printed summer poster: rays, a cream sun that carries the text, three waves at the foot."""

import numpy as np

from .paint import Picture, axes, blur, flat, grain, noise, over, smoothstep


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    pixel = 1 / min(width, height)
    centre_x, centre_y = x.max() / 2, y.max() * (0.5 if height > width * 1.5 else 0.475)
    dx, dy = x - centre_x, y - centre_y
    far = np.hypot(dx, dy)
    edge = np.sin(np.arctan2(dy, dx) * 14) * np.maximum(far, 0.05)
    picture = over(flat(width, height, "#ff7a45"), "#ffa057", smoothstep(-8 * pixel, 8 * pixel, edge))
    picture = over(picture, "#f2542d", 0.6 * smoothstep(0.5, 1.15, far))
    radius = 0.455
    for ring, colour in ((0.495, "#ffc46b"), (0.472, "#fff3dc"), (0.462, "#f2542d"), (radius, "#fff3dc")):
        picture = over(picture, colour, smoothstep(ring + pixel, ring - pixel, far))
    for index, colour in enumerate(("#12a19a", "#0b7a80", "#075a66")):
        level = y.max() - 0.205 + 0.062 * index
        crest = level + 0.02 * np.sin(8.2 * x + 2.1 * index + 0.4) + 0.008 * np.sin(17 * x - index)
        wave = smoothstep(-pixel, pixel, y - crest)
        picture = picture * (1 - 0.18 * blur(np.roll(wave, -10, axis=0), 18) * (1 - wave))[..., None]
        picture = over(picture, colour, wave)
        foam = smoothstep(0.006, 0.004, np.abs(y - crest - 0.012))
        picture = over(picture, "#fff3dc", 0.75 * foam)
    paper = noise(width, height, cell_px=5, seed=9, octaves=3) - 0.5
    return grain(picture + 0.035 * paper[..., None], seed=15, amount=0.006)
