"""The browser page and the cases of the parity tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.parity.site import parity_page


@pytest.fixture(scope="package")
def page(browser: Browser) -> Iterator[Page]:
    """A page with the engine's modules and all fonts and art on a site of its own."""
    with parity_page(browser) as found:
        yield found


@pytest.fixture(scope="session")
def cases() -> list[dict[str, Any]]:
    return json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))["cases"]
