"""Shaping: a stretch of a paragraph to positioned glyphs and its extents, in em (decision 0004, §3 and §5)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from promostack.rendering import unicode
from promostack.rendering.fonts import Font, FontLibrary
from promostack.rendering.text import Paragraph, Style

# Letters of these scripts join; space between them would tear words apart.
JOINING = frozenset({"Arab", "Syrc", "Mong", "Nkoo", "Mand", "Phag", "Adlm", "Rohg", "Mani", "Sogd"})
_NO_LIGATURES = {"liga": False, "clig": False}


@dataclass(frozen=True, slots=True)
class Glyph:
    """`x`, `y` in em from the line's origin, y up."""

    font: Font
    id: int
    x: float
    y: float
    span: int


@dataclass(frozen=True, slots=True)
class Line:
    """Extents in em: `left` ≤ 0 ≤ `advance` ≤ `right`; `top` and `bottom` are of the ink, y up, None without ink."""

    glyphs: tuple[Glyph, ...]
    advance: float
    left: float
    right: float
    top: float | None
    bottom: float | None

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    end: int
    level: int
    script: str
    font: Font
    span: int


class Shaper:
    """Resolves one paragraph's characters once and shapes lines of it. `missing` lists characters that no font has."""

    def __init__(
        self, paragraph: Paragraph, styles: tuple[Style, ...], library: FontLibrary, letter_spacing: float
    ) -> None:
        self.text = paragraph.text
        self.missing: list[str] = []
        self._spans = paragraph.spans
        self._spacing = letter_spacing
        self._levels = unicode.levels(self.text)
        self._scripts = unicode.scripts(self.text)
        self._fonts = self._choose_fonts(styles, library)

    def line(self, start: int, end: int) -> Line:
        """The line holding the characters from `start` to `end`, TRIM taken off both ends."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip(unicode.TRIM))
        text = text.strip(unicode.TRIM)
        return _set_items(text, _visual_order(self._items(start, start + len(text))), start, self._spacing)

    def _items(self, start: int, end: int) -> list[_Item]:
        keys = [(self._levels[i], self._scripts[i], self._fonts[i], self._spans[i]) for i in range(start, end)]
        cuts = [0, *(i for i in range(1, len(keys)) if keys[i] != keys[i - 1]), len(keys)]
        return [_Item(start + a, start + b, *keys[a]) for a, b in pairwise(cuts) if b > a]

    def _choose_fonts(self, styles: tuple[Style, ...], library: FontLibrary) -> list[Font]:
        chosen: list[Font] = []
        start = 0
        for end in unicode.graphemes(self.text):
            style = styles[self._spans[start]]
            font, found = _font_of(self.text[start:end], style, library)
            if not found:
                self.missing.append(self.text[start])
            chosen += [font] * (end - start)
            start = end
        return chosen


def _font_of(grapheme: str, style: Style, library: FontLibrary) -> tuple[Font, bool]:
    """The first font of the chain with the whole grapheme, else with its first character, else the style's own."""
    needed = [ord(char) for char in grapheme if not unicode.is_ignorable(char)]
    own = library.font(style.family, style.weight)
    emoji = unicode.wants_emoji(grapheme)
    if not needed or (not emoji and all(own.has(char) for char in needed)):
        return own, True
    fonts = [library.font(family, style.weight) for family in library.chain(style.family, emoji=emoji)]
    for wanted in (needed, needed[:1]):
        for font in fonts:
            if all(font.has(char) for char in wanted):
                return font, True
    return own, False


def _visual_order(items: list[_Item]) -> list[_Item]:
    """UAX #9 rule L2."""
    highest = max((item.level for item in items), default=0)
    lowest_odd = min((item.level for item in items if item.level % 2), default=highest + 1)
    for level in range(highest, lowest_odd - 1, -1):
        start = 0
        while start < len(items):
            end = start
            while end < len(items) and items[end].level >= level:
                end += 1
            items[start:end] = reversed(items[start:end])
            start = max(end, start) + 1
    return items


def _set_items(text: str, items: list[_Item], offset: int, spacing: float) -> Line:
    glyphs: list[Glyph] = []
    x = left = right = 0.0
    top = bottom = None
    shaped = [(item, glyph) for item in items for glyph in _shape(text, item, offset, spacing)]
    for number, (item, (glyph, cluster, advance, dx, dy)) in enumerate(shaped):
        font, units = item.font, item.font.units
        glyphs.append(Glyph(font, glyph, x + dx / units, dy / units, item.span))
        ink = font.extents(glyph)
        if ink:
            left = min(left, x + dx / units + ink[0] / units)
            right = max(right, x + dx / units + ink[1] / units)
            highest, lowest = dy / units + ink[2] / units, dy / units + ink[3] / units
            top = highest if top is None else max(top, highest)
            bottom = lowest if bottom is None else min(bottom, lowest)
        x += advance / units
        if spacing and item.script not in JOINING and number + 1 < len(shaped):
            next_item, (_, next_cluster, *_) = shaped[number + 1]
            if next_item is not item or next_cluster != cluster:
                x += spacing
    return Line(tuple(glyphs), x, left, max(right, x), top, bottom)


def _shape(text: str, item: _Item, offset: int, spacing: float) -> list[tuple[int, int, int, int, int]]:
    """(glyph, cluster, advance, x offset, y offset) in visual order, in the font's units."""
    import uharfbuzz as hb

    buffer: Any = hb.Buffer()
    buffer.add_str(text, item.start - offset, item.end - item.start)
    buffer.direction = "rtl" if item.level % 2 else "ltr"
    buffer.script = item.script
    hb.shape(item.font.hb, buffer, _NO_LIGATURES if spacing else None)
    return [
        (info.codepoint, info.cluster, place.x_advance, place.x_offset, place.y_offset)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
