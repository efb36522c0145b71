"""The preview in the browser against the server's picture: layouts, text alone, whole seed pictures.

Layouts: every case of tests/parity/cases.json on both sides. Text: each case's layer alone on a plain ground, a third
of them turned by 7°, half of them at scale 2, luma cropped to the ink and 8 px around it. Pictures: every seed template
and format, half of them at scale 2. The browser draws with the network cut after loading; the worst case counts, the
ten worst of each kind are saved to .local/parity/. The server's bytes are those of `promostack.rendering.service`,
which the API hands out as they are.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, sync_playwright

from promostack.rendering.layout_dump import layout_dump
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.parity import compare, measure, pictures
from tests.parity.site import ROOT, chromium, parity_page

CASES = ROOT / "tests/parity/cases.json"
SAVED = 10
TURNED = 7.0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Compared:
    name: str
    ssim: float
    differing_pct: float


class Gallery:
    """What was compared; of the pictures only the worst are kept, and saved at the end."""

    def __init__(self) -> None:
        self.compared: list[Compared] = []
        self._worst: list[tuple[float, int, pictures.Pair]] = []

    def add(self, pair: pictures.Pair, ssim: float, differing_pct: float) -> None:
        self.compared.append(Compared(pair.name, ssim, differing_pct))
        # The number keeps pairs of equal likeness from being compared themselves.
        entry = (-ssim, len(self.compared), pair)
        if len(self._worst) < SAVED:
            heapq.heappush(self._worst, entry)
        else:
            heapq.heappushpop(self._worst, entry)

    def save_worst(self) -> None:
        for _, _, pair in self._worst:
            pair.save()

    def figures(self) -> tuple[float, float, float, str]:
        """Least and median likeness, largest share of differing pixels, name of the least alike."""
        by_likeness = sorted(self.compared, key=lambda one: one.ssim)
        median = by_likeness[len(by_likeness) // 2].ssim
        return by_likeness[0].ssim, median, max(one.differing_pct for one in by_likeness), by_likeness[0].name


def run(progress: Progress) -> dict[str, Any]:
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        with parity_page(browser) as page:
            progress(f"{len(cases)} layouts")
            layouts = _layouts(page, cases)
            for name, document in pictures.seed_documents():
                progress(f"loading {name}")
                page.evaluate("document => parity.load(document, { everyFont: true })", document)
            page.context.set_offline(True)
            texts = _texts(page, cases, progress)
            seeds = _seeds(page, progress)
        version = browser.version
        browser.close()
    for gallery in (texts, seeds):
        gallery.save_worst()
    text_min, text_median, ink_max, worst_text = texts.figures()
    image_min, _, image_max, worst_picture = seeds.figures()
    return {
        **layouts,
        "texts": len(texts.compared),
        "text_ssim_min": round(text_min, 5),
        "text_ssim_median": round(text_median, 5),
        "ink_diff_max_pct": round(ink_max, 3),
        "worst_text": worst_text,
        "pictures": len(seeds.compared),
        "image_ssim_min": round(image_min, 5),
        "image_diff_max_pct": round(image_max, 4),
        "worst_picture": worst_picture,
        "browser": version,
    }


def _layouts(page: Page, cases: list[dict[str, Any]]) -> dict[str, Any]:
    drawn = page.evaluate("cases => parity.layouts(cases)", cases)
    served = [layout_dump(case["layer"], case.get("values", {})) for case in cases]
    pairs = list(zip(served, drawn, strict=True))
    same_breaks = [pair for pair in pairs if compare.breaks(pair[0]) == compare.breaks(pair[1])]
    return {
        "cases": len(cases),
        "breaks_equal_pct": round(100 * len(same_breaks) / len(pairs), 2),
        "size_equal_pct": round(100 * sum(one["size"] == other["size"] for one, other in pairs) / len(pairs), 2),
        "drift_max_px": max(compare.drift_px(one, other) for one, other in same_breaks),
    }


def _texts(page: Page, cases: list[dict[str, Any]], progress: Progress) -> Gallery:
    found = Gallery()
    for number, case in enumerate(cases):
        if number % 50 == 0:
            progress(f"texts from {number}")
        document = pictures.text_document(case, rotation=TURNED if number % 3 == 2 else 0)
        code = case.get("values", {}).get("code", "")
        pair = pictures.draw_twice(
            page, document, name=f"text-{case['name']}", format="only", code=code, scale=1 + number % 2
        )
        if box := measure.ink_box(pair.server, pictures.GROUND):
            server, browser = pair.server.crop(box), pair.browser.crop(box)
            share = measure.ink_share(server, browser, pictures.GROUND)
            found.add(pair, measure.ssim(server, browser), share)
    return found


def _seeds(page: Page, progress: Progress) -> Gallery:
    found = Gallery()
    for name, document in pictures.seed_documents():
        progress(f"pictures of {name}")
        for shape in document["formats"]:
            scale = 1 + len(found.compared) % 2
            pair = pictures.draw_twice(page, document, name=f"seed-{name}-{shape}", format=shape, scale=scale)
            share = 100 * float(measure.differing(pair.server, pair.browser).mean())
            found.add(pair, measure.ssim(pair.server, pair.browser), share)
    return found
