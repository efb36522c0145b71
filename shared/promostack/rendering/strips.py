"""Files in strips of rows, of which those are kept that nothing was painted over since.

What is held comes in order: first the strips that no value of a template touches, then those that only the code leaves
as they are. A strip belongs to the first of them that is not painted over; which one that is follows from the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

STRIP_PX = 64

Rows = list[tuple[int, int]]
"""Ranges of rows, as (first, after last)."""

Strip = TypeVar("Strip")


def changed(touched: Rows, height: int, *, below: int = 0) -> set[int]:
    """Strips that hold one of the rows, or one of the `below` rows under it."""
    return {
        strip
        for top, bottom in touched
        if bottom > top
        for strip in range(max(0, top) // STRIP_PX, -(-min(bottom + below, height) // STRIP_PX))
    }


def homes(
    held: Sequence[tuple[dict[int, Strip], Rows]], height: int, *, below: int = 0
) -> list[dict[int, Strip] | None]:
    """Where each strip of the picture is kept; None where it has to be made each time."""
    found: list[dict[int, Strip] | None] = [None] * -(-height // STRIP_PX)
    for strips, touched in reversed(held):
        over = changed(touched, height, below=below)
        found = [strips if number not in over else home for number, home in enumerate(found)]
    return found
