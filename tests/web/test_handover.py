"""Settings → Members: a workspace gets another owner, and whoever was it becomes an admin, seen on both pages."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import DESKTOP, PHONE, problems_in_both_palettes
from tests.web.signed_in import People

MEMBERS = "#/settings/members"


def join(people: People, owner: str, role: str) -> tuple[str, str]:
    """Somebody new whom the owner has invited: (subject, e-mail)."""
    subject = people.stranger()
    email = people.api(subject, "GET", "client/session")["user"]["email"]
    offer = people.api(owner, "POST", "client/settings/invitations", {"email": email, "role": role})
    tenant_id = people.api(owner, "GET", "client/session")["current"]["id"]
    people.api(subject, "POST", f"client/session/invitations/{tenant_id}/{offer['id']}")
    return subject, email


@pytest.mark.parametrize(
    "viewport", [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def test_a_workspace_is_handed_over(people: People, viewport) -> None:
    owner, _ = people.owner_of_new("Handed Over")
    heir, email = join(people, owner, "member")
    page = people.enter(owner, MEMBERS, viewport=viewport)
    page.get_by_role("button", name="the owner").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(email)
    assert problems_in_both_palettes(page) == []
    page.keyboard.press("Escape")
    assert people.api(owner, "GET", "client/session")["current"]["role"] == "owner", "dismissed it does nothing"

    page.get_by_role("button", name="the owner").click()
    dialog.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("is the owner now.")).to_be_visible()
    expect(page.get_by_role("button", name="the owner")).to_have_count(0)
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    rows = page.locator("ps-table").first
    expect(rows.locator("[role=row], tr, li", has_text=email).first).to_contain_text("owner")
    assert people.api(owner, "GET", "client/session")["current"]["role"] == "admin"

    theirs = people.enter(heir, "#/settings/data")
    expect(theirs.get_by_role("button", name="Make an export")).to_be_visible()
    line = people.api(heir, "GET", "client/settings/audit")["items"][0]
    assert (line["action"], line["target"]) == ("tenant.handed_over", email)


def test_whoever_has_just_lost_the_workspace_is_told_and_sees_what_is_true(people: People) -> None:
    owner, _ = people.owner_of_new("Two Tabs")
    heir, email = join(people, owner, "admin")
    _, other = join(people, owner, "member")
    page = people.enter(owner, MEMBERS)
    expect(page.get_by_role("button", name="the owner")).to_have_count(2)
    members = people.api(owner, "GET", "client/settings/members")["items"]
    [heir_id] = [each["user_id"] for each in members if each["email"] == email]
    people.api(owner, "POST", f"client/settings/members/{heir_id}/owner", {})
    page.get_by_role("row", name=other).get_by_role("button", name="the owner").click()
    page.get_by_role("dialog").get_by_role("button", name="Hand it over").click()
    expect(page.get_by_role("alert").get_by_text(email)).to_be_visible()
    expect(page.get_by_role("button", name="the owner")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_count(0)
    assert people.api(heir, "GET", "client/session")["current"]["role"] == "owner"
