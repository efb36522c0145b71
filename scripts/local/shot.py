"""A picture of one page in one state, and how to get there. The lists stand in shots.py and shots_signed_in.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Step = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """One page in one state. `host` is "" for the public site, else `dash` or `admin`; `person` is who is signed in."""

    name: str
    path: str
    host: str = ""
    before: Step | None = None
    then: Step | None = None
    theme: str = "dark"
    whole: bool = False
    person: str = ""


def answer(pattern: str, status: int, body: str, **headers: str) -> Step:
    """Makes the API answer this, for a state that a healthy product does not have."""
    return lambda page: page.route(
        pattern, lambda route: route.fulfill(status=status, body=body, content_type="application/json", headers=headers)
    )


def press(*names: str) -> Step:
    """Presses the buttons of these names, one after another."""

    def run(page: Page) -> None:
        for name in names:
            page.get_by_role("button", name=name).first.click()

    return run


def open_first(then: Step | None = None) -> Step:
    """Opens the large view of the first picture."""

    def run(page: Page) -> None:
        page.locator(".tile a[data-slug]").first.click()
        page.locator("dialog ps-preview[data-state=drawn]").wait_for()
        if then:
            then(page)

    return run


def take_along(page: Page) -> None:
    """Downloads the picture."""
    press("Download JPEG")(page)
    page.locator(".outcome").wait_for()
