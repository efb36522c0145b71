"""Whether the fit finds the largest size: against an exhaustive search that shares no code with us.

Cases: fit_cases.py. The search (fit_search.py) tries every breaking at the places that UAX #14 gives and every size of
the 0.25 px grid. Texts that need several fonts or run in both directions, and those with more places to break than 40
(without spaces between words), are left out of the list. Overflow is seen in the rendered ink.

Lone words: multi-line pictures of texts with more words than lines, whose last line is one word.
`lone_word_lines_pct` counts them all, `lone_words_forced_pct` those that the largest size leaves no choice about,
`lone_words_needless_pct` those that another legal breaking of that size does without. `lone_words_by_words_pct` tells
them by the number of words; `greedy_lone_word_lines_pct` is what a loop that fills lines and takes 2 px off leaves.
"""

from __future__ import annotations

import io
import math
import multiprocessing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from promostack.rendering.service import TextReport, render
from scripts.benches import fit_cases
from scripts.benches.fit_search import Face, Search, faces

PROCESSES = 2
SHOWN = 20


@dataclass(frozen=True)
class Outcome:
    counts: tuple[str, ...]
    differing: dict[str, Any] | None


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    differing = []
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for number, outcome in enumerate(pool.imap_unordered(_tried, _numbered(), chunksize=64)):
            if number % 1000 == 0:
                progress(f"case {number}")
            counts.update(outcome.counts)
            differing += [outcome.differing] if outcome.differing else []
    return {
        "cases": counts["cases"],
        "overflows": counts["overflow"],
        "optimum_equal_pct": _percent(counts["equal"], counts["cases"]),
        "needless_ellipses": counts["needless"],
        "lone_word_lines_pct": _percent(counts["needless_lone"] + counts["forced_lone"], counts["multi"]),
        "lone_words_needless_pct": _percent(counts["needless_lone"], counts["multi"]),
        "lone_words_forced_pct": _percent(counts["forced_lone"], counts["multi"]),
        "lone_words_by_words_pct": {
            name: _percent(counts[f"lone_{name}"], counts[f"multi_{name}"])
            for name in ("3_to_5", "6_to_8", "9_or_more")
        },
        "greedy_lone_word_lines_pct": _percent(counts["greedy_lone"], counts["greedy_multi"]),
        "differing": differing[:SHOWN],
        "counts": {name: counts[name] for name in ("multi", "fits", "emergency", "shrunk", "ellipsis")},
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


_faces: dict[str, Face] = {}


def _numbered() -> list[tuple[str, dict[str, Any]]]:
    return [(face.family, layer) for face, layer in fit_cases.layers(faces())]


def _tried(case: tuple[str, dict[str, Any]]) -> Outcome:
    family, layer = case
    if not _faces:
        _faces.update({face.family: face for face in faces()})
    search = Search(_faces[family], layer)
    best, avoids = search.best()
    shown, overflows = _rendered(layer)
    equal = shown.size == best if best is not None else shown.outcome != "fits"
    found = ["cases", shown.outcome, *(["overflow"] if overflows else []), *(["equal"] if equal else [])]
    if shown.outcome == "ellipsis" and best is not None:
        found.append("needless")
    found += _words(shown, layer, avoids=avoids) + _greedy(search)
    seen = {"layer": layer, "ours": shown.size, "search": best, "outcome": shown.outcome}
    return Outcome(tuple(found), None if equal and not overflows else seen)


def _words(shown: TextReport, layer: dict[str, Any], *, avoids: bool) -> list[str]:
    """What the last line says of lone words; texts of scripts without spaces have none."""
    words = layer["text"].split()
    if not 2 <= len(shown.lines) < len(words):
        return []
    many = "3_to_5" if len(words) < 6 else "6_to_8" if len(words) < 9 else "9_or_more"
    if len(shown.lines[-1].split()) > 1:
        return ["multi", f"multi_{many}"]
    return ["multi", f"multi_{many}", f"lone_{many}", "needless_lone" if avoids else "forced_lone"]


def _greedy(search: Search) -> list[str]:
    lines = search.wrap_greedily() or []
    if not 2 <= len(lines) < len(search.text.split()):
        return []
    return ["greedy_multi"] if len(lines[-1].split()) > 1 else ["greedy_multi", "greedy_lone"]


def _rendered(layer: dict[str, Any]) -> tuple[TextReport, bool]:
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
    return picture.report.texts[0], outside


class _NoAssets:
    def load(self, key: str) -> bytes:
        raise KeyError(key)
