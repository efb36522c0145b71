"""The template editor as the dashboard mounts it, on a page of its own: the server that keeps the draft is a few lines
in the page. For tests of hands, which need no server, and for the editor's bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page


@dataclass
class LoneEditor:
    """Hands at the editor. Points are in the pixels of the format."""

    page: Page
    width: float
    touch: CDPSession | None = None

    def layers(self, form: str = "square") -> dict[str, dict[str, Any]]:
        """As they were saved, once all is saved; in their order."""
        self.page.wait_for_selector(".editor[data-saving=saved]")
        kept = self.page.evaluate("() => window.kept.document")
        return {layer["id"]: layer for layer in kept["formats"][form]["layers"]}

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the format is on the screen."""
        self.page.locator(".stage").scroll_into_view_if_needed()
        box = self.page.locator(".stage-page").bounding_box()
        share = box["width"] / self.width
        return box["x"] + x * share, box["y"] + y * share

    def zoom(self) -> float:
        """Screen pixels of a pixel of the format."""
        return self.page.locator(".stage-page").bounding_box()["width"] / self.width

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, keys: str = "") -> None:
        mouse = self.page.mouse
        mouse.move(*self.at(*start))
        if keys:
            self.page.keyboard.down(keys)
        mouse.down()
        mouse.move(*self.at(*[(a + b) / 2 for a, b in zip(start, end, strict=True)]))
        mouse.move(*self.at(*end))
        mouse.up()
        if keys:
            self.page.keyboard.up(keys)

    def swipe(self, *fingers: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Each finger goes from its first point to its second one."""
        places = [(self.at(*start), self.at(*end)) for start, end in fingers]
        self.touch = self.touch or self.page.context.new_cdp_session(self.page)
        for kind, share in (("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1), ("touchEnd", None)):
            points = [] if share is None else [_between(*each, share, number) for number, each in enumerate(places)]
            self.touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def _between(start: tuple[float, float], end: tuple[float, float], share: float, number: int) -> dict[str, float]:
    x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return {"x": x, "y": y, "id": number}


def mount(page: Page, base: str, document: dict[str, Any]) -> LoneEditor:
    """On a page of `tests.parity.site`; drawn once."""
    page.goto(f"{base}/parity/lone-editor.html")
    page.evaluate("async (document) => (await import('/parity/lone-editor.js')).mount(document)", document)
    return LoneEditor(page, next(iter(document["formats"].values()))["width"])
