"""What the coupon page says when something is missing, refused or down."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import wait_for_previews
from tests.web.fixture_api import FixtureApi

Open = Callable[..., Page]
LIST = "/api/public/templates"
RENDER = "/api/public/render-coupon"


def refusal(code: str, message: str = "…", **more: object) -> dict[str, object]:
    return {"error": {"code": code, "message": message, "request_id": "req-42", **more}}


def test_an_unknown_tenant_has_its_own_state(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?tenant=nobody")
    expect(page.get_by_role("heading", name="This page has no gallery")).to_be_visible()
    expect(page.get_by_text("Nobody here is called “nobody”.")).to_be_visible()


def test_a_paused_page_says_so_and_comes_back(api: FixtureApi, open_page: Open) -> None:
    api.faults[LIST] = (403, refusal("tenant_suspended"), {})
    page = open_page(f"{api.base}/coupon/")
    expect(page.get_by_role("heading", name="This page is paused")).to_be_visible()

    api.faults.clear()
    page.get_by_role("button", name="Try again").click()

    wait_for_previews(page)


def test_an_empty_gallery_offers_to_look_again(api: FixtureApi, open_page: Open) -> None:
    api.faults[LIST] = (200, {"items": [], "next": None}, {})
    page = open_page(f"{api.base}/coupon/")
    expect(page.get_by_role("heading", name="No pictures here yet")).to_be_visible()
    expect(page.get_by_role("button", name="Light colours")).to_be_visible()

    api.faults.clear()
    page.get_by_role("button", name="Look again").click()

    wait_for_previews(page)


def test_a_gallery_that_fails_says_what_to_do_and_recovers(api: FixtureApi, open_page: Open) -> None:
    api.faults[LIST] = (503, refusal("unavailable"), {})
    page = open_page(f"{api.base}/coupon/?code=GOLD-50")
    expect(page.get_by_role("heading", name="The pictures could not be loaded")).to_be_visible()
    expect(page.get_by_text("req-42")).to_be_visible()
    expect(page.locator("ps-code-field")).to_have_attribute("data-state", "valid")

    api.faults.clear()
    page.get_by_role("button", name="Try again").click()

    wait_for_previews(page)


def test_a_slow_gallery_shows_its_own_layout_first(api: FixtureApi, open_page: Open) -> None:
    api.answers.clear()
    page = open_page(f"{api.base}/coupon/")
    expect(page.locator(".tile-skeleton")).to_have_count(6)

    api.answers.set()

    expect(page.locator("ps-preview")).to_have_count(8)
    expect(page.locator(".tile-skeleton")).to_have_count(0)


def test_one_broken_template_leaves_the_others_alone(api: FixtureApi, open_page: Open) -> None:
    api.faults["/api/public/templates/coral"] = (500, refusal("internal"), {})
    page = open_page(f"{api.base}/coupon/")
    expect(page.locator("ps-preview[data-slug=coral]")).to_have_attribute("data-state", "failed")
    expect(page.locator("ps-preview[data-slug=midnight]")).to_have_attribute("data-state", "drawn")


def test_without_a_code_the_large_view_asks_for_one(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/#coral")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("You see a sample code.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Download JPEG")).to_be_disabled()

    dialog.get_by_role("button", name="Type your code").click()

    expect(page.get_by_label("Coupon code")).to_be_focused()
    assert RENDER not in api.calls


@pytest.mark.parametrize(
    ("status", "body", "headers", "text"),
    [
        (409, refusal("coupon_invalid"), {}, "This code is not valid"),
        (503, refusal("coupon_unknown"), {}, "can’t be checked right now"),
        (404, refusal("template_not_found"), {}, "no longer in the gallery"),
        (429, refusal("too_many_requests"), {"Retry-After": "40"}, "Try again in 40 sec"),
        (503, refusal("unavailable"), {}, "could not make the picture just now"),
        (500, refusal("internal"), {}, "could not make the picture just now"),
        (200, "not an object", {}, "could not make the picture just now"),
    ],
)
def test_each_refused_picture_has_its_own_words(
    api: FixtureApi, open_page: Open, status: int, body: object, headers: dict[str, str], text: str
) -> None:
    api.faults[RENDER] = (status, body, headers)
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")

    page.get_by_role("button", name="Download JPEG").click()

    expect(page.locator("dialog .notice")).to_contain_text(text)
    expect(page.get_by_role("button", name="Download JPEG")).to_be_enabled()


def test_a_refused_text_is_marked_at_its_field(api: FixtureApi, open_page: Open) -> None:
    api.faults[RENDER] = (422, refusal("unprocessable", fields={"fields.headline": "holds control characters"}), {})
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")

    page.get_by_role("button", name="Download JPEG").click()

    expect(page.get_by_text("Holds control characters.")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_attribute("aria-invalid", "true")


def test_a_damaged_file_is_never_saved(api: FixtureApi, open_page: Open) -> None:
    api.damage_pictures = True
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    downloads: list[object] = []
    page.on("download", lambda download: downloads.append(download))

    page.get_by_role("button", name="Download JPEG").click()

    expect(page.get_by_text("The file arrived damaged and was not saved.")).to_be_visible()
    assert downloads == []

    api.damage_pictures = False
    with page.expect_download():
        page.get_by_role("button", name="Download JPEG").click()


def test_without_a_connection_the_page_says_so(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/coupon/?code=GOLD-50#coral")
    wait_for_previews(page)
    page.route("**/api/**", lambda route: route.abort("internetdisconnected"))

    page.get_by_role("button", name="Download JPEG").click()

    expect(page.get_by_text("There is no connection.")).to_be_visible()
