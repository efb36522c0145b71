"""The browser lays text out as the server does: same breaks, same size, same positions."""

from itertools import zip_longest
from typing import Any

from playwright.sync_api import Page

from promostack.rendering.layout_dump import layout_dump

MOST_DRIFT_PX = 0.02


def differences(server: dict[str, Any], browser: dict[str, Any]) -> list[str]:
    """What two dumps of one case disagree on."""
    found = [
        f"{key}: {server[key]} on the server, {browser[key]} in the browser"
        for key in ("size", "outcome", "missing")
        if server[key] != browser[key]
    ]
    texts = [[line["text"] for line in dump["lines"]] for dump in (server, browser)]
    if texts[0] != texts[1]:
        return [*found, f"breaks: {texts[0]} on the server, {texts[1]} in the browser"]
    return found + ([f"positions: {drift(server, browser)} px"] if drift(server, browser) > MOST_DRIFT_PX else [])


def drift(server: dict[str, Any], browser: dict[str, Any]) -> float:
    """The largest distance between the two places of one glyph, along an axis; infinite when the glyphs differ."""
    largest = max(map(abs, (a - b for a, b in zip(server["ink"], browser["ink"], strict=True))))
    for mine, other in zip_longest(server["lines"], browser["lines"], fillvalue={"glyphs": []}):
        for glyph, twin in zip_longest(mine["glyphs"], other["glyphs"], fillvalue=("", -1, 0, 0)):
            if glyph[1] != twin[0]:
                return float("inf")
            largest = max(largest, abs(glyph[2] - twin[1]), abs(glyph[3] - twin[2]))
    return largest


def test_the_cases_cover_the_scripts(cases: list[dict[str, Any]]) -> None:
    scripts = {
        "Latin": "a",
        "Cyrillic": "я",
        "Greek": "α",
        "Arabic": "ا",
        "Hebrew": "א",
        "Devanagari": "क",
        "Thai": "ก",
    }
    scripts |= {"Kana": "の", "Han": "人"}
    texts = " ".join(str(case["layer"]) for case in cases)

    assert len(cases) >= 150
    assert {name for name, letter in scripts.items() if letter in texts} == set(scripts)


def test_both_sides_lay_out_alike(page: Page, cases: list[dict[str, Any]]) -> None:
    in_browser = page.evaluate("cases => parity.layouts(cases)", cases)

    found = {}
    for case, browser in zip(cases, in_browser, strict=True):
        server = layout_dump(case["layer"], case.get("values", {}))
        if faults := differences(server, browser):
            found[case["name"]] = faults
    assert found == {}
