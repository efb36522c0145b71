"""The platform looks into a workspace: from the reason to the end, with a bar that is always in view."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import DESKTOP, PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import PLATFORM, People


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
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
