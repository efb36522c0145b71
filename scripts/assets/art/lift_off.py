"""A rocket on its pad (SpaceX, CC0) as an engraving: night blue lines on a vermilion-to-cream sky."""

import numpy as np
from PIL import Image

from .paint import Field, Picture, axes, blur, grain, noise, over, ramp, smoothstep
from .sources import photo

ROCKET_X, ROCKET_TOP, ROCKET_FOOT = 0.503, 0.29, 0.955  # shares of the original


def tone(width: int, height: int) -> Field:
    """The photo's brightness, 0–1, the rocket standing at the right of the middle."""
    original = photo("rocket").convert("L")
    tall = original.height / (0.78 if height > width else 0.9)
    wide = tall * width / height
    foot = original.height
    box = (ROCKET_X * original.width - wide * 0.68, foot - tall, ROCKET_X * original.width + wide * 0.32, foot)
    margin = int(tall)
    roomy = Image.new("L", (original.width + 2 * margin, original.height + margin))
    pixels = np.asarray(original)
    padded = np.pad(pixels, ((margin, 0), (margin, margin)), mode="edge")
    roomy = Image.fromarray(padded)
    shifted = (box[0] + margin, box[1] + margin, box[2] + margin, box[3] + margin)
    grown = roomy.resize((width, height), Image.Resampling.BICUBIC, box=shifted)
    return np.asarray(grown, np.float32) / 255


def engraving(ink: Field, pitch_px: float) -> Field:
    """Level lines whose thickness follows the ink, as a banknote is cut."""
    rows = np.arange(ink.shape[0], dtype=np.float32)[:, None] / pitch_px
    screen = np.abs((rows % 1) - 0.5) * 2
    return smoothstep(-0.12, 0.12, ink - screen)


def draw(width: int, height: int) -> Picture:
    x, y = axes(width, height)
    down = y / y.max()
    light = blur(tone(width, height), 2)
    picture = ramp(down, ((0.0, "#e4351f"), (0.5, "#ff7a33"), (0.84, "#ffcf8a"), (1.0, "#ffe9c2")))
    ink = np.clip(1.08 - light * 1.75, 0, 1) * smoothstep(0.12, 0.95, down)
    picture = over(picture, "#171444", engraving(ink, 12))
    picture = over(picture, "#fff4dc", smoothstep(0.5, 0.95, light))
    paper = noise(width, height, cell_px=420, seed=41, octaves=3) - 0.5
    return grain(picture + 0.03 * paper[..., None], seed=18, amount=0.004)
