"""The fit against an oracle that tries every breaking at every size of the grid."""

import itertools
import math
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promostack.rendering.fit import Box, Fitter

LOWEST, STEP = 4.0, 0.25


@dataclass(frozen=True)
class Ink:
    width: float
    top: float | None
    bottom: float | None


def oracle(last, box, lines, hi, most, lone):
    """(size, whether a lone word is left, fewest lines, least Σ width²) by trying everything; None if nothing fits."""
    size = hi
    while size >= LOWEST:
        fitting = [
            (
                any(pair in lone for pair in itertools.pairwise(breaks)),
                count,
                sum(lines[pair].width ** 2 for pair in itertools.pairwise(breaks)),
            )
            for count in range(1, min(most, last) + 1)
            for inner in itertools.combinations(range(1, last), count - 1)
            for breaks in [(0, *inner, last)]
            if fits_all(breaks, box, lines, size)
        ]
        if fitting:
            return size, *min(fitting)
        size -= STEP
    return None


def fits_all(breaks, box, lines, size):
    rows = [lines[pair] for pair in itertools.pairwise(breaks)]
    nominal = len(rows) * box.line_height
    above = below = 0.0
    for number, row in enumerate(rows):
        baseline = box.first_baseline + number * box.line_height
        if row.top is not None:
            above = max(above, row.top - baseline)
            below = max(below, baseline - row.bottom - nominal)
    height = nominal + above + below
    return all(row.width * size <= box.width + 1e-6 for row in rows) and height * size <= box.height + 1e-6


@st.composite
def cases(draw):
    words = draw(st.lists(st.floats(0.3, 6), min_size=1, max_size=6))
    tops = [draw(st.sampled_from([0.5, 0.7, 0.95, 1.4])) for _ in words]
    bottoms = [draw(st.sampled_from([0.0, -0.2, -0.6])) for _ in words]
    lines = {
        (i, j): Ink(sum(words[i:j]) + 0.25 * (j - i - 1), max(tops[i:j]), min(bottoms[i:j]))
        for i in range(len(words))
        for j in range(i + 1, len(words) + 1)
    }
    line_height = draw(st.sampled_from([0.8, 1.0, 1.15, 1.4]))
    box = Box(draw(st.floats(20, 900)), draw(st.floats(10, 600)), line_height, (line_height + 0.73) / 2)
    last = len(words)
    lone = {(i, last) for i in range(1, last) if draw(st.booleans())}
    return last, box, lines, draw(st.sampled_from([24.0, 60.25, 160.0])), draw(st.integers(1, 4)), lone


@settings(max_examples=300, deadline=None)
@given(cases())
def test_size_lone_words_line_count_and_evenness_equal_an_exhaustive_search(case):
    last, box, lines, hi, most, lone = case
    fitter = Fitter(last, box, lambda i, j: lines[i, j], LOWEST, lambda i, j: (i, j) in lone)
    found = fitter.fit(LOWEST, hi, fewest=1, most=most)
    expected = oracle(last, box, lines, hi, most, lone)
    if expected is None:
        assert found is None
        return
    assert found is not None
    cost = sum(lines[pair].width ** 2 for pair in itertools.pairwise(found.breaks))
    assert (found.size, found.has_lone, len(found.breaks) - 1) == expected[:3]
    assert cost == pytest.approx(expected[3], rel=1e-12)


def test_fewer_lines_win_at_equal_size():
    lines = {(0, 1): Ink(1, 0.7, 0), (1, 2): Ink(1, 0.7, 0), (0, 2): Ink(2.2, 0.7, 0)}
    fitter = Fitter(2, Box(1000, 1000, 1.0, 0.87), lambda i, j: lines[i, j], LOWEST)
    found = fitter.fit(LOWEST, 40.0, fewest=1, most=2)
    assert found is not None
    assert (found.size, found.breaks) == (40.0, (0, 2))


def test_a_further_line_is_better_than_a_lone_word_at_equal_size():
    lines = {(i, j): Ink(j - i, 0.7, 0) for i in range(3) for j in range(i + 1, 4)} | {(0, 2): Ink(20, 0.7, 0)}
    fitter = Fitter(3, Box(100, 1000, 1.0, 0.87), lambda i, j: lines[i, j], LOWEST, lambda i, j: (i, j) == (1, 3))
    found = fitter.fit(LOWEST, 40.0, fewest=1, most=3)
    assert found is not None
    assert (found.size, found.breaks) == (40.0, (0, 1, 2, 3))


def test_equal_costs_break_early():
    lines = {(i, j): Ink(j - i, 0.7, 0) for i in range(3) for j in range(i + 1, 4)}
    fitter = Fitter(3, Box(200, 1000, 1.0, 0.87), lambda i, j: lines[i, j], LOWEST)
    found = fitter.fit(LOWEST, 400.0, fewest=2, most=2)
    assert found is not None
    assert found.breaks == (0, 1, 3)


def test_sizes_lie_on_the_quarter_pixel_grid():
    lines = {(0, 1): Ink(math.pi, 0.7, 0)}
    found = Fitter(1, Box(100, 100, 1.0, 0.87), lambda i, j: lines[i, j], LOWEST).fit(LOWEST, 400.0, fewest=1, most=1)
    assert found is not None
    assert found.size == math.floor(400 / math.pi) / 4
