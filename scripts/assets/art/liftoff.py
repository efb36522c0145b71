"""A rocket on its pad (SpaceX, public domain) as an engraving: night blue lines on a vermilion-to-cream sky."""

import numpy as np
from PIL import Image

from .paint import Field, Picture, axes, blur, grain, noise, over, ramp, smoothstep
from .sources import photo

ROCKET_X, ROCKET_TOP, ROCKET_FOOT = 0.503, 0.29, 0.955  # shares of the original


def tone(width: int, height: int) -> Field:
    """The photo's brightness, 0–1: the rocket right of the middle, its foot above the place of the code."""
    original = photo("rocket").convert("L")
    tall = original.height * (ROCKET_FOOT - ROCKET_TOP) / (0.52 if height < 1920 else 0.47)
    wide = tall * width / height
    margin = int(2 * tall)
    sideways = np.pad(np.asarray(original), ((0, 0), (margin, margin)), mode="reflect")
    padded = np.pad(sideways, ((margin, 0), (0, 0)), mode="edge")
    ground = np.zeros((margin, padded.shape[1]), np.uint8)
    roomy = Image.fromarray(np.vstack([padded, ground]))
    left = margin + ROCKET_X * original.width - wide * 0.82
    foot = margin + ROCKET_FOOT * original.height + tall * (0.21 if height == 1350 else 0.25)
    box = (left, foot - tall, left + wide, foot)
    return np.asarray(roomy.resize((width, height), Image.Resampling.BICUBIC, box=box), np.float32) / 255


def engraving(ink: Field, pitch_px: float) -> Field:
    """Level lines whose thickness follows the ink, as a banknote is cut."""
    rows = np.arange(ink.shape[0], dtype=np.float32)[:, None] / pitch_px
    screen = np.abs((rows % 1) - 0.5) * 2
    return smoothstep(-0.09, 0.09, ink - screen)


def draw(width: int, height: int) -> Picture:
    _, y = axes(width, height)
    down = y / y.max()
    light = blur(tone(width, height), 2)
    picture = ramp(
        down,
        ((0.0, "#a81c0c"), (0.2, "#c02811"), (0.52, "#e6491b"), (0.74, "#ff9448"), (0.88, "#ffd08c"), (1.0, "#ffe9c2")),
    )
    ink = np.clip(1.0 - light * 1.7, 0, 1) * (0.12 + 0.82 * smoothstep(0.3, 0.85, down))
    picture = over(picture, "#171444", engraving(ink, 15))
    detail = light - blur(light, 110)
    picture = over(picture, "#fff4dc", np.maximum(smoothstep(0.05, 0.24, detail), smoothstep(0.55, 0.95, light)))
    paper = noise(width, height, cell_px=420, seed=41, octaves=3) - 0.5
    return grain(picture + 0.03 * paper[..., None], seed=18, amount=0.004)
