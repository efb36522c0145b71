"""Our lines against Chromium's own layout of the same font files: widths, and breaks of boxes filled word by word."""

from typing import Any

import pytest
from playwright.sync_api import Page

MOST_WIDTH_PX = 0.5
SIZE_PX = 40


@pytest.fixture(scope="module")
def lines(page: Page, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts in their font, without other style. A letter of no bundled font is out: the browser takes the system's."""
    chosen = [case for case in cases if "text" in case["layer"]]
    layouts = page.evaluate("cases => parity.layouts(cases)", chosen)
    return [
        {"text": case["layer"]["text"].format(**case.get("values", {})), **case["layer"]["font"], "size": SIZE_PX}
        for case, layout in zip(chosen, layouts, strict=True)
        if not layout["missing"]
    ]


def test_lines_are_as_wide_as_the_browsers(page: Page, lines: list[dict[str, Any]]) -> None:
    found = page.evaluate("lines => parity.widths(lines)", lines)

    assert len(found) >= 200
    assert [line for line, (own, theirs) in zip(lines, found, strict=True) if abs(own - theirs) > MOST_WIDTH_PX] == []


def test_lines_end_where_the_browsers_end(page: Page, lines: list[dict[str, Any]]) -> None:
    """Thai is left out: the browser divides it by a dictionary, we at spaces."""
    divided = [line for line in lines if not any("ก" <= char <= "๛" for char in line["text"])]
    boxes = [{**line, "width": width} for line in divided for width in (333, 520, 777)]

    found = page.evaluate("boxes => parity.wrapped(boxes)", boxes)

    assert [(own, theirs) for own, theirs in found if own != theirs] == []
