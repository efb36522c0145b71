"""Invited, joined, refused: by the owner's page and the guest's, with a link that works for one address."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import DESKTOP, PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import PLATFORM, People

DIALOG = "Invite somebody"


@pytest.mark.parametrize(
    "size", [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def test_a_guest_is_invited_and_comes_in(people: People, size: dict[str, int]) -> None:
    owner, tenant = people.owner_of_new("Open House")
    guest = people.stranger()
    email = people.api(guest, "GET", "client/session")["user"]["email"]

    page = people.enter(owner, "#/settings/members", viewport=size)
    page.get_by_role("button", name="Invite somebody").click()
    dialog = page.get_by_role("dialog", name=DIALOG)
    dialog.get_by_label("E-mail address").fill("nobody")
    dialog.get_by_role("button", name="Invite and copy the link").click()
    expect(dialog.get_by_text("Type one address, like name@company.com.")).to_be_visible()
    dialog.get_by_label("E-mail address").fill(email.upper())
    dialog.get_by_label("As", exact=True).select_option("admin")
    dialog.get_by_role("button", name="Invite and copy the link").click()
    expect(page.get_by_text(email, exact=True).first).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)

    invitation = people.api(owner, "GET", "client/settings/invitations")["items"][0]["id"]
    visit = people.enter(guest, f"#/join/{tenant['id']}/{invitation}", viewport=size)
    expect(visit.get_by_role("heading", name="Or create a workspace of your own")).to_be_visible()
    expect(visit.get_by_text("offers you a place as an admin")).to_be_visible()
    assert problems_in_both_palettes(visit) == []
    assert not scrolls_sideways(visit)
    visit.get_by_role("button", name="Join Open House").click()
    expect(visit.get_by_text("You are an admin of this workspace.")).to_be_visible()
    visit.goto(visit.url.partition("#")[0] + f"#/join/{tenant['id']}/{invitation}")
    expect(visit.get_by_role("heading", name="You belong to this workspace")).to_be_visible()

    page.reload()
    expect(page.get_by_label(re.compile("Role of Nora"))).to_have_value("admin")


def test_who_has_a_workspace_is_offered_another(people: People) -> None:
    owner, _ = people.owner_of_new("Second Home")
    guest, _ = people.owner_of_new("First Home")
    email = people.api(guest, "GET", "client/session")["user"]["email"]
    people.api(owner, "POST", "client/settings/invitations", {"email": email})
    page = people.enter(guest)
    page.get_by_role("button", name="Join Second Home").click()
    expect(page.get_by_role("heading", name="Second Home", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Join Second Home")).to_have_count(0)


def test_a_withdrawn_link_says_so(people: People) -> None:
    owner, tenant = people.owner_of_new("Closed House")
    guest, _ = people.owner_of_new("Guest House")
    email = people.api(guest, "GET", "client/session")["user"]["email"]
    made = people.api(owner, "POST", "client/settings/invitations", {"email": email})
    page = people.enter(owner, "#/settings/members")
    page.get_by_role("button", name=f"Withdraw the invitation for {email}").click()
    expect(page.get_by_text("works no more")).to_be_visible()
    visit = people.enter(guest, f"#/join/{tenant['id']}/{made['id']}")
    expect(visit.get_by_role("heading", name="No such invitation is open for you")).to_be_visible()
    expect(visit.get_by_text(f"you are signed in as {email}")).to_be_visible()


def test_somebody_new_with_a_link_for_another_address_reads_that_first(people: People) -> None:
    owner, tenant = people.owner_of_new("Other House")
    made = people.api(owner, "POST", "client/settings/invitations", {"email": "somebody.else@new.example"})
    guest = people.stranger()
    email = people.api(guest, "GET", "client/session")["user"]["email"]
    page = people.enter(guest, f"#/join/{tenant['id']}/{made['id']}", viewport=PHONE)
    expect(page.get_by_text("No such invitation is open for you.")).to_be_visible()
    expect(page.get_by_text(f"for another address: you are signed in as {email}.")).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
    page.get_by_label("Name of your business").fill("A House of My Own")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A House of My Own")).to_be_visible()


def test_whose_workspace_is_suspended_takes_an_invitation(people: People) -> None:
    name = "A House Whose Name Is Longer Than Most Of The Names Which People Give To Their Business"
    owner, tenant = people.owner_of_new(name)
    guest, stopped = people.owner_of_new("Stopped Trading")
    people.api(PLATFORM, "POST", f"admin/tenants/{stopped['id']}/suspend", {"reason": "a test"})
    email = people.api(guest, "GET", "client/session")["user"]["email"]
    made = people.api(owner, "POST", "client/settings/invitations", {"email": email})
    page = people.enter(guest, viewport=PHONE)
    join = page.get_by_role("button", name=f"Join {name}")
    expect(page.get_by_role("heading", name="Stopped Trading is suspended")).to_be_visible()
    expect(join).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)

    page.evaluate("(path) => { location.hash = path; }", f"#/join/{tenant['id']}/{made['id']}")
    expect(page.get_by_role("heading", name="Invitation")).to_be_visible()
    join.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
