"""The pages on the running product: real functions, real pictures, real preview engine."""

import hashlib
import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, problems_at_each_size, serious_problems, wait_for_previews

Open = Callable[..., Page]
CODE = "SUMMER25"
FAST_4G = {  # Chromium's own preset: 9 Mbit/s down, 1.5 up, each at 90 %, 60 ms × 2.75
    "offline": False,
    "latency": 165,
    "downloadThroughput": 9e6 / 8 * 0.9,
    "uploadThroughput": 1.5e6 / 8 * 0.9,
}


def ask(stack: Stack, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
    """What the API answers to a client outside the browser."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{stack.base}/api/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_from_code_to_saved_picture(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.base}/coupon/")
    wait_for_previews(page)
    page.get_by_label("Coupon code").fill(CODE.lower())
    page.get_by_label("Coupon code").press("Enter")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")
    page.locator(".tile a").first.click()
    page.locator("dialog ps-preview[data-state=drawn]").wait_for()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download JPEG").click()

    saved = hashlib.sha256(download.value.path().read_bytes()).hexdigest()
    slug = page.locator("dialog ps-preview").get_attribute("data-key")
    order = {"tenant": "demo", "template": slug, "format": "square", "code": CODE}
    answer = ask(stack, "public/render-coupon", {**order, "output": "jpeg", "delivery": "url"})
    assert saved == answer["sha256"]
    assert answer["cached"] is True


def test_every_template_of_the_gallery_is_drawn_in_every_format(stack: Stack, open_page: Open) -> None:
    items = ask(stack, "public/templates?tenant=demo")["items"]
    assert len(items) >= 8
    page = open_page(f"{stack.base}/coupon/?code={CODE}", viewport={"width": 1440, "height": 6_000})
    for name in ("Square", "Story", "Feed"):
        page.get_by_role("radio", name=name).check()
        page.wait_for_function(
            """(format) => {
              const canvases = [...document.querySelectorAll('.masonry canvas')];
              return canvases.length > 0 && canvases.every((canvas) => canvas.ariaLabel.includes(`, ${format}, `));
            }""",
            arg=name.lower(),
        )
        wait_for_previews(page)
    expect(page.locator("ps-preview[data-state=drawn]")).to_have_count(len(items))


def test_an_invalid_code_is_refused_by_the_real_check(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.base}/coupon/?code=NO-SUCH-CODE")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "invalid")


def test_previews_need_no_network_after_loading(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.base}/coupon/?code={CODE}")
    wait_for_previews(page)
    first = page.locator("ps-preview canvas").first
    before = first.evaluate("(canvas) => canvas.toDataURL()")
    page.context.set_offline(True)

    page.get_by_label("Coupon code").fill("GOLD-50")

    expect(first).to_have_attribute("aria-label", re.compile("with the code GOLD-50$"))
    page.wait_for_function("(before) => document.querySelector('ps-preview canvas').toDataURL() !== before", arg=before)
    page.context.set_offline(False)


def test_the_first_preview_comes_on_fast_4g(stack: Stack, browser: object) -> None:
    times = []
    for _ in range(3):
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", FAST_4G)
        page.goto(f"{stack.base}/coupon/", wait_until="commit")
        mark = page.wait_for_function("() => performance.getEntriesByName('first-preview')[0]?.startTime")
        times.append(mark.json_value())
        context.close()
    print(f"first preview on fast 4G: {[round(each) for each in times]} ms")  # a figure; the goal is 3 s
    assert all(each > 0 for each in times)


@pytest.mark.parametrize("host", ["dash", "admin"])
def test_both_consoles_run_on_their_own_host(stack: Stack, open_page: Open, host: str) -> None:
    page = open_page(f"{stack.host(host)}/#/health")
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    if host == "dash":
        page.get_by_role("link", name="Open the coupon page").click()
        wait_for_previews(page)


def test_the_landing_page_leads_everywhere(stack: Stack, open_page: Open) -> None:
    page = open_page(stack.base)
    expect(page.locator("#pictures img")).to_have_count(4)
    page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    for name in ("Coupon page", "Chat", "Dashboard", "Admin"):
        page.goto(stack.base)
        page.get_by_role("link", name=name).click()
        page.wait_for_load_state()
        assert page.title()
        assert page.url != f"{stack.base}/"


def test_axe_finds_nothing_serious_with_real_pictures(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.base}/coupon/?code={CODE}")
    wait_for_previews(page)
    assert problems_at_each_size(page, look=serious_problems) == []
