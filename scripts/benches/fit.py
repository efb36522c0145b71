"""Whether the fit finds the largest size: against an exhaustive search that shares no code with us.

Cases are the texts and boxes of tests/parity/cases.json (UDHR translations and CLDR names), each in the family of the
bundled fonts that holds all of its characters; texts that need several are left out and counted. The search tries every
breaking at the places that UAX #14 gives and every size of the 0.25 px grid; a line is HarfBuzz's shaping of its text
alone, widths and heights are the union of advances and ink extents. Overflow is seen in the rendered ink.
"""

from __future__ import annotations

import io
import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from PIL import Image
from uniseg.linebreak import line_break_boundaries

from promostack.rendering.service import render

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "shared" / "assets" / "fonts"
CASES = ROOT / "tests" / "parity" / "cases.json"
STEP = 0.25
MOST_PLACES = 16
_STYLED = ("background", "stroke", "shadow", "spans", "letter_spacing", "case", "rotation", "size_group")


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    faces = _faces()
    counts = {
        "cases": 0,
        "left_out": 0,
        "overflows": 0,
        "equal": 0,
        "ellipses": 0,
        "needless": 0,
        "lone": 0,
        "multi": 0,
    }
    differing = []
    for number, case in enumerate(json.loads(CASES.read_text(encoding="utf-8"))["cases"]):
        if number % 50 == 0:
            progress(f"case {number}")
        layer = {key: value for key, value in case["layer"].items() if key not in _STYLED}
        layer.setdefault("text", "".join(span["text"] for span in case["layer"].get("spans", ())))
        for name, value in case.get("values", {}).items():
            layer["text"] = layer["text"].replace(f"{{{name}}}", value)
        face = next((face for face in faces if face.holds(layer["text"])), None)
        search = _Search(face, layer) if face else None
        if face is None or search is None or len(search.places) > MOST_PLACES:
            counts["left_out"] += 1
            continue
        layer["font"] = {"family": face.family, "weight": layer["font"]["weight"]}
        layer["text"] = search.text
        shown, overflows = _rendered(layer)
        best = search.best()
        counts["cases"] += 1
        counts["overflows"] += overflows
        ellipsis = shown.outcome == "ellipsis"
        counts["ellipses"] += ellipsis
        counts["needless"] += ellipsis and best is not None
        equal = (shown.size == best) if best is not None else shown.outcome != "fits"
        counts["equal"] += equal
        if not equal:
            differing.append({"case": case["name"], "ours": shown.size, "search": best, "outcome": shown.outcome})
        counts["multi"] += len(shown.lines) > 1
        counts["lone"] += len(shown.lines) > 1 and len(shown.lines[-1].split()) == 1
    return {
        "cases": counts["cases"],
        "overflows": counts["overflows"],
        "optimum_equal_pct": _percent(counts["equal"], counts["cases"]),
        "needless_ellipses": counts["needless"],
        "lone_word_lines_pct": _percent(counts["lone"], counts["multi"]),
        "differing": differing,
        "counts": {name: counts[name] for name in ("left_out", "ellipses", "multi")},
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


class _Face:
    """One bundled file; extents and advances in units of the face."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self.family: str = entry["family"]
        self.axis = entry["axes"].get("wght")
        self.face = hb.Face(hb.Blob.from_file_path(str(FONTS / entry["file"])))
        self._characters = set(self.face.unicodes)
        hhea = self.face.reference_table("hhea").data
        self.ascender = int.from_bytes(hhea[4:6], "big", signed=True) / self.face.upem
        self.descender = -int.from_bytes(hhea[6:8], "big", signed=True) / self.face.upem

    def holds(self, text: str) -> bool:
        return all(ord(char) in self._characters for char in text)

    def font(self, weight: int) -> Any:
        font = hb.Font(self.face)
        if self.axis:
            font.set_variations({"wght": min(max(weight, self.axis[0]), self.axis[1])})
        return font


def _faces() -> list[_Face]:
    manifest = json.loads((FONTS / "fonts.json").read_text(encoding="utf-8"))
    by_name = {entry["family"]: entry for entry in manifest["families"]}
    return [_Face(by_name[name]) for name in manifest["fallback"] if "Emoji" not in name]


class _Search:
    """Tries everything."""

    def __init__(self, face: _Face, layer: dict[str, Any]) -> None:
        self.text = " ".join(layer["text"].split())
        self.places = [0, *line_break_boundaries(self.text)]
        if self.places[:2] == [0, 0]:
            self.places.pop(0)
        self._face, self._layer = face, layer
        self._font = face.font(layer["font"]["weight"])
        self._known: dict[tuple[int, int], tuple[float, float, float]] = {}

    def best(self) -> float | None:
        """The largest size at which some breaking fits, None when none does at min_size."""
        last = len(self.places) - 1
        largest = 0.0
        for count in range(1, min(self._layer["lines"], last) + 1):
            for inner in itertools.combinations(range(1, last), count - 1):
                largest = max(largest, self._size_of((0, *inner, last)))
        return largest if largest >= self._layer["min_size"] else None

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

    def _line(self, start: int, end: int) -> tuple[float, float, float]:
        """Width, ink top and ink bottom in em."""
        if (start, end) not in self._known:
            self._known[start, end] = self._measure(self.text[self.places[start] : self.places[end]].strip())
        return self._known[start, end]

    def _measure(self, text: str) -> tuple[float, float, float]:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = "und"
        hb.shape(self._font, buffer)
        x, left, right, top, bottom = 0, 0, 0, -math.inf, math.inf
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            ink = self._font.get_glyph_extents(info.codepoint)
            if ink and ink.width and ink.height:
                left = min(left, x + place.x_offset + ink.x_bearing)
                right = max(right, x + place.x_offset + ink.x_bearing + ink.width)
                top = max(top, place.y_offset + ink.y_bearing)
                bottom = min(bottom, place.y_offset + ink.y_bearing + ink.height)
            x += place.x_advance
        upem = self._face.face.upem
        return (max(x, right) - left) / upem, top / upem, bottom / upem


class _NoAssets:
    def load(self, key: str) -> bytes:
        raise KeyError(key)


def _rendered(layer: dict[str, Any]) -> tuple[Any, bool]:
    """The report on the text, and whether ink lies outside the box."""
    width, height = math.ceil(layer["x"] + layer["width"]) + 40, math.ceil(layer["y"] + layer["height"]) + 40
    shape = {"width": width, "height": height, "background": {"color": "#000"}, "layers": [layer]}
    document = {"schema": 2, "slug": "fit", "name": "Fit", "formats": {"one": shape}}
    picture = render(document, format="one", fields={}, code="", assets=_NoAssets(), output="png", only=[layer["id"]])
    ink = Image.open(io.BytesIO(picture.data)).getchannel("A").getbbox() or (math.inf, math.inf, 0, 0)
    outside = (
        ink[0] < math.floor(layer["x"])
        or ink[1] < math.floor(layer["y"])
        or ink[2] > math.ceil(layer["x"] + layer["width"])
        or ink[3] > math.ceil(layer["y"] + layer["height"])
    )
    return _text_of(layer), outside


def _text_of(layer: dict[str, Any]) -> Any:
    from promostack.rendering.fonts import bundled
    from promostack.rendering.layout import lay_out_alone
    from promostack.templates.document import TextLayer

    layout = lay_out_alone(TextLayer.model_validate(layer), {}, bundled())
    return _Shown(layout.size, layout.outcome, [line.text for line in layout.lines])


class _Shown:
    def __init__(self, size: float, outcome: str, lines: list[str]) -> None:
        self.size, self.outcome, self.lines = size, outcome, lines
