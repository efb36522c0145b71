"""Brushes for the seed art: fields, colour ramps, noise, glow. Everything is seeded, so the same picture comes twice.

A *picture* is float32 (height, width, 3) in sRGB 0–1; a *field* float32 (height, width).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Picture = NDArray[np.float32]
Field = NDArray[np.float32]


def rgb(colour: str) -> NDArray[np.float32]:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def flat(width: int, height: int, colour: str) -> Picture:
    return np.broadcast_to(rgb(colour), (height, width, 3)).astype(np.float32)


def axes(width: int, height: int) -> tuple[Field, Field]:
    """Coordinates in units of the shorter side, origin at the top left."""
    short = min(width, height)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return (x + 0.5) / short, (y + 0.5) / short


def smoothstep(low: float, high: float, field: Field) -> Field:
    t = np.clip((field - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def ramp(field: Field, stops: Sequence[tuple[float, str]]) -> Picture:
    """Colours a field; mixes in linear light, which keeps the middle of a gradient from going grey."""
    at = [position for position, _ in stops]
    linear = np.array([rgb(colour) ** 2.2 for _, colour in stops])
    mixed = np.stack([np.interp(field, at, linear[:, c]) for c in range(3)], axis=-1)
    return (mixed ** (1 / 2.2)).astype(np.float32)


def over(below: Picture, colour: str | Picture, alpha: Field) -> Picture:
    """Lays a colour or a picture over another with the given coverage."""
    top = rgb(colour) if isinstance(colour, str) else colour
    a = np.clip(alpha, 0, 1)[..., None]
    return (below * (1 - a) + top * a).astype(np.float32)


def add_light(below: Picture, colour: str, amount: Field) -> Picture:
    """Adds light of a colour the way a screen blend does: it never clips."""
    return (1 - (1 - below) * (1 - rgb(colour) * np.clip(amount, 0, 1)[..., None])).astype(np.float32)


def noise(width: int, height: int, *, cell_px: float, seed: int, octaves: int = 4) -> Field:
    """Fractal value noise, 0–1, whose coarsest cells are `cell_px` wide."""
    random = np.random.RandomState(seed)
    total, weight = np.zeros((height, width), np.float32), 0.0
    for octave in range(octaves):
        cell = max(1.0, cell_px / 2**octave)
        small = random.rand(int(height / cell) + 3, int(width / cell) + 3).astype(np.float32)
        grown = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(grown) * 0.5**octave
        weight += 0.5**octave
    total /= weight
    return ((total - total.min()) / (total.max() - total.min())).astype(np.float32)


def blur(field: Field, radius_px: float) -> Field:
    """Gaussian blur; wide ones are made at a quarter of the size."""
    height, width = field.shape
    step = 4 if radius_px > 12 else 1
    image = Image.fromarray(field.astype(np.float32))
    small = image.resize((max(1, width // step), max(1, height // step)), Image.Resampling.BOX)
    eight = Image.fromarray((np.clip(np.asarray(small), 0, 1) * 255).astype(np.uint8))
    soft = eight.filter(ImageFilter.GaussianBlur(radius_px / step)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(soft, np.float32) / 255


class Stencil:
    """Anti-aliased shapes: drawn at three times the size, averaged down."""

    SUPERSAMPLE = 3

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.image = Image.new("L", (width * self.SUPERSAMPLE, height * self.SUPERSAMPLE))
        self.pen = ImageDraw.Draw(self.image)

    def scaled(self, numbers: Sequence[float]) -> list[float]:
        return [n * self.SUPERSAMPLE for n in numbers]

    def polygon(self, points: Sequence[tuple[float, float]], value: float = 1.0) -> None:
        self.pen.polygon([(x * self.SUPERSAMPLE, y * self.SUPERSAMPLE) for x, y in points], fill=int(value * 255))

    def rectangle(self, box: Sequence[float], value: float = 1.0, radius: float = 0) -> None:
        self.pen.rounded_rectangle(self.scaled(box), radius * self.SUPERSAMPLE, fill=int(value * 255))

    def ellipse(self, box: Sequence[float], value: float = 1.0) -> None:
        self.pen.ellipse(self.scaled(box), fill=int(value * 255))

    def disc(self, x: float, y: float, radius: float, value: float = 1.0) -> None:
        self.ellipse((x - radius, y - radius, x + radius, y + radius), value)

    def line(self, points: Sequence[tuple[float, float]], width: float, value: float = 1.0) -> None:
        scaled = [(x * self.SUPERSAMPLE, y * self.SUPERSAMPLE) for x, y in points]
        self.pen.line(scaled, fill=int(value * 255), width=max(1, round(width * self.SUPERSAMPLE)), joint="curve")

    def field(self) -> Field:
        return np.asarray(self.image.resize(self.size, Image.Resampling.BOX), np.float32) / 255


def grain(picture: Picture, *, seed: int, amount: float = 0.012) -> Picture:
    """Film grain; hides the steps of smooth gradients in an 8-bit JPEG."""
    random = np.random.RandomState(seed)
    return (picture + random.normal(0, amount, picture.shape[:2]).astype(np.float32)[..., None]).astype(np.float32)


def vignette(picture: Picture, strength: float) -> Picture:
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    return (picture * (1 - strength * smoothstep(0.6, 1.5, np.hypot(x, y)))[..., None]).astype(np.float32)
