"""The journey of the coupon page: type a code, see it checked, see it in every picture, take one along."""

import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import problems_at_each_size, scrolls_sideways, wait_for_previews
from tests.web.fixture_api import FixtureApi

Open = Callable[..., Page]


def first_preview_text(page: Page) -> str:
    """What the stub drew on the first preview: headline|code|format."""
    return page.locator("ps-preview canvas").first.get_attribute("data-text") or ""


def test_the_typed_code_is_checked_and_stands_in_every_picture(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/")
    wait_for_previews(page)
    assert "|WELCOME-30|square" in first_preview_text(page)

    page.clock.install()  # else a busy machine makes a pause between two keys

    page.get_by_label("Coupon code").press_sequentially("summer25")
    page.clock.fast_forward(1_000)

    expect(page.get_by_text("Valid until 3 Dec 2031")).to_be_visible()
    expect(page.locator("ps-preview canvas").first).to_have_attribute(
        "data-text", "Trade bigger this week|SUMMER25|square"
    )
    assert api.calls["/api/public/validate-coupon"] == 1


@pytest.mark.parametrize(
    ("typed", "state", "text"),
    [
        ("gold-50", "valid", "Valid"),
        ("NOPE", "invalid", "This code is not valid."),
        ("MAYBE", "unknown", "Can’t check now."),
        ("★★", "malformed", "at least one letter"),
        ("A" * 65, "malformed", "at most 64"),
    ],
)
def test_the_outcomes_are_told_apart_in_words(
    api: FixtureApi, open_page: Open, typed: str, state: str, text: str
) -> None:
    page = open_page(f"{api.base}/coupon/")

    page.get_by_label("Coupon code").fill(typed)
    page.get_by_label("Coupon code").press("Enter")

    expect(page.locator("ps-code-field")).to_have_attribute("data-state", state)
    expect(page.locator(".code-status")).to_contain_text(text)


def test_an_unknown_code_can_be_checked_again(api: FixtureApi, open_page: Open) -> None:
    api.faults["/api/public/validate-coupon"] = (503, {"error": {"code": "unavailable", "message": "Later"}}, {})
    page = open_page(f"{api.base}/coupon/?code=GOLD-50")
    expect(page.locator(".code-status")).to_contain_text("Can’t check now.")

    api.faults.clear()
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")


def test_after_too_many_checks_the_page_waits_and_checks_again(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=BUSY")

    expect(page.locator(".code-status")).to_contain_text("Too many checks")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")
    assert api.calls["/api/public/validate-coupon"] == 2


def test_a_code_typed_again_is_not_asked_again(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50")
    field = page.get_by_label("Coupon code")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")

    field.fill("")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "idle")
    field.fill("gold-50")
    field.press("Enter")

    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")
    assert api.calls["/api/public/validate-coupon"] == 1


def test_format_and_code_stay_in_the_address_and_come_back(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?tenant=demo")
    page.get_by_label("Coupon code").fill("GOLD-50")
    page.get_by_role("radio", name="Story").check()
    expect(page.locator("ps-preview canvas").first).to_have_attribute(
        "data-text", "Trade bigger this week|GOLD-50|story"
    )
    assert page.url.endswith("?tenant=demo&code=GOLD-50&format=story")

    page.goto(f"{api.base}/")
    page.go_back()

    expect(page.get_by_label("Coupon code")).to_have_value("GOLD-50")
    expect(page.get_by_role("radio", name="Story")).to_be_checked()


def test_the_logo_switch_reaches_previews_and_pictures(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    page.get_by_role("dialog").get_by_role("switch", name="Logo").uncheck()

    with page.expect_download():
        page.get_by_role("button", name="Download JPEG").click()

    assert api.bodies[-1] == (
        "/api/public/render-coupon",
        {
            "tenant": "demo",
            "template": "coral",
            "format": "square",
            "code": "GOLD-50",
            "fields": {},
            "output": "jpeg",
            "scale": 1,
            "delivery": "url",
            "logo": False,
        },
    )


@pytest.mark.parametrize(("label", "suffix"), [("Download JPEG", "jpg"), ("PNG", "png")])
def test_the_saved_file_is_the_one_the_server_made(api: FixtureApi, open_page: Open, label: str, suffix: str) -> None:
    page = open_page(f"{api.base}/coupon/?code=summer25")
    page.get_by_role("link", name="Lagoon").click()

    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()

    assert download.value.suggested_filename == f"lagoon-square-summer25.{suffix}"
    saved = download.value.path().read_bytes()
    shown = page.locator("[data-sha256]").get_attribute("data-sha256")
    assert hashlib.sha256(saved).hexdigest() == shown
    assert f"/cdn/{shown}" in api.calls


def test_a_changed_headline_is_drawn_and_sent(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    dialog = page.get_by_role("dialog")

    dialog.get_by_label("Headline").fill("Лето −50 %")

    expect(dialog.locator("canvas")).to_have_attribute("data-text", "Лето −50 %|GOLD-50|square")
    with page.expect_download():
        dialog.get_by_role("button", name="Download JPEG").click()
    assert api.bodies[-1][1]["fields"] == {"headline": "Лето −50 %"}


def test_texts_can_be_left_out_and_reset(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("More texts").click()
    dialog.get_by_label("Subline").fill("")
    with page.expect_download():
        dialog.get_by_role("button", name="Download JPEG").click()
    assert api.bodies[-1][1]["fields"] == {"subline": ""}

    dialog.get_by_role("button", name="Reset the texts").click()

    expect(dialog.get_by_label("Subline")).to_have_value("Until Friday")
    expect(dialog.get_by_label("Brand")).to_have_count(0)


def test_a_headline_that_is_too_long_is_refused_beside_the_field(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    dialog = page.get_by_role("dialog")

    dialog.get_by_label("Headline").fill("long " * 12)

    expect(dialog.get_by_text("At most 40 characters; this has 60.")).to_be_visible()
    expect(dialog.locator("canvas")).to_have_attribute("data-text", "Summer starts here|GOLD-50|square")


def test_back_closes_the_large_view_and_escape_does_too(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50")
    page.get_by_role("link", name="Coral morning").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url.endswith("#coral")

    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("link", name="Coral morning").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    page.wait_for_url("**/coupon/?code=GOLD-50")
    expect(page.get_by_role("link", name="Coral morning")).to_be_focused()


def test_the_referral_link_is_copied_and_drawn_as_a_qr_code(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral", permissions=["clipboard-read", "clipboard-write"])
    dialog = page.get_by_role("dialog")

    dialog.get_by_role("button", name="Copy referral link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    dialog.get_by_role("button", name="QR code").click()

    assert page.evaluate("navigator.clipboard.readText()") == "https://demo.example/?promo=GOLD-50"
    expect(dialog.get_by_role("img", name="QR code of https://demo.example/?promo=GOLD-50")).to_be_visible()


def test_sharing_hands_the_file_to_the_share_sheet(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    page.evaluate(
        """() => {
          navigator.canShare = () => true;
          navigator.share = async ({ files }) => { window.shared = [files[0].name, files[0].type, files[0].size]; };
        }"""
    )

    page.get_by_role("button", name="Share").click()

    name, kind, size = page.wait_for_function("() => window.shared").json_value()
    assert (name, kind) == ("coral-square-gold-50.jpg", "image/jpeg")
    assert size > 1000


def test_without_a_share_sheet_the_picture_is_saved(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    page.evaluate("() => { navigator.canShare = undefined; }")

    with page.expect_download() as download:
        page.get_by_role("button", name="Share").click()

    assert download.value.suggested_filename == "coral-square-gold-50.jpg"


def test_the_journey_needs_only_the_keyboard(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/")
    wait_for_previews(page)
    tab_to(page, "INPUT", "code")
    page.keyboard.type("gold-50\n")
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")
    tab_to(page, "INPUT", "format")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Story")).to_be_checked()
    tab_to(page, "A", "midnight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "BUTTON", "jpeg")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "midnight-story-gold-50.jpg"


def tab_to(page: Page, tag: str, name: str) -> None:
    """Presses Tab until the focus is on the wanted element and shows a ring."""
    for _ in range(30):
        page.keyboard.press("Tab")
        tag_now, name_now, ring = page.evaluate(
            """() => {
              const at = document.activeElement;
              const label = at.closest('label');
              const ring = [at, label].some((node) => node && getComputedStyle(node).outlineStyle === 'solid');
              return [at.tagName, at.name || at.dataset.slug || at.dataset.take || '', ring];
            }"""
        )
        if (tag_now, name_now) == (tag, name):
            assert ring, f"{tag} {name} has no visible focus ring"
            return
    pytest.fail(f"Tab never reached {tag} {name}")


@pytest.mark.parametrize("path", ["/coupon/?code=GOLD-50", "/coupon/?code=GOLD-50&format=story#coral", "/"])
def test_nothing_is_wider_than_the_window(api: FixtureApi, open_page: Open, path: str) -> None:
    page = open_page(f"{api.base}{path}")
    page.wait_for_load_state("networkidle")
    for width in (320, 360, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 740})
        assert not scrolls_sideways(page), width


@pytest.mark.parametrize(
    "path", ["/coupon/?code=GOLD-50", "/coupon/?code=NOPE", "/coupon/#coral", "/coupon/?tenant=nobody", "/"]
)
def test_axe_finds_nothing_serious(api: FixtureApi, open_page: Open, path: str) -> None:
    page = open_page(f"{api.base}{path}")
    page.wait_for_load_state("networkidle")
    assert problems_at_each_size(page) == []
