"""How alike two pictures are: structural similarity of the luma, and shares of pixels that differ visibly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]
WINDOW = 7
AROUND_INK_PX = 8
# pixelmatch's measure: YIQ distance, of which 35215 is the largest; its usual threshold.
THRESHOLD = 0.1
_MOST = 35215.0


def luma(image: Image.Image) -> Plane:
    """Rec. 601, 0 to 255."""
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), dtype=np.float64), 2, 0)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Mean structural similarity over 7 × 7 windows (Wang et al. 2004; uniform window, sample covariance)."""
    x, y = luma(one), luma(other)
    samples = WINDOW**2
    mean_x, mean_y = _windows(x), _windows(y)
    unbiased = samples / (samples - 1)
    var_x = unbiased * (_windows(x * x) - mean_x**2)
    var_y = unbiased * (_windows(y * y) - mean_y**2)
    covariance = unbiased * (_windows(x * y) - mean_x * mean_y)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    parts = ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)) / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))
    return float(parts.mean())


def _windows(plane: Plane) -> Plane:
    """The mean of each full window."""
    total = np.zeros((plane.shape[0] + 1, plane.shape[1] + 1))
    total[1:, 1:] = plane.cumsum(0).cumsum(1)
    w = WINDOW
    return (total[w:, w:] - total[:-w, w:] - total[w:, :-w] + total[:-w, :-w]) / w**2


def differing(one: Image.Image, other: Image.Image) -> NDArray[np.bool_]:
    """Pixels that differ by more than pixelmatch's threshold; those of anti-aliasing count, too."""
    a = np.asarray(one.convert("RGB"), dtype=np.float64)
    b = np.asarray(other.convert("RGB"), dtype=np.float64)
    red, green, blue = np.moveaxis(a - b, 2, 0)
    y = red * 0.29889531 + green * 0.58662247 + blue * 0.11448223
    i = red * 0.59597799 - green * 0.27417610 - blue * 0.32180189
    q = red * 0.21147017 - green * 0.52261711 + blue * 0.31114694
    found: NDArray[np.bool_] = 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q > _MOST * THRESHOLD**2
    return found


def ink_box(image: Image.Image, ground: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """The part that is not ground, and 8 pixels around it; None for an empty picture."""
    pixels = np.asarray(image.convert("RGB"), dtype=np.int16)
    inked = np.abs(pixels - np.array(ground)).max(axis=2) > 2
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not rows.size:
        return None
    return (
        max(0, int(columns[0]) - AROUND_INK_PX),
        max(0, int(rows[0]) - AROUND_INK_PX),
        min(image.width, int(columns[-1]) + 1 + AROUND_INK_PX),
        min(image.height, int(rows[-1]) + 1 + AROUND_INK_PX),
    )


def ink_share(one: Image.Image, other: Image.Image, ground: tuple[int, int, int]) -> float:
    """Differing pixels in per cent of the inked ones."""
    pixels = np.asarray(one.convert("RGB"), dtype=np.int16)
    inked = int((np.abs(pixels - np.array(ground)).max(axis=2) > 2).sum())
    return 100 * float(differing(one, other).sum()) / max(inked, 1)
