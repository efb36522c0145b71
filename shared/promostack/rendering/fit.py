"""The largest size at which a text fits its box, and its most even line breaks (decision 0004, §6 and §7).

Pure: it sees lines only as widths and ink heights in em. Float operations stand in the decision's order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

STEP = 0.25
TOLERANCE_PX = 1e-6
_HOPELESS = 2.0


class LineBox(Protocol):
    """Width, ink top and bottom of a line, in em, y up."""

    @property
    def width(self) -> float: ...
    @property
    def top(self) -> float | None: ...
    @property
    def bottom(self) -> float | None: ...


@dataclass(frozen=True)
class Box:
    """Room in pixels; `line_height` and `first_baseline` (below the block's top) in em."""

    width: float
    height: float
    line_height: float
    first_baseline: float


@dataclass(frozen=True)
class Fit:
    """`breaks`: the boundaries at which lines start and end, first and last included."""

    size: float
    breaks: tuple[int, ...]
    has_lone: bool

    def is_better(self, other: Fit | None) -> bool:
        """Larger, or as large without a lone word."""
        if other is None or self.size != other.size:
            return other is None or self.size > other.size
        return other.has_lone and not self.has_lone


_Lines = dict[tuple[int, int], LineBox]
_Breaks = tuple[int, ...]


def grid(value: float) -> float:
    return math.floor(4 * value) / 4


def fits(em: float, size: float, room: float) -> bool:
    return em * size <= room + TOLERANCE_PX


class Fitter:
    """Fits lines between boundaries 0 … `last`. `measure(i, j)` gives a line's box, None where no line may run;
    `is_lone(i, j)` tells a line that is one word, left over at a paragraph's end."""

    def __init__(
        self,
        last: int,
        box: Box,
        measure: Callable[[int, int], LineBox | None],
        lowest: float,
        is_lone: Callable[[int, int], bool] = lambda start, end: False,
    ) -> None:
        self._last = last
        self._box = box
        self._is_lone = is_lone
        self._lines = self._measure_all(measure, lowest)
        self._overshooting = any(
            self._above(line, 0) > 0 or self._below(line, 0, 1) > 0 for line in self._lines.values()
        )

    def fit(self, lo: float, hi: float, *, fewest: int, most: int) -> Fit | None:
        best: Fit | None = None
        for count in range(fewest, min(most, self._last) + 1):
            found = self._best(count, lo, hi)
            if found and found.is_better(best):
                best = found
        return best

    def _measure_all(self, measure: Callable[[int, int], LineBox | None], lowest: float) -> _Lines:
        """Lines far too wide at the lowest size are left out with all longer ones: text added never halves a width."""
        lines = {}
        for start in range(self._last):
            for end in range(start + 1, self._last + 1):
                line = measure(start, end)
                if line is None:
                    continue
                if line.width * lowest > _HOPELESS * self._box.width:
                    break
                lines[start, end] = line
        return lines

    def _best(self, count: int, lo: float, hi: float) -> Fit | None:
        upper = self._upper_size(count, hi)
        if upper is None or upper < lo:
            return None
        best = self._arrange(count, upper)
        if best:
            return best
        best = self._arrange(count, lo)
        if not best:
            return None
        bad = upper
        while bad - best.size > STEP:
            middle = grid((best.size + bad) / 2)
            found = self._arrange(count, middle)
            if found:
                best = found
            else:
                bad = middle
        return best

    def _upper_size(self, count: int, hi: float) -> float | None:
        """The closed form: no size above it can fit `count` lines."""
        widest = self._narrowest_widest(count)
        if widest is None:
            return None
        height = count * self._box.line_height
        upper = min(hi, grid(self._box.height / height))
        if widest > 0:
            upper = min(upper, grid(self._box.width / widest))

        def fitting(size: float) -> bool:
            return fits(widest, size, self._box.width) and fits(height, size, self._box.height)

        while upper + STEP <= hi and fitting(upper + STEP):
            upper += STEP
        while upper > 0 and not fitting(upper):
            upper -= STEP
        return upper

    def _narrowest_widest(self, count: int) -> float | None:
        """W_k: the smallest possible widest line over all breakings into `count` lines."""
        before = {0: 0.0}
        for _ in range(count):
            after: dict[int, float] = {}
            for (start, end), line in self._lines.items():
                if start in before:
                    widest = max(before[start], line.width)
                    if widest < after.get(end, math.inf):
                        after[end] = widest
            before = after
        return before.get(self._last)

    def _arrange(self, count: int, size: float) -> Fit | None:
        """The most even breaking into `count` lines that fits at `size`, without lone words if there is one."""
        lines = {key: line for key, line in self._lines.items() if fits(line.width, size, self._box.width)}
        kept = {key: line for key, line in lines.items() if not self._is_lone(*key)}
        breaks = self._most_even_anywhere(kept, count, size)
        if breaks is None and len(kept) < len(lines):
            breaks = self._most_even_anywhere(lines, count, size)
            return Fit(size, breaks, has_lone=True) if breaks else None
        return Fit(size, breaks, has_lone=False) if breaks else None

    def _most_even_anywhere(self, lines: _Lines, count: int, size: float) -> _Breaks | None:
        """The breaking with the least sum of squared widths, however far its lines rise above the block."""
        height = count * self._box.line_height
        tops = {0.0}
        if self._overshooting:
            tops |= {self._above(line, row) for line in lines.values() for row in range(count)}
        best: tuple[float, _Breaks] | None = None
        for top in sorted(tops):
            if not fits(height + top, size, self._box.height):
                break
            found = self._most_even(lines, count, self._row_filter(count, size, top))
            if found and (best is None or found[0] < best[0]):
                best = found
        return best[1] if best else None

    def _row_filter(self, count: int, size: float, top: float) -> Callable[[LineBox, int], bool] | None:
        if not self._overshooting:
            return None
        height = count * self._box.line_height + top

        def may_stand(line: LineBox, row: int) -> bool:
            return self._above(line, row) <= top and fits(
                height + self._below(line, row, count), size, self._box.height
            )

        return may_stand

    def _most_even(
        self,
        lines: _Lines,
        count: int,
        may_stand: Callable[[LineBox, int], bool] | None,
    ) -> tuple[float, _Breaks] | None:
        """Least Σ width², of equal ones that with the earliest breaks (the last break counts first)."""
        costs: list[dict[int, float]] = [{0: 0.0}]
        origins: list[dict[int, int]] = []
        for row in range(count):
            before, cost, origin = costs[-1], dict[int, float](), dict[int, int]()
            for (start, end), line in lines.items():
                if start not in before or (may_stand and not may_stand(line, row)):
                    continue
                total = before[start] + line.width * line.width
                if total < cost.get(end, math.inf):
                    cost[end], origin[end] = total, start
            costs.append(cost)
            origins.append(origin)
        if self._last not in costs[-1]:
            return None
        breaks = [self._last]
        for origin in reversed(origins):
            breaks.append(origin[breaks[-1]])
        return costs[-1][self._last], tuple(reversed(breaks))

    def _above(self, line: LineBox, row: int) -> float:
        if line.top is None:
            return 0.0
        return max(0.0, line.top - (self._box.first_baseline + row * self._box.line_height))

    def _below(self, line: LineBox, row: int, count: int) -> float:
        if line.bottom is None:
            return 0.0
        baseline = self._box.first_baseline + row * self._box.line_height
        return max(0.0, baseline - line.bottom - count * self._box.line_height)


def rows(breaks: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(pairwise(breaks))
