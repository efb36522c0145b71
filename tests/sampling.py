"""Which of many like cases `make test` tries: a sample. `make proofs` tries all the others."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

import pytest


def sampled(cases: Iterable[Any], is_in: Callable[[int], bool]) -> list[Any]:
    """The cases for `pytest.mark.parametrize`; those whose number `is_in` does not take are marked `long`."""
    return [
        case if is_in(number) else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long)
        for number, case in enumerate(cases)
    ]


def each_with_one(pairs: Sequence[tuple[Any, Any]]) -> list[Any]:
    """The sample has each of the first ones once, with its second ones in turn: the first, the next one's second, …"""
    groups = [list(group) for _, group in groupby(range(len(pairs)), key=lambda number: pairs[number][0])]
    chosen = {group[turn % len(group)] for turn, group in enumerate(groups)}
    return sampled(pairs, chosen.__contains__)


def every(step: int, cases: Iterable[Any]) -> list[Any]:
    """The sample is one of each `step`."""
    return sampled(cases, lambda number: number % step == 0)
