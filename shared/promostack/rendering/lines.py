"""A layer's paragraphs broken into the lines that fit its box best (decision 0004, §6 and §7)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from promostack.rendering import unicode
from promostack.rendering.fit import Box, Fit, Fitter, fits
from promostack.rendering.fonts import FontLibrary
from promostack.rendering.shape import Line, Shaper
from promostack.rendering.text import Paragraph, Style, styles
from promostack.templates.document import TextLayer


@dataclass(frozen=True)
class Room:
    """The box that is left for glyphs after pill padding, stroke and shadow."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class _Boundary:
    paragraph: int
    offset: int
    ends_paragraph: bool


@dataclass(frozen=True)
class Arranged:
    """A size, and the lines' texts and shapes."""

    size: float
    lines: tuple[tuple[str, Line], ...]


def room_for_text(layer: TextLayer) -> Room:
    """Decision 0004, §6: stroke and shadow belong to what must stay inside."""
    pad_x, pad_y = layer.background.padding if layer.background else (0.0, 0.0)
    pen = _pen_width(layer) / 2
    left = right = top = bottom = 0.0
    if layer.shadow:
        reach = 1.5 * layer.shadow.blur
        left, right = max(0.0, reach - layer.shadow.dx), max(0.0, reach + layer.shadow.dx)
        top, bottom = max(0.0, reach - layer.shadow.dy), max(0.0, reach + layer.shadow.dy)
    return Room(
        layer.x + pad_x + pen + left,
        layer.y + pad_y + pen + top,
        layer.width - 2 * pad_x - 2 * pen - left - right,
        layer.height - 2 * pad_y - 2 * pen - top - bottom,
    )


def _pen_width(layer: TextLayer) -> float:
    """Of the stroke, or of the one that may be needed."""
    if layer.contrast and layer.contrast.fix == "stroke":
        return layer.contrast.width
    return layer.stroke.width if layer.stroke else 0.0


class BrokenText:
    """Paragraphs with their shapers and boundaries, ready to be fitted."""

    def __init__(self, layer: TextLayer, wanted: tuple[Paragraph, ...], library: FontLibrary, room: Room) -> None:
        self._layer = layer
        self._wanted = wanted
        used: tuple[Style, ...] = styles(layer)
        self._shapers = [Shaper(paragraph, used, library, layer.letter_spacing) for paragraph in wanted]
        self._box = Box(room.width, room.height, layer.line_height, first_baseline(layer, library))
        self._lines: dict[tuple[int, int, int], Line] = {}

    def missing(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(char for shaper in self._shapers for char in shaper.missing))

    def fit(self, lo: float, hi: float) -> Arranged | None:
        return self._fit(self._boundaries(), lo, hi)

    def fit_in_emergency(self, judged_at: float, lo: float, hi: float) -> Arranged | None:
        """Once more, with words split that are too wide at `judged_at`; None if there are none, or only one line."""
        regular = self._boundaries()
        boundaries = [regular[0]]
        for before, after in pairwise(regular):
            start = before.offset if before.paragraph == after.paragraph else 0
            if not fits(self._line(after.paragraph, start, after.offset).width, judged_at, self._box.width):
                ends = unicode.graphemes(self._wanted[after.paragraph].text)
                boundaries += [_Boundary(after.paragraph, end, False) for end in ends if start < end < after.offset]
            boundaries.append(after)
        if len(boundaries) == len(regular) or self._layer.lines == 1:
            return None
        return self._fit(boundaries, lo, hi)

    def _boundaries(self) -> list[_Boundary]:
        found = [_Boundary(0, 0, False)]
        for number, paragraph in enumerate(self._wanted):
            inner = unicode.opportunities(paragraph.text) if self._layer.lines > 1 else ()
            found += [_Boundary(number, place, False) for place in inner]
            found.append(_Boundary(number, len(paragraph.text), True))
        return found

    def _fit(self, boundaries: list[_Boundary], lo: float, hi: float) -> Arranged | None:
        def between(start: int, end: int) -> Line | None:
            if any(boundary.ends_paragraph for boundary in boundaries[start + 1 : end]):
                return None
            return self._line(*self._stretch(boundaries, start, end))

        def is_lone(start: int, end: int) -> bool:
            return boundaries[end].ends_paragraph and self._is_lone(*self._stretch(boundaries, start, end))

        if lo > hi:
            return None
        fitter = Fitter(len(boundaries) - 1, self._box, between, lo, is_lone)
        found: Fit | None = fitter.fit(lo, hi, fewest=len(self._wanted), most=self._layer.lines)
        if found is None:
            return None
        stretches = [self._stretch(boundaries, start, end) for start, end in pairwise(found.breaks)]
        return Arranged(
            found.size,
            tuple((self._wanted[p].text[a:b].strip(unicode.TRIM), self._line(p, a, b)) for p, a, b in stretches),
        )

    def _is_lone(self, paragraph: int, start: int, end: int) -> bool:
        """One word alone on the last of a paragraph's lines; scripts without spaces have no words here."""
        text = self._wanted[paragraph].text
        return start > 0 and _has_words(text) and not _has_words(text[start:end].strip(unicode.TRIM))

    def _stretch(self, boundaries: list[_Boundary], start: int, end: int) -> tuple[int, int, int]:
        paragraph = boundaries[end].paragraph
        first = boundaries[start].offset if boundaries[start].paragraph == paragraph else 0
        return paragraph, first, boundaries[end].offset

    def _line(self, paragraph: int, start: int, end: int) -> Line:
        key = (paragraph, start, end)
        if key not in self._lines:
            self._lines[key] = self._shapers[paragraph].line(start, end)
        return self._lines[key]


def first_baseline(layer: TextLayer, library: FontLibrary) -> float:
    metrics = library.metrics(layer.font.family)
    return (layer.line_height + metrics.ascender - metrics.descender) / 2


def _has_words(text: str) -> bool:
    return any(char in unicode.TRIM for char in text)
