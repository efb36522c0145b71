"""A newcomer: a clean clone, an empty environment, a new home, no root; one command, then the product in a browser."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT

CODE = "WELCOME-30"
FIRST_PAGE_DEADLINE_S = 600  # the goal of three minutes is a figure; this only ends a start that hangs
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
SHOTS = ROOT / ".local" / "shots" / "newcomer"


class Newcomer:
    """Runs commands in the clone as somebody who has nothing."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clone = home / "promostack"
        self.is_root = os.geteuid() == 0
        subprocess.run(["git", "clone", "--quiet", ROOT, self.clone], check=True)
        if self.is_root:
            home.chmod(0o755)
            for path in (home, *home.rglob("*")):
                shutil.chown(path, "nobody", "nogroup")
                # a link's own owner does not matter, and its target is in the clone

    def start(self, *command: str, **variables: str) -> subprocess.Popen:
        """Starts a command with `env -i` and, as root, as `nobody`."""
        identity = {"user": "nobody", "group": "nogroup", "extra_groups": []} if self.is_root else {}
        return subprocess.Popen(
            command,
            cwd=self.clone,
            env={"HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **identity,
        )


@pytest.fixture(scope="module")
def newcomer() -> Iterator[Newcomer]:
    """In a folder that everybody may reach; pytest's own are closed to others."""
    home = Path(tempfile.mkdtemp(prefix="newcomer-", dir="/var/tmp"))
    try:
        yield Newcomer(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def base(newcomer: Newcomer) -> Iterator[str]:
    """The address that `make run` prints."""
    process = newcomer.start("make", "run", PORT="0")
    try:
        started = time.monotonic()
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("PROMOSTACK_READY ") or time.monotonic() - started > FIRST_PAGE_DEADLINE_S:
                break
        ready = [line for line in said if line.startswith("PROMOSTACK_READY ")]
        assert ready, "make run did not start:\n" + "".join(said[-40:])
        print(f"from clean clone to first page: {time.monotonic() - started:.0f} s")
        yield ready[0].split()[1]
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        process.wait(timeout=60)


@pytest.fixture
def page(browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    complaints: list[str] = []
    opened = browser.new_page(viewport=request.param)
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()
    assert complaints == []


@pytest.mark.long
@pytest.mark.parametrize("page", [WIDE, PHONE], ids=["1440", "360"], indirect=True)
def test_from_a_clean_clone_to_a_picture_on_the_page_and_in_the_chat(base: str, page: Page, newcomer: Newcomer) -> None:
    width = page.viewport_size["width"]
    SHOTS.mkdir(parents=True, exist_ok=True)

    page.goto(f"{base}/coupon/")
    page.get_by_label("Coupon code").fill(CODE.lower())
    page.get_by_label("Coupon code").press("Enter")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid", timeout=60_000)
    page.locator("ps-preview[data-state=drawn]").first.wait_for()
    page.screenshot(path=SHOTS / f"coupon-{width}.png")
    page.locator(".tile a").first.click()
    page.locator("dialog ps-preview[data-state=drawn]").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download JPEG").click()
    assert download.value.path().read_bytes()[:3] == b"\xff\xd8\xff"

    page.goto(f"{base}/telegram/")
    page.get_by_role("button", name="New person").click()
    page.get_by_label("First name").fill(f"Ada {width}")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Person", exact=True).locator("option:checked")).to_have_text(f"Ada {width}")
    page.get_by_role("button", name="Northwind").first.click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".message").last).to_contain_text("Send me your coupon code", timeout=60_000)
    page.get_by_role("textbox", name="Message").fill(CODE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Square").last.click()
    expect(page.locator(".message").last).to_contain_text("Share", timeout=60_000)
    page.screenshot(path=SHOTS / f"chat-{width}.png")
    assert page.locator(".message img").count() >= 2
    assert not (newcomer.home / "shared").exists(), "nothing beside the clone is needed"
