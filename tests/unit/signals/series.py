"""Price series that are hard on indicators."""

from __future__ import annotations

import numpy as np

from tests.strategies.market import quarters


def all_series() -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Name → high, low, close: real, constant, with a gap as over a weekend, with spikes, stepwise, very short."""
    candles = quarters()
    real = (candles.high.copy(), candles.low.copy(), candles.close.copy())
    gapped = tuple(np.concatenate([column[:700], column[700:] + 120.0]) for column in real)
    spiked = tuple(column.copy() for column in real)
    spiked[0][[400, 900]] *= 1.5
    spiked[2][900] *= 1.5
    spiked[1][1300] *= 0.5
    stepped = tuple(np.repeat(column[::40], 40) for column in real)
    constant = tuple(np.full(400, 1900.13) for _ in range(3))
    series = {"real": real, "constant": constant, "gapped": gapped, "spiked": spiked, "stepped": stepped}
    return series | {f"first {n}": tuple(column[:n].copy() for column in real) for n in (1, 2, 14, 15, 28, 33, 34, 60)}
