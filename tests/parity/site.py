"""A small web server with the pages' modules, the fonts and the seed art, and a browser page on it."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PLACES = {
    "/parity/": Path(__file__).parent / "page",
    "/cdn/fonts/": ROOT / "shared/assets/fonts",
    "/cdn/seed/": ROOT / "shared/assets/seed/art",
    "/": ROOT / "web",
}


# The first is the same browser without windows: a page takes it a third of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser", "chrome")


def chromium() -> str:
    """The browser's path; raises FileNotFoundError without one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise FileNotFoundError("Chromium is missing: apt-get install chromium")
    return found


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        path = path.split("?")[0]
        prefix = next(prefix for prefix in PLACES if path.startswith(prefix))
        return str(PLACES[prefix] / path.removeprefix(prefix))

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the site, e.g. http://127.0.0.1:40123."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def parity_page(browser: Browser) -> Iterator[Page]:
    """A page on which `parity` is ready; errors that it logs are raised at the end."""
    errors: list[str] = []
    with served() as address:
        page = browser.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/parity/index.html")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=30_000)
        yield page
        page.close()
    assert not errors, errors
