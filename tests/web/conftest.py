"""A page that fails its test on any error in the console, and the checks that every page must pass."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.conftest import Stack
from tests.web.fixture_api import FixtureApi
from tests.web.signed_in import People

AXE = Path(__file__).resolve().parent.parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
RULES_OF_COLOUR = ("color-contrast", "link-in-text-block")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
BUSY_MS = 45_000  # machines that run the suite are busy; a deadline costs time only where a test fails
expect.set_options(timeout=BUSY_MS)


@pytest.fixture
def api() -> Iterator[FixtureApi]:
    """The site with an API that answers as the contract says."""
    with FixtureApi() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context; afterwards no page may have logged an error.

    The browser itself logs a refusal by the API or the identity provider, and that a test has cut the network: those
    are no errors of the page.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        is_expected = message.text.startswith("Failed to load resource") and (
            re.search("/api/|/clerk/v1/", message.location.get("url", ""))
            or "ERR_INTERNET_DISCONNECTED" in message.text
        )
        if message.type == "error" and not is_expected:
            problems.append(f"{message.text} ({message.location.get('url')})")

    def open_address(address: str, *, viewport: dict[str, int] = DESKTOP, **options: object) -> Page:
        context = browser.new_context(viewport=viewport, locale="en-GB", reduced_motion="reduce", **options)
        context.set_default_timeout(BUSY_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def people(stack: Stack, open_page: Callable[..., Page]) -> People:
    """Opens the product's dashboards as somebody who is signed in."""
    return People(stack, open_page)


@pytest.fixture
def module(api: FixtureApi, open_page: Callable[..., Page]) -> Callable[[str, str], object]:
    """Runs an expression on a module of `web/` in a real browser: `module("shared/js/html.js", "m => m.html`x`")`."""
    page = open_page(f"{api.base}/blank")

    def run(path: str, function: str, argument: object = None) -> object:
        script = f"async (argument) => ({function})(await import('/{path}'), argument)"
        return page.evaluate(script, argument)

    return run


def serious_problems(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core calls serious or critical by all its rules or by those, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    violations = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def problems_in_both_palettes(page: Page) -> list[str]:
    """What axe-core finds in the dark palette, and in the light one by the rules that look at colours.

    The palettes differ in nothing else: tokens.css gives the light one other values of the same variables.
    """
    found = []
    for theme, rules in (("dark", ()), ("light", RULES_OF_COLOUR)):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        found += [f"{theme}: {problem}" for problem in serious_problems(page, rules=rules)]
    return found


def problems_at_each_size(
    page: Page,
    *,
    sizes: Sequence[dict[str, int]] = (DESKTOP, PHONE),
    look: Callable[[Page], list[str]] = problems_in_both_palettes,
) -> list[str]:
    """What axe-core finds at each size of the window, and whether something is wider than it.

    The page is opened once: its layout follows from the window's size by style sheets alone.
    """
    found = []
    for size in sizes:
        page.set_viewport_size(size)
        found += [f"at {size['width']}: {problem}" for problem in look(page)]
        if scrolls_sideways(page):
            found.append(f"at {size['width']}: scrolls sideways")
    return found


def scrolls_sideways(page: Page) -> bool:
    """Something is wider than the window, or than the part of the shell that scrolls."""
    return page.evaluate(
        """() => {
          const main = document.querySelector('.shell-main');
          return document.documentElement.scrollWidth > innerWidth || (main && main.scrollWidth > main.clientWidth);
        }"""
    )


def set_hidden(page: Page, is_hidden: bool) -> None:
    """As when its tab goes to the back, or comes to the front: then pages that look by themselves look at once."""
    page.evaluate(
        """(isHidden) => {
          Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        is_hidden,
    )


def look_now(page: Page) -> None:
    """Somebody comes back to the page, instead of the seconds until it looks by itself."""
    set_hidden(page, True)
    set_hidden(page, False)


def wait_for_previews(page: Page) -> None:
    """Until every preview in the window is drawn."""
    page.wait_for_function(
        """() => {
          const tiles = [...document.querySelectorAll('ps-preview')].filter((tile) => {
            const box = tile.getBoundingClientRect();
            return box.width > 0 && box.top < innerHeight && box.bottom > 0;
          });
          return tiles.length > 0 && tiles.every((tile) => tile.dataset.state === 'drawn');
        }"""
    )
