"""A text layer laid out in its box: size, lines, positions (decision 0004). Pure: no drawing, no Pillow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from promostack.rendering import unicode
from promostack.rendering.fit import STEP, grid
from promostack.rendering.fonts import FontLibrary
from promostack.rendering.lines import Arranged, BrokenText, Room, first_baseline, room_for_text
from promostack.rendering.shape import Line
from promostack.rendering.text import Paragraph, paragraphs
from promostack.templates.document import TextLayer

ELLIPSIS = "\u2026"
Outcome = Literal["fits", "emergency", "shrunk", "ellipsis", "nothing"]


@dataclass(frozen=True)
class PlacedLine:
    """`x` of the line's origin and its baseline, in format pixels; `text` as it was shaped, in logical order."""

    text: str
    x: float
    baseline: float
    line: Line


@dataclass(frozen=True)
class TextLayout:
    """`ink` is what the pill of kind `text` hugs: left, top, right, bottom in format pixels.
    `is_cut`: an ellipsis stands for a part of the text, or nothing of it had room."""

    size: float
    lines: tuple[PlacedLine, ...]
    outcome: Outcome
    missing: tuple[str, ...]
    ink: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    is_cut: bool = False


NOTHING = TextLayout(0.0, (), "nothing", ())


# Layouts found before, by layer, sizes and text; a headline stays while codes come and go.
Memo = dict[tuple[object, ...], TextLayout]
_MOST_REMEMBERED = 256


def lay_out(
    layers: Iterable[TextLayer], values: Mapping[str, str], library: FontLibrary, memo: Memo | None = None
) -> dict[str, TextLayout]:
    """All visible text layers of one format, by id; layers of one size group end up with one size.

    A `memo` belongs to one format of one document.
    """
    memo = {} if memo is None else memo
    found = {layer.id: (layer, _remembered(layer, values, library, memo)) for layer in layers}
    smallest: dict[str, float] = {}
    for layer, layout in found.values():
        if layer.size_group and layout.lines:
            smallest[layer.size_group] = min(layout.size, smallest.get(layer.size_group, math.inf))
    result = {}
    for layer, layout in found.values():
        size = smallest.get(layer.size_group or "")
        if size is not None and layout.lines and layout.size != size:
            capped = layer.model_copy(update={"max_size": size, "min_size": min(size, layer.min_size)})
            layout = _remembered(capped, values, library, memo)
        result[layer.id] = layout
    return result


def _remembered(layer: TextLayer, values: Mapping[str, str], library: FontLibrary, memo: Memo) -> TextLayout:
    key = (layer.id, layer.min_size, layer.max_size, paragraphs(layer, values))
    if key not in memo:
        if len(memo) >= _MOST_REMEMBERED:
            memo.clear()
        memo[key] = lay_out_alone(layer, values, library)
    return memo[key]


def lay_out_alone(layer: TextLayer, values: Mapping[str, str], library: FontLibrary) -> TextLayout:
    """One layer, its size group not considered."""
    wanted = paragraphs(layer, values)
    if not wanted:
        return NOTHING
    room = room_for_text(layer)
    text = BrokenText(layer, wanted, library, room)
    if room.width <= 0 or room.height <= 0:
        return replace(NOTHING, missing=text.missing(), is_cut=True)
    lo, hi = math.ceil(4 * layer.min_size) / 4, grid(layer.max_size)
    arranged = text.fit(lo, hi)
    outcome: Outcome = "fits"
    if arranged is None:
        outcome, arranged = "emergency", text.fit_in_emergency(lo, lo, hi)
    if arranged is None and layer.overflow == "ellipsis":
        outcome, arranged = "ellipsis", _shorten(layer, wanted, library, room, lo)
    if arranged is None:
        outcome, arranged = "shrunk", text.fit(STEP, lo - STEP) or text.fit_in_emergency(lo, STEP, lo - STEP)
    if arranged is None:
        return replace(NOTHING, missing=text.missing(), is_cut=True)
    return _place(layer, arranged, outcome, text.missing(), library, room)


def _shorten(
    layer: TextLayer, wanted: tuple[Paragraph, ...], library: FontLibrary, room: Room, size: float
) -> Arranged | None:
    """The longest beginning that fits at `size` with an ellipsis at its end, found by bisection."""
    ends = unicode.graphemes("\n".join(paragraph.text for paragraph in wanted))

    def shortened(count: int) -> Arranged | None:
        text = BrokenText(layer, _beginning(wanted, ends[count - 1] if count else 0), library, room)
        return text.fit(size, size) or text.fit_in_emergency(size, size, size)

    good, bad, best = -1, len(ends), None
    while bad - good > 1:
        middle = (good + bad) // 2
        found = shortened(middle)
        if found:
            good, best = middle, found
        else:
            bad = middle
    return best


def _beginning(wanted: tuple[Paragraph, ...], length: int) -> tuple[Paragraph, ...]:
    """The first `length` characters (paragraph ends count one), stripped at the end, and an ellipsis."""
    kept = []
    for paragraph in wanted:
        kept.append(Paragraph(paragraph.text[: max(length, 0)], paragraph.spans[: max(length, 0)]))
        length -= len(paragraph.text) + 1
    while len(kept) > 1 and not kept[-1].text.strip(unicode.TRIM):
        kept.pop()
    last = kept[-1]
    text = last.text.rstrip(unicode.TRIM)
    span = last.spans[len(text) - 1] if text else wanted[len(kept) - 1].spans[:1] or (0,)
    owner = span if isinstance(span, tuple) else (span,)
    return (*kept[:-1], Paragraph(text + ELLIPSIS, (*last.spans[: len(text)], *owner)))


def _place(
    layer: TextLayer, arranged: Arranged, outcome: Outcome, missing: tuple[str, ...], library: FontLibrary, room: Room
) -> TextLayout:
    """Decision 0004, §8."""
    size, count = arranged.size, len(arranged.lines)
    first = first_baseline(layer, library)
    cap = library.metrics(layer.font.family).cap_height
    bases = [first + row * layer.line_height for row in range(count)]
    tops = [base - line.top for base, (_, line) in zip(bases, arranged.lines, strict=True) if line.top is not None]
    ends = [
        base - line.bottom for base, (_, line) in zip(bases, arranged.lines, strict=True) if line.bottom is not None
    ]
    ink_top, ink_bottom = min(tops, default=bases[0]), max(ends, default=bases[-1])
    if layer.valign == "top":
        y = room.y
    elif layer.valign == "middle":
        y = room.y + room.height / 2 - (bases[0] - cap + bases[-1]) / 2 * size
    else:
        y = room.y + room.height - count * layer.line_height * size
    if y + ink_top * size < room.y:
        y = room.y - ink_top * size
    if y + ink_bottom * size > room.y + room.height:
        y = room.y + room.height - ink_bottom * size
    placed = tuple(
        PlacedLine(text, _line_x(layer, line, size, room), y + base * size, line)
        for base, (text, line) in zip(bases, arranged.lines, strict=True)
    )
    ink = (
        min(line.x + line.line.left * size for line in placed),
        min(y + bases[0] * size - cap * size, y + ink_top * size),
        max(line.x + line.line.right * size for line in placed),
        max(y + bases[-1] * size, y + ink_bottom * size),
    )
    return TextLayout(size, placed, outcome, missing, ink, is_cut=outcome == "ellipsis")


def _line_x(layer: TextLayer, line: Line, size: float, room: Room) -> float:
    x = room.x
    if layer.align == "center":
        x = room.x + (room.width - line.advance * size) / 2
    elif layer.align == "right":
        x = room.x + room.width - line.advance * size
    if x + line.left * size < room.x:
        x = room.x - line.left * size
    if x + line.right * size > room.x + room.width:
        x = room.x + room.width - line.right * size
    return x
