"""Percentiles of measured times."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(seconds: Sequence[float], share: float) -> float:
    """The nearest-rank percentile in milliseconds, to 0.01 ms."""
    ordered = sorted(seconds)
    return round(1000 * ordered[max(0, math.ceil(share * len(ordered)) - 1)], 2)
