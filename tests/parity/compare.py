"""What two layouts of one case, dumped by the server and by the browser, disagree on."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

MOST_DRIFT_PX = 0.02


def breaks(dump: dict[str, Any]) -> list[str]:
    return [line["text"] for line in dump["lines"]]


def drift_px(server: dict[str, Any], browser: dict[str, Any]) -> float:
    """The largest distance between the two places of one glyph, along an axis; infinite when the glyphs differ."""
    largest = max(abs(a - b) for a, b in zip(server["ink"], browser["ink"], strict=True))
    for mine, other in zip_longest(server["lines"], browser["lines"], fillvalue={"glyphs": []}):
        for glyph, twin in zip_longest(mine["glyphs"], other["glyphs"], fillvalue=("", -1, 0, 0)):
            if glyph[1] != twin[0]:
                return float("inf")
            largest = max(largest, abs(glyph[2] - twin[1]), abs(glyph[3] - twin[2]))
    return largest


def differences(server: dict[str, Any], browser: dict[str, Any]) -> list[str]:
    found = [
        f"{key}: {server[key]} on the server, {browser[key]} in the browser"
        for key in ("size", "outcome", "missing")
        if server[key] != browser[key]
    ]
    if breaks(server) != breaks(browser):
        return [*found, f"breaks: {breaks(server)} on the server, {breaks(browser)} in the browser"]
    drift = drift_px(server, browser)
    return [*found, f"positions: {drift} px apart"] if drift > MOST_DRIFT_PX else found
