"""The browser lays text out as the server does: same breaks, same size, same positions."""

import random
from typing import Any

import pytest
from playwright.sync_api import Page

from promostack.rendering.layout_dump import layout_dump
from tests.parity.compare import differences
from tests.sampling import every

PARTS, SEED = 3, 6


def part_of(cases: list[dict[str, Any]], part: int) -> list[dict[str, Any]]:
    """Neighbours are alike: they are mixed, so that each part has every script."""
    return random.Random(SEED).sample(cases, len(cases))[part::PARTS]


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

    assert len(cases) >= 300
    for part in range(PARTS):
        texts = " ".join(str(case["layer"]) for case in part_of(cases, part))
        assert {name for name, letter in scripts.items() if letter in texts} == set(scripts)


@pytest.mark.parametrize("part", every(PARTS, range(PARTS)))
def test_both_sides_lay_out_alike(page: Page, cases: list[dict[str, Any]], part: int) -> None:
    cases = part_of(cases, part)
    in_browser = page.evaluate("cases => parity.layouts(cases)", cases)

    found = {}
    for case, browser in zip(cases, in_browser, strict=True):
        server = layout_dump(case["layer"], case.get("values", {}))
        if faults := differences(server, browser):
            found[case["name"]] = faults
    assert found == {}
