"""The samples of Unicode's own test files, version 15.0.0 (Debian: unicode-data), with the answers they give."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNICODE_DATA = Path("/usr/share/unicode")
VERSION = "15.0.0"
# One character of each bidi class.
OF_CLASS = {
    "L": "a",
    "R": "\u05d0",
    "AL": "\u0627",
    "EN": "1",
    "ES": "+",
    "ET": "#",
    "CS": ",",
    "AN": "\u0660",
    "NSM": "\u0300",
    "BN": "\u00ad",
    "B": "\u2029",
    "S": "\t",
    "WS": " ",
    "ON": "!",
    "LRE": "\u202a",
    "LRO": "\u202d",
    "RLE": "\u202b",
    "RLO": "\u202e",
    "PDF": "\u202c",
    "LRI": "\u2066",
    "RLI": "\u2067",
    "FSI": "\u2068",
    "PDI": "\u2069",
}
_ISOLATES_AND_SPACE = {"WS", "FSI", "LRI", "RLI", "PDI"}
_REMOVED = {"BN", "LRE", "LRO", "RLE", "RLO", "PDF"}


@dataclass(frozen=True)
class Levels:
    """A paragraph whose direction is its own. `classes` by character; `levels` None where rule X9 removes it."""

    text: str
    classes: tuple[str, ...]
    levels: tuple[int | None, ...]

    def agrees(self, found: list[int]) -> bool:
        return all(want is None or want == got for want, got in zip(self.levels, self._reset(found), strict=True))

    def _reset(self, found: list[int]) -> list[int]:
        """Rule L1, which the engine has no use for: its lines neither end in spaces nor hold tabs."""
        base = base_level(self.classes)
        result, trailing = list(found), True
        for place in reversed(range(len(found))):
            kind = self.classes[place]
            if kind in {"B", "S"}:
                result[place], trailing = base, True
            elif trailing and kind in _ISOLATES_AND_SPACE:
                result[place] = base
            elif kind not in _REMOVED:
                trailing = False
        return result


def segments(name: str) -> Iterator[tuple[str, list[int]]]:
    """Texts and the places (0 left out) at which they divide, of LineBreakTest.txt or GraphemeBreakTest.txt."""
    for line in _lines(f"auxiliary/{name}"):
        text, places = "", []
        for part in line.split():
            if part == "÷":
                places.append(len(text))
            elif part != "×":
                text += chr(int(part, 16))
        if not any(0xD800 <= ord(char) <= 0xDFFF for char in text):
            yield text, [place for place in places if place]


def bidi(step: int) -> Iterator[Levels]:
    """Every `step`-th sample of BidiTest.txt whose paragraph finds its own direction."""
    levels: tuple[int | None, ...] = ()
    for number, line in enumerate(_lines("BidiTest.txt")):
        if line.startswith("@Levels:"):
            levels = tuple(None if part == "x" else int(part) for part in line.split()[1:])
        elif not line.startswith("@") and number % step == 0:
            names, directions = line.split(";")
            if int(directions, 16) & 1:
                classes = tuple(names.split())
                yield Levels("".join(OF_CLASS[name] for name in classes), classes, levels)


def bidi_characters(step: int) -> Iterator[Levels]:
    """Every `step`-th text of BidiCharacterTest.txt (brackets, too) whose direction is the one it finds itself."""
    for line in list(_lines("BidiCharacterTest.txt"))[::step]:
        codes, _, base, levels, _ = line.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        classes = tuple(unicodedata.bidirectional(char) for char in text)
        if base_level(classes) == int(base):
            yield Levels(text, classes, tuple(None if part == "x" else int(part) for part in levels.split()))


def base_level(classes: tuple[str, ...]) -> int:
    """Rules P2 and P3."""
    depth = 0
    for kind in classes:
        if kind in {"LRI", "RLI", "FSI"}:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in {"L", "R", "AL"}:
            return int(kind != "L")
    return 0


def _lines(name: str) -> Iterator[str]:
    for line in (UNICODE_DATA / name).read_text(encoding="utf-8").splitlines():
        if content := line.split("#")[0].strip():
            yield content
