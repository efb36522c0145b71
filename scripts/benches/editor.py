"""The template editor: from a key pressed in a text to the end of drawing the canvas, on the main thread.

A seed template with a photo behind three texts, in the editor as the dashboard mounts it, at 1440 × 900: the canvas is
fitted into the window and drawn by the preview engine. Keys come from outside, one every 80 ms, as somebody types them;
the clock of a key starts with its event and stops when the picture is painted. The server that takes the draft answers
at once. `canvas_px` is the width that was drawn.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, sync_playwright

from scripts.benches.statistics_ms import percentile
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.parity.site import ROOT, chromium, served
from tests.web.lone_editor import mount

KEYS = "Trade bigger with every code that we send you this week. "
ROUNDS = 5
BETWEEN_MS = 80
TEMPLATE = ROOT / "shared/assets/seed/templates/aurora.json"
CLOCK = """() => {
  window.times = [];
  let pressed = null;
  addEventListener('keydown', () => (pressed = performance.now()), { capture: true });
  document.addEventListener('drawn', () => {
    if (pressed !== null) times.push(performance.now() - pressed);
    pressed = null;
  });
}"""

Progress = Callable[[str], None]


def run(progress: Progress) -> dict[str, Any]:
    with served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        mount(page, base, json.loads(TEMPLATE.read_text(encoding="utf-8")))
        page.evaluate(CLOCK)
        page.locator("[data-layer=headline]").click()
        area = page.locator("textarea[data-path=text]")
        _type(page, area, KEYS)  # the engine's first words: fonts are fetched, code is made fast
        page.evaluate("() => { window.times = []; }")
        for number in range(ROUNDS):
            progress(f"round {number + 1} of {ROUNDS}")
            _type(page, area, KEYS)
        times = page.evaluate("() => window.times")
        canvas_px = page.evaluate("() => document.querySelector('.stage-page canvas').width")
        browser.close()
    seconds = [time / 1000 for time in times]
    return {
        "keystroke_p50_ms": percentile(seconds, 0.5),
        "keystroke_p95_ms": percentile(seconds, 0.95),
        "keystroke_max_ms": percentile(seconds, 1),
        "keystrokes": len(seconds),
        "canvas_px": canvas_px,
    }


def _type(page: Page, area: Any, text: str) -> None:
    area.fill("")
    area.press_sequentially(text, delay=BETWEEN_MS)
    page.wait_for_timeout(2 * BETWEEN_MS)
