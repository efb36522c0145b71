"""The largest size at which a text fits its box, found by trying everything. Shares no code with the product.

A line is HarfBuzz's shaping of its text alone. Its width and height are the union of advances and ink; ink is the box
of the glyphs' curves, read from their outlines at 64 points to a font unit.
"""

from __future__ import annotations

import itertools
import json
import math
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from fontTools.pens.boundsPen import BoundsPen
from uniseg.linebreak import line_break_boundaries

FONTS = Path(__file__).resolve().parents[2] / "shared" / "assets" / "fonts"
STEP = 0.25
SCALE = 64
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_LEFT_TO_RIGHT = {"L", "EN"}

Extents = tuple[float, float, float]


class Face:
    """One bundled file."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self.family: str = entry["family"]
        self.axis = entry["axes"].get("wght")
        self.face = hb.Face(hb.Blob.from_file_path(str(FONTS / entry["file"])))
        self.em = SCALE * self.face.upem
        self._characters = set(self.face.unicodes)
        hhea = self.face.reference_table("hhea").data
        self.ascender = int.from_bytes(hhea[4:6], "big", signed=True) / self.face.upem
        self.descender = -int.from_bytes(hhea[6:8], "big", signed=True) / self.face.upem
        self._inks: dict[tuple[float, int], Any] = {}
        self._fonts: dict[float, Any] = {}

    def holds(self, text: str) -> bool:
        return all(ord(char) in self._characters for char in text)

    def weight(self, wanted: float) -> float:
        return min(max(wanted, self.axis[0]), self.axis[1]) if self.axis else 0

    def font(self, weight: float) -> Any:
        if weight not in self._fonts:
            font = self._fonts[weight] = hb.Font(self.face)
            font.scale = (self.em, self.em)
            if self.axis:
                font.set_variations({"wght": weight})
        return self._fonts[weight]

    def ink(self, weight: float, glyph: int) -> tuple[float, float, float, float] | None:
        """Left, bottom, right, top; None without ink."""
        if (weight, glyph) not in self._inks:
            pen = BoundsPen(None)
            self.font(weight).draw_glyph_with_pen(glyph, pen)
            self._inks[weight, glyph] = pen.bounds
        return self._inks[weight, glyph]


def faces() -> list[Face]:
    manifest = json.loads((FONTS / "fonts.json").read_text(encoding="utf-8"))
    return [Face(entry) for entry in manifest["families"] if "Zsye" not in entry["scripts"]]


def is_of_one_direction(text: str) -> bool:
    """Whether a line of it is one run: no letters or numbers against the direction of the others."""
    found = {unicodedata.bidirectional(char) for char in text}
    return not (found & _RIGHT_TO_LEFT and found & _LEFT_TO_RIGHT) and not {"R", "AN"} <= found


@lru_cache(maxsize=4096)
def places(text: str) -> tuple[int, ...]:
    """Where lines may start and end, by UAX #14."""
    return (0, *(place for place in line_break_boundaries(text) if place))


class Search:
    """One text in one box."""

    def __init__(self, face: Face, layer: dict[str, Any]) -> None:
        self.text: str = layer["text"]
        self.places = places(self.text)
        self._face, self._layer = face, layer
        self._weight = face.weight(layer["font"]["weight"])
        self._known: dict[tuple[int, int], Extents] = {}
        self._largest, self._avoids = 0.0, False

    def best(self) -> tuple[float | None, bool]:
        """The largest size at which some breaking fits, None when none does at min_size; and whether some breaking
        of that size has more than one word on its last line."""
        self._largest, self._avoids = 0.0, False
        self._try((0,))
        return (self._largest, self._avoids) if self._largest >= self._layer["min_size"] else (None, False)

    def wrap_greedily(self) -> list[str] | None:
        """The lines of a loop that fills each line and takes 2 px off until all fits, as peers do; ink not counted."""
        layer, size = self._layer, float(self._layer["max_size"])
        while size >= layer["min_size"]:
            breaks = self._filled(layer["width"] / size)
            if breaks and (len(breaks) - 1) * layer["line_height"] * size <= layer["height"]:
                return [self.text[self.places[a] : self.places[b]].strip() for a, b in itertools.pairwise(breaks)]
            size -= 2
        return None

    def _filled(self, most: float) -> list[int] | None:
        """Breaks of the fewest lines of at most that many em; None where there are too many, or a word is wider."""
        last, breaks = len(self.places) - 1, [0]
        while breaks[-1] < last:
            fitting = [end for end in range(breaks[-1] + 1, last + 1) if self._line(breaks[-1], end)[0] <= most]
            if not fitting or len(breaks) > self._layer["lines"]:
                return None
            breaks.append(fitting[-1])
        return breaks

    def _try(self, breaks: tuple[int, ...]) -> None:
        """All breakings that begin so, but for those whose beginning alone allows less than the largest size yet."""
        last = len(self.places) - 1
        if breaks[-1] == last:
            size = self._size_of(breaks)
            avoids = " " in self.text[self.places[breaks[-2]] :].strip()
            self._largest, self._avoids = max((self._largest, self._avoids), (size, avoids))
            return
        left = self._layer["lines"] - len(breaks) + 1
        if not left:
            return
        even = self._line(breaks[-1], last)[0] / left
        ends = range(breaks[-1] + 1, last + 1) if left > 1 else [last]
        for end in sorted(ends, key=lambda end: abs(self._line(breaks[-1], end)[0] - even)):
            if self._is_settled():
                return
            if self._size_of((*breaks, end)) >= self._largest:
                self._try((*breaks, end))

    def _is_settled(self) -> bool:
        """Nothing is larger than the box's own limit; where there are no words, none is left alone."""
        limit = math.floor(self._layer["max_size"] / STEP) * STEP
        return self._largest == limit and (self._avoids or " " not in self.text)

    def _size_of(self, breaks: tuple[int, ...]) -> float:
        lines = [self._line(*pair) for pair in itertools.pairwise(breaks)]
        pitch = self._layer["line_height"]
        first = (pitch + self._face.ascender - self._face.descender) / 2
        top = min(first + row * pitch - line[1] for row, line in enumerate(lines))
        bottom = max(first + row * pitch - line[2] for row, line in enumerate(lines))
        height = max(bottom, len(lines) * pitch) - min(top, 0.0)
        widest = max(line[0] for line in lines)
        size = min(self._layer["width"] / widest, self._layer["height"] / height, self._layer["max_size"])
        return math.floor(size / STEP + 1e-9) * STEP

    def _line(self, start: int, end: int) -> Extents:
        """Width, ink top and ink bottom in em."""
        if (start, end) not in self._known:
            self._known[start, end] = self._measure(self.text[self.places[start] : self.places[end]].strip())
        return self._known[start, end]

    def _measure(self, text: str) -> Extents:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = "und"
        hb.shape(self._face.font(self._weight), buffer)
        x, left, right, top, bottom = 0.0, 0.0, 0.0, -math.inf, math.inf
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            ink = self._face.ink(self._weight, info.codepoint)
            if ink:
                left = min(left, x + place.x_offset + ink[0])
                right = max(right, x + place.x_offset + ink[2])
                top = max(top, place.y_offset + ink[3])
                bottom = min(bottom, place.y_offset + ink[1])
            x += place.x_advance
        em = self._face.em
        return (max(x, right) - left) / em, top / em, bottom / em
