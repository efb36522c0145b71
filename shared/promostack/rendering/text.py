"""From a layer's text and the values of its fields to clean paragraphs (decision 0004, §2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from promostack.rendering.unicode import TRIM
from promostack.templates.document import TextLayer

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LINE_ENDS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
# Controls, and halves of surrogate pairs, which JSON can carry and no font can draw.
_CONTROLS = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff]")


@dataclass(frozen=True)
class Style:
    """What a span changes about shaping."""

    family: str
    weight: int


@dataclass(frozen=True)
class Paragraph:
    """`spans` holds the number of the span each character belongs to."""

    text: str
    spans: tuple[int, ...]


def fill_in(template: str, values: Mapping[str, str]) -> str:
    """Puts values in for `{name}`; a name without a value becomes the empty text."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), template)


def clean(text: str, *, upper: bool) -> str:
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    return unicodedata.normalize("NFC", text.upper()) if upper else text


def paragraphs(layer: TextLayer, values: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """The stripped paragraphs of a layer; empty when nothing is left to draw."""
    parts = [span.text for span in layer.spans] if layer.spans else [layer.text]
    cleaned = [clean(fill_in(part, values), upper=layer.case == "upper") for part in parts]
    text = "".join(cleaned)
    owner = tuple(number for number, part in enumerate(cleaned) for _ in part)
    found, start = [], 0
    for line in text.split("\n"):
        found.append(_strip(line, owner[start : start + len(line)]))
        start += len(line) + 1
    if len(found) > layer.lines:
        found = [_join(found)]
    return tuple(found) if any(paragraph.text for paragraph in found) else ()


def styles(layer: TextLayer) -> tuple[Style, ...]:
    """The style of each span, by number."""
    fonts = [span.font or layer.font for span in layer.spans] if layer.spans else [layer.font]
    return tuple(Style(font.family, font.weight) for font in fonts)


def _strip(text: str, owner: tuple[int, ...]) -> Paragraph:
    left = len(text) - len(text.lstrip(TRIM))
    right = max(left, len(text.rstrip(TRIM)))
    return Paragraph(text[left:right], owner[left:right])


def _join(found: list[Paragraph]) -> Paragraph:
    """Paragraphs that are more than the lines allowed become one, with single spaces between."""
    kept = [paragraph for paragraph in found if paragraph.text]
    text = " ".join(paragraph.text for paragraph in kept)
    owner: list[int] = []
    for number, paragraph in enumerate(kept):
        owner += [*([paragraph.spans[0]] if number else []), *paragraph.spans]
    return Paragraph(text, tuple(owner))
