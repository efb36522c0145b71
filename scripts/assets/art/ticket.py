"""A paper ticket lying on deep teal: stub for a QR code, notches, a perforation, a soft shadow."""

import numpy as np

from .paint import Picture, Stencil, axes, blur, grain, noise, over, ramp, smoothstep

# Ticket's box and the height of its perforation per format, in pixels; the templates place their text by these.
PLACES = {1080: (90, 120, 990, 960, 630), 1350: (90, 150, 990, 1200, 780), 1920: (90, 330, 990, 1590, 1120)}


def draw(width: int, height: int) -> Picture:
    left, top, right, bottom, tear = PLACES[height]
    x, y = axes(width, height)
    far = np.hypot(x - x.max() * 0.25, y - y.max() * 0.1) / y.max()
    picture = ramp(far, ((0.0, "#15b8a6"), (0.45, "#0b7f86"), (1.1, "#063c52")))
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * np.hypot(x - x.max() * 1.05, y - y.max() * 0.98) / 0.075)
    picture = over(picture, "#ffffff", 0.045 * smoothstep(0.4, 0.6, rings))
    sheet = Stencil(width, height)
    sheet.rectangle((left, top, right, bottom), radius=44)
    for edge in (left, right):
        sheet.disc(edge, tear, 34, 0)
    paper = sheet.field()
    shadow = np.roll(blur(paper, 40), 34, axis=0)
    picture = over(picture, "#02242f", 0.62 * shadow)
    tooth = noise(width, height, cell_px=3, seed=51, octaves=2) - 0.5
    face = ramp(y / y.max(), ((0.0, "#fffdf7"), (1.0, "#f6efdf"))) + 0.02 * tooth[..., None]
    picture = over(picture, face.astype(np.float32), paper)
    holes = Stencil(width, height)
    for at in range(left + 68, right - 50, 26):
        holes.rectangle((at, tear - 2, at + 14, tear + 2), radius=2)
    picture = over(picture, "#0b7f86", 0.55 * holes.field())
    band = Stencil(width, height)
    band.rectangle((left, top, right, top + 22))
    return grain(over(picture, "#ff6b4a", band.field() * paper), seed=19, amount=0.004)
