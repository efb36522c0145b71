"""Dash and admin: the frame, the signed-out state, the health view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import DESKTOP, PHONE, problems_at_each_size
from tests.web.fixture_api import FixtureApi

Open = Callable[..., Page]
HEALTH = "/api/public/health"
TABLET = {"width": 900, "height": 800}


@pytest.mark.parametrize("product", ["dash", "admin"])
def test_signed_out_says_what_this_is_and_where_to_go(api: FixtureApi, open_page: Open, product: str) -> None:
    page = open_page(f"{api.base}/{product}/")
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    page.get_by_role("link", name="Operations").click()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    assert page.title().startswith("Health")


def test_health_names_what_fails_and_the_bell_shows_it(api: FixtureApi, open_page: Open) -> None:
    api.faults[HEALTH] = (
        503,
        {"status": "failing", "schema_version": None, "checks": {"database": "down", "storage": "ok"}},
        {},
    )
    page = open_page(f"{api.base}/admin/#/health")
    expect(page.get_by_role("heading", name="Database is down")).to_be_visible()

    page.get_by_role("button", name="Notifications: 1").click()
    expect(page.get_by_role("dialog").get_by_text("The database is down")).to_be_visible()
    page.keyboard.press("Escape")

    api.faults.clear()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    expect(page.get_by_role("button", name="Notifications: none")).to_be_visible()


def test_a_service_that_is_away_is_an_error_with_a_way_on(api: FixtureApi, open_page: Open) -> None:
    api.faults[HEALTH] = (502, {"error": {"code": "bad_gateway", "message": "…", "request_id": "req-7"}}, {})
    page = open_page(f"{api.base}/dash/#/health")
    expect(page.get_by_role("heading", name="The service does not answer")).to_be_visible()
    expect(page.get_by_text("req-7")).to_be_visible()
    # The view is made anew, and asks again, when it turns out that nobody is signed in.
    page.wait_for_load_state("networkidle")
    api.faults.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()


def test_an_unknown_address_leads_back(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/#/promo/nothing")
    page.get_by_role("link", name="Go to the start").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()


@pytest.mark.parametrize("address", ["admin/#/tenants/%", "dash/#/join/%/x", "dash/#/join/x/%E0%A4"])
def test_an_address_with_a_broken_escape_leads_back(api: FixtureApi, open_page: Open, address: str) -> None:
    page = open_page(f"{api.base}/{address}")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_back_and_reload_keep_the_view(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/#/health")
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()


def test_back_restores_the_scroll(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/#/health", viewport={"width": 360, "height": 400})
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    main = page.get_by_role("main")
    main.evaluate(
        """(main) => new Promise((done) => {
          main.addEventListener('scrollend', done, { once: true });
          main.scrollTop = 180;
        })"""
    )
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    # A busy browser tells of the shorter view's scroll when it is back at the entry already, before the view is.
    page.evaluate(
        """() => addEventListener('popstate', () =>
          document.querySelector('main').dispatchEvent(new Event('scrollend')), { once: true })"""
    )
    page.go_back()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    page.wait_for_function("() => document.querySelector('main').scrollTop === 180")


def test_the_palette_goes_to_a_view(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/")
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("heal")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()


def test_features_become_a_drawer_and_the_rail_a_bottom_bar(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/#/health", viewport=TABLET)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Health")).to_be_visible()
    page.keyboard.press("Escape")

    page.set_viewport_size(PHONE)
    box = page.get_by_role("navigation", name="Products").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == PHONE["height"]
    assert box["width"] == PHONE["width"]


def test_the_palette_of_colours_is_remembered(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/")
    page.get_by_role("button", name="You").click()
    page.get_by_role("menuitem", name="Light colours").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


@pytest.mark.parametrize("view", ["", "#/health"])
def test_axe_finds_nothing_serious(api: FixtureApi, open_page: Open, view: str) -> None:
    page = open_page(f"{api.base}/dash/{view}")
    page.wait_for_load_state("networkidle")
    assert problems_at_each_size(page, sizes=(DESKTOP, TABLET, PHONE)) == []


def test_filters_stay_in_the_address_without_a_step_of_history(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/dash/#/health?state=draft")
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    steps = page.evaluate("history.length")

    page.evaluate(
        """async () => {
          const { createRouter } = await import('/shared/js/router.js');
          const router = createRouter({ patterns: [], scroller: () => document.body, onPlace() {} });
          router.setFilters({ state: null, sort: 'name' });
        }"""
    )

    assert page.url.endswith("#/health?sort=name")
    assert page.evaluate("history.length") == steps
    page.reload()
    expect(page.get_by_role("heading", name="Everything answers")).to_be_visible()
    assert page.url.endswith("#/health?sort=name")


@pytest.mark.parametrize("console", ["dash", "admin"])
def test_a_console_shows_nothing_inside_another_page(api: FixtureApi, open_page: Open, console: str) -> None:
    page = open_page(f"{api.base}/components/")
    with page.expect_event("framenavigated", lambda frame: frame.url.endswith(f"/{console}/")):
        page.evaluate(
            "(src) => void document.body.append(Object.assign(document.createElement('iframe'), { src }))",
            f"{api.base}/{console}/",
        )
    shown = "document.querySelector('iframe').contentDocument.documentElement.childElementCount"
    page.wait_for_function(f"() => {shown} === 0")
