"""Hands at the template editor; and the editor as the dashboard mounts it, on a page of its own: the server that keeps
the draft is a few lines in the page. For tests of hands, which need no server, and for the editor's bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page

Point = tuple[float, float]

# Where the picture lies, once that has been the same for some frames and no letter is still to come: bars that wrap
# otherwise, or a font that arrives, push it from under the pointer.
AT_REST = """() => {
  const picture = document.querySelector('.stage-page');
  if (!picture) return null;
  const { x, y, width } = picture.getBoundingClientRect();
  const place = [x, y, width].join();
  const isSame = picture.place === place && document.fonts.status === 'loaded';
  picture.frames = isSame ? picture.frames + 1 : 0;
  picture.place = place;
  if (picture.frames < 3) return null;
  picture.frames = 0;
  return { x, y, width };
}"""


class Hands:
    """Pointers over the editor of `page`. Points are in the pixels of the format, which is `width` of them wide."""

    page: Page
    width: float
    touch: CDPSession | None

    def at(self, x: float, y: float) -> Point:
        """Where a point of the format is on the screen, once nothing moves any more."""
        [place] = self._places((x, y))
        return place

    def zoom(self) -> float:
        """Screen pixels of a pixel of the format, once nothing moves any more."""
        return self._picture()["width"] / self.width

    def drag(self, start: Point, end: Point, *, keys: str = "") -> None:
        """By the mouse, with keys held down. What is taken hold of may change the panels around, not the way."""
        mouse = self.page.mouse
        mouse.move(*self.at(*start))
        if keys:
            self.page.keyboard.down(keys)
        mouse.down()
        middle, last = self._places(_between(start, end, 0.5), end)
        mouse.move(*middle)
        mouse.move(*last)
        mouse.up()
        if keys:
            self.page.keyboard.up(keys)

    def tap(self, x: float, y: float) -> None:
        self.page.touchscreen.tap(*self.at(x, y))

    def press(self, place: Locator) -> None:
        """By a finger. The browser makes the click of the touch afterwards, by itself: it is waited for."""
        place.evaluate("""(element) => {
          window.isPressed = false;
          element.addEventListener('click', () => setTimeout(() => (window.isPressed = true)), { once: true });
        }""")
        place.tap()
        self.page.wait_for_function("() => window.isPressed")

    def swipe(self, *fingers: tuple[Point, Point]) -> None:
        """Each finger goes from its first point to its second one."""
        places = [self._places(*finger) for finger in fingers]
        self.touch = self.touch or self.page.context.new_cdp_session(self.page)
        for kind, share in (("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1), ("touchEnd", None)):
            points = [_between(*way, share) for way in places] if share is not None else []
            touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            self.touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def _places(self, *points: Point) -> list[Point]:
        self.page.locator(".stage").scroll_into_view_if_needed()
        picture = self._picture()
        share = picture["width"] / self.width
        return [(picture["x"] + x * share, picture["y"] + y * share) for x, y in points]

    def _picture(self) -> dict[str, float]:
        return self.page.wait_for_function(AT_REST).json_value()


@dataclass
class LoneEditor(Hands):
    """The editor with nothing around it."""

    page: Page
    width: float
    touch: CDPSession | None = None

    def layers(self, form: str = "square") -> dict[str, dict[str, Any]]:
        """As they were saved, once all is saved; in their order."""
        self.page.wait_for_selector(".editor[data-saving=saved]")
        kept = self.page.evaluate("() => window.kept.document")
        return {layer["id"]: layer for layer in kept["formats"][form]["layers"]}


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def mount(page: Page, base: str, document: dict[str, Any]) -> LoneEditor:
    """On a page of `tests.parity.site`; drawn once."""
    page.goto(f"{base}/parity/lone-editor.html")
    page.evaluate("async (document) => (await import('/parity/lone-editor.js')).mount(document)", document)
    return LoneEditor(page, next(iter(document["formats"].values()))["width"])
