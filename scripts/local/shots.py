"""What scripts/shots runs; see there."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.local.shot import Shot, answer, open_first, press, take_along
from scripts.local.shots_batches import BATCH_SHOTS
from scripts.local.shots_bots import BOT_SHOTS
from scripts.local.shots_chat import CHAT
from scripts.local.shots_connections import CONNECTION_SHOTS
from scripts.local.shots_leaving import LEAVING_SHOTS
from scripts.local.shots_outbox import OUTBOX_SHOTS
from scripts.local.shots_promo import PROMO
from scripts.local.shots_signals import SIGNALS
from scripts.local.shots_signed_in import SIGNED_IN

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / ".local" / "shots"
SIZES = {1440: 900, 1280: 800, 360: 740}
SETTLED_MS = 4_000  # a page that still polls after this long is taken as it is
CODE = "SUMMER25"  # the FunderPro simulator knows it
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SHEET_COLUMNS = {1440: 3, 1280: 3, 360: 6}
SHEET_TILE_WIDTH = {1440: 720, 1280: 640, 360: 300}
SHEET_GAP = 24
SHEET_GROUND, SHEET_INK = "#e8ebf3", "#0b1739"

DOWN = '{"error":{"code":"unavailable","message":"","request_id":"5f2c1e0b9a"}}'
UNKNOWN = '{"status":"unknown","code":"","reason":"","message":"","valid_until":null}'
EMPTY = '{"items":[],"next":null}'
FAILING = '{"status":"failing","schema_version":3,"checks":{"database":"down","storage":"ok"}}'

SHOTS = [
    Shot("landing", "/"),
    Shot("coupon-sample", "/coupon/"),
    Shot("coupon-valid", f"/coupon/?code={CODE}"),
    Shot("coupon-whole", f"/coupon/?code={CODE}", whole=True),
    Shot("coupon-story", f"/coupon/?code={CODE}&format=story"),
    Shot("coupon-feed-light", f"/coupon/?code={CODE}&format=feed", theme="light"),
    Shot("coupon-invalid", "/coupon/?code=SUMER25"),
    Shot("coupon-unknown", f"/coupon/?code={CODE}", before=answer("**/validate-coupon", 200, UNKNOWN)),
    Shot(
        "coupon-limited",
        f"/coupon/?code={CODE}",
        before=answer("**/validate-coupon", 429, DOWN, **{"retry-after": "42"}),
    ),
    Shot("coupon-malformed", "/coupon/?code=%E2%98%85%E2%98%85"),
    Shot("coupon-large", f"/coupon/?code={CODE}", then=open_first()),
    Shot("coupon-large-taken", f"/coupon/?code={CODE}", then=open_first(take_along)),
    Shot("coupon-large-qr", f"/coupon/?code={CODE}", then=open_first(press("QR code"))),
    Shot("coupon-large-sample", "/coupon/", then=open_first()),
    Shot(
        "coupon-large-refused",
        f"/coupon/?code={CODE}",
        before=answer("**/render-coupon", 503, DOWN.replace("unavailable", "coupon_unknown")),
        then=open_first(press("Download JPEG")),
    ),
    Shot("coupon-no-tenant", "/coupon/?tenant=nobody"),
    Shot("coupon-empty", "/coupon/", before=answer("**/public/templates?*", 200, EMPTY)),
    Shot("coupon-down", "/coupon/", before=answer("**/public/templates?*", 503, DOWN)),
    Shot("dash-signed-out", "/", host="dash"),
    Shot("dash-health", "/#/health", host="dash"),
    Shot("dash-health-light", "/#/health", host="dash", theme="light"),
    Shot("dash-not-found", "/#/promo/nothing", host="dash"),
    Shot("dash-palette", "/", host="dash", then=press("Search")),
    Shot("admin-signed-out", "/", host="admin"),
    Shot("admin-health-failing", "/#/health", host="admin", before=answer("**/public/health", 503, FAILING)),
    Shot(
        "admin-bell",
        "/#/health",
        host="admin",
        before=answer("**/public/health", 503, FAILING),
        then=press("Notifications"),
    ),
    *CHAT,
    Shot("components", "/components/", whole=True),
    Shot("components-light", "/components/", theme="light", whole=True),
    Shot("components-dialog", "/components/", then=press("Delete…")),
    *SIGNED_IN,
    *BATCH_SHOTS,
    *LEAVING_SHOTS,
    *PROMO,
    *SIGNALS,
    *BOT_SHOTS,
    *CONNECTION_SHOTS,
    *OUTBOX_SHOTS,
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", help="where the product runs; without it one is started")
    parser.add_argument("--only", default="", help="only shots whose name holds this")
    args = parser.parse_args()
    wanted = [shot for shot in SHOTS if args.only in shot.name]
    OUT.mkdir(parents=True, exist_ok=True)
    with running(args.base) as base, sync_playwright() as playwright:
        executable = next(
            filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser", "chrome"))), None
        )
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        for width in SIZES:
            files = [take(browser, base, shot, width) for shot in wanted]
            print(contact_sheet(files, width))
        browser.close()


@contextlib.contextmanager
def running(base: str | None) -> Iterator[str]:
    """The address of the product; one is started on a free port, with data of its own, when none is given."""
    if base:
        yield base.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as data:
        environment = {"PORT": "0", "PROMOSTACK_DATA": data}
        process = subprocess.Popen(
            ["env", *(f"{name}={value}" for name, value in environment.items()), str(ROOT / "scripts" / "dev")],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            ready = next((line for line in process.stdout if line.startswith("PROMOSTACK_READY ")), None)
            if ready is None:
                sys.exit("scripts/dev did not start; run it by itself to see why")
            yield ready.split()[1]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()


def take(browser: Browser, base: str, shot: Shot, width: int) -> Path:
    """Takes one screenshot and returns its file."""
    address = base.replace("127.0.0.1", f"{shot.host}.localhost") if shot.host else base
    size = {"width": width, "height": SIZES[width]}
    with browser.new_context(
        viewport=size, device_scale_factor=2 if width < 500 else 1, reduced_motion="reduce"
    ) as context:
        context.add_init_script(f"localStorage.setItem('theme', '{shot.theme}')")
        page = context.new_page()
        if shot.person:
            page.goto(f"{address}/clerk/sign-in")
            page.locator(f"button[value='{shot.person}']").click()
            settle(page)
        if shot.before:
            shot.before(page)
        page.goto("about:blank")  # else a route that differs by its hash alone would not load anew
        page.goto(address + shot.path)
        settle(page)
        if shot.then:
            shot.then(page)
            settle(page)
        if shot.whole:
            show_all(page)
        file = OUT / f"{shot.name}-{width}.png"
        page.screenshot(path=file, full_page=shot.whole)
    return file


def settle(page: Page) -> None:
    """Waits until nothing is loading and every preview in the window is drawn."""
    with contextlib.suppress(Exception):
        page.wait_for_load_state("networkidle", timeout=SETTLED_MS)
    with contextlib.suppress(Exception):
        page.wait_for_function(
            """() => [...document.querySelectorAll('ps-preview')].every((tile) => {
              const box = tile.getBoundingClientRect();
              return tile.dataset.state !== 'waiting' || box.top > innerHeight || box.bottom < 0 || !box.width;
            })""",
            timeout=SETTLED_MS * 3,
        )


def show_all(page: Page) -> None:
    """Makes the window as tall as the page, so that what is drawn only when near is drawn."""
    # The dashboards scroll inside their frame.
    tall = "(part) => document.querySelector(part)?.scrollHeight ?? 0"
    height = min(max(page.evaluate(tall, part) for part in ("html", ".shell-main")), 12_000)
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    settle(page)


def contact_sheet(files: list[Path], width: int) -> Path:
    """One picture of all shots of a width, named, cropped to the window's proportions."""
    columns, tile_width = SHEET_COLUMNS[width], SHEET_TILE_WIDTH[width]
    tile_height = round(tile_width * SIZES[width] / width)
    font = ImageFont.load_default(size=18)
    rows = -(-len(files) // columns)
    cell = (tile_width + SHEET_GAP, tile_height + SHEET_GAP * 2)
    sheet = Image.new("RGB", (cell[0] * columns + SHEET_GAP, cell[1] * rows + SHEET_GAP), SHEET_GROUND)
    pen = ImageDraw.Draw(sheet)
    for place, file in enumerate(files):
        left, top = SHEET_GAP + place % columns * cell[0], SHEET_GAP + place // columns * cell[1]
        with Image.open(file) as picture:
            scaled = picture.convert("RGB").resize((tile_width, round(picture.height * tile_width / picture.width)))
        sheet.paste(scaled.crop((0, 0, tile_width, tile_height)), (left, top + SHEET_GAP))
        pen.text((left, top - 2), file.stem, fill=SHEET_INK, font=font)
    target = OUT / f"sheet-{width}.png"
    sheet.save(target)
    return target


if __name__ == "__main__":
    main()
