"""The platform looks into a workspace: from the reason to the end, with a bar that is always in view."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.web.conftest import DESKTOP, PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import PLATFORM, People


@pytest.mark.parametrize(
    "viewport", [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def test_a_visit_shows_who_looks_until_it_is_ended(people: People, viewport) -> None:
    owner, tenant = people.owner_of_new("Looked Into")
    page = people.enter(PLATFORM, f"#/tenants/{tenant['id']}", host="admin", viewport=viewport)
    page.get_by_role("button", name="Look inside…").click()
    page.get_by_label("Reason").fill("codes are refused")
    page.get_by_role("dialog").get_by_role("button", name="Look inside").click()
    page.goto(page.get_by_role("link", name="Open the dashboard").get_attribute("href"))

    bar = page.get_by_role("region", name="You are visiting")
    expect(bar).to_contain_text("You look into Looked Into as platform@promostack.example. Reading only, until")
    expect(bar).to_contain_text("codes are refused")
    assert "visit_" not in page.url
    page.evaluate("location.hash = '#/settings/members'")
    expect(page.get_by_role("heading", name="People of Looked Into")).to_be_visible()
    expect(page.get_by_role("button", name="Leave")).to_have_count(0)
    expect(bar).to_be_in_viewport(ratio=1)
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
    page.reload()
    expect(bar).to_be_visible()

    lines = people.api(owner, "GET", "client/settings/audit")["items"]
    assert (lines[0]["actor"], lines[0]["action"]) == ("platform", "visit.started")
    bar.get_by_role("button", name="End visit").click()
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
    expect(bar).to_have_count(0)
    lines = people.api(owner, "GET", "client/settings/audit")["items"]
    assert lines[0]["action"] == "visit.ended"


def test_the_bar_stands_on_every_page_and_no_page_tries_to_write(people: People) -> None:
    """Every page that the menus lead to, each bot's own, and those that only an address leads to."""
    [demo] = people.api(PLATFORM, "GET", "admin/tenants?q=owner@demo.example")["items"]
    made = people.api(PLATFORM, "POST", f"admin/tenants/{demo['id']}/visits", {"reason": "codes are refused"})
    page = people.enter("user_demo_owner", "#/health")
    page.goto("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    # The latest look at Telegram is old enough for the bots' pages to ask again.
    page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=5))
    page.goto(made["url"])
    bar = page.get_by_role("region", name="You are visiting")
    expect(bar).to_be_visible()
    seen: set[str] = set()
    todo = {"#/", "#/nothing/here", "#/onboarding"}
    while todo:
        path = todo.pop()
        seen.add(path)
        page.evaluate("path => { location.hash = path; }", path)
        expect(bar).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("main")).to_contain_text(re.compile(".{40}", re.DOTALL))
        if path == "#/telegram/bots":
            page.locator("main a[href^='#/telegram/bots/']").first.wait_for()
        if path.startswith("#/telegram/bots/"):
            page.get_by_text("Here since").wait_for()
        expect(bar).to_be_in_viewport(ratio=1)
        links = page.locator("nav a[href^='#/'], main a[href^='#/telegram/bots/']")
        todo |= {link.get_attribute("href").partition("?")[0] for link in links.all()} - seen
    assert len(seen) > 12
    assert any(path.startswith("#/telegram/bots/") for path in seen)
    assert [line for line in asked if "/api/" in line and not line.startswith("GET ")] == []
