"""Uncoated paper: warm white with fibres and the soft shade of a sheet on a table."""

import numpy as np

from .paint import Picture, flat, grain, noise


def draw(width: int, height: int) -> Picture:
    cloud = noise(width, height, cell_px=420, seed=31, octaves=3) - 0.5
    fibre = noise(width, height, cell_px=3.2, seed=32, octaves=2) - 0.5
    tooth = fibre - np.roll(fibre, (1, 1), axis=(0, 1))
    return grain(flat(width, height, "#f3ecdf") + (0.022 * cloud + 0.05 * tooth)[..., None], seed=16, amount=0.004)
