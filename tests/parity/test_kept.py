"""What the editor draws, keeping what does not change, against the same picture drawn from nothing: pixel by pixel."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.parity.site import ROOT

STEPS = 24
COMPARE = "async ([documents, steps]) => (await import('/parity/kept.js')).compare(documents, steps)"


def _seed(name: str) -> dict[str, Any]:
    return json.loads((ROOT / f"shared/assets/seed/templates/{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["aurora", "ticket", "gold-reserve"])
def test_what_is_kept_is_what_would_be_drawn_from_nothing(page: Page, name: str) -> None:
    found = page.evaluate(COMPARE, [[_seed(name)], STEPS])
    assert found["differing"] == []
    assert found["painted"] == STEPS
