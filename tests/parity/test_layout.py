"""The browser lays text out as the server does: same breaks, same size, same positions."""

from typing import Any

from playwright.sync_api import Page

from promostack.rendering.layout_dump import layout_dump
from tests.parity.compare import differences


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

    assert len(cases) >= 300
    assert {name for name, letter in scripts.items() if letter in texts} == set(scripts)


def test_both_sides_lay_out_alike(page: Page, cases: list[dict[str, Any]]) -> None:
    in_browser = page.evaluate("cases => parity.layouts(cases)", cases)

    found = {}
    for case, browser in zip(cases, in_browser, strict=True):
        server = layout_dump(case["layer"], case.get("values", {}))
        if faults := differences(server, browser):
            found[case["name"]] = faults
    assert found == {}
