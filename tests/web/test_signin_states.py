"""What keeps somebody out of a view: each state says what happened, who can help, and leads on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, problems_at_each_size, problems_in_both_palettes
from tests.web.signed_in import PLATFORM, People, refusal

Open = Callable[..., Page]
SESSION = "**/client/session"


def test_the_first_visit_makes_one_workspace(people: People) -> None:
    subject = people.stranger()
    page = people.enter(subject, "#/settings/members")
    expect(page.get_by_role("heading", name="Create your workspace", level=2)).to_be_visible()
    page.get_by_role("button", name="Create workspace").click()
    expect(page.get_by_text("Type the name of your business")).to_be_visible()

    page.get_by_label("Name of your business").fill("First Steps Trading")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="People of First Steps Trading")).to_be_visible()
    assert [each["role"] for each in people.api(subject, "GET", "client/session")["tenants"]] == ["owner"]


def test_a_refused_workspace_says_why_beside_the_field(people: People) -> None:
    page = people.enter(people.stranger())
    page.get_by_label("Name of your business").fill("Twice")
    answer = refusal(422, "unprocessable", "Look at the name again.", name="Use letters.")
    page.route("**/client/session/tenant", lambda route: route.fulfill(**answer))
    page.get_by_role("button", name="Create workspace").click()
    expect(page.get_by_text("Use letters.")).to_be_visible()
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    expect(page.get_by_label("Name of your business")).to_have_value("Twice")


def test_a_member_of_two_switches_and_stays_after_a_reload(people: People) -> None:
    page = people.enter("user_both", "#/settings/members")
    people_of = page.get_by_role("heading", name="People of")
    expect(people_of).to_be_visible()
    before = people_of.inner_text()
    other = "Northwind" if before.endswith("East") else "Northwind East"

    page.get_by_role("button", name=before.removeprefix("People of "), exact=True).click()
    page.get_by_role("menuitem", name=f"{other} ·").click()
    expect(page.get_by_role("heading", name=f"People of {other}", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=f"People of {other}", exact=True)).to_be_visible()

    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="You").click()
    page.get_by_role("menuitem", name=f"{before.removeprefix('People of ')} ·").click()
    expect(page.get_by_role("heading", name=before, exact=True)).to_be_visible()


def test_a_choice_that_is_no_longer_mine_gives_way(people: People) -> None:
    page = people.enter("user_demo_member")
    expect(page.get_by_role("heading", name="Northwind", exact=True)).to_be_visible()
    page.evaluate("sessionStorage.setItem('tenant', 'northwind')")
    page.reload()
    expect(page.get_by_role("heading", name="Northwind", exact=True)).to_be_visible()


def test_a_suspended_account_says_so_and_comes_back(people: People) -> None:
    subject, tenant = people.owner_of_new("Paused Traders")
    people.api(PLATFORM, "POST", f"admin/tenants/{tenant['id']}/suspend", {"reason": "a canary reason"})
    page = people.enter(subject, "#/settings/general")
    expect(page.get_by_role("heading", name="Paused Traders is suspended")).to_be_visible()
    assert "canary" not in page.content()
    assert problems_in_both_palettes(page) == []

    people.api(PLATFORM, "POST", f"admin/tenants/{tenant['id']}/resume", {})
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Paused Traders")


def test_who_may_not_see_the_log_reads_who_can_grant_it(people: People) -> None:
    page = people.enter("user_demo_member", "#/settings/audit")
    expect(page.get_by_role("heading", name="You can't see the audit log")).to_be_visible()
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example) to give you access.")).to_be_visible()


@pytest.mark.parametrize("host", ["dash", "admin"])
def test_the_wrong_address_leads_to_the_right_one(people: People, host: str, stack: Stack) -> None:
    subject = PLATFORM if host == "admin" else "user_demo_owner"
    page = people.enter(subject, "#/health", host=host)
    answer = refusal(403, "host_refused", "This address does not answer here.")
    page.route("**/api/client/session", lambda route: route.fulfill(**answer))
    page.route("**/api/admin/login", lambda route: route.fulfill(**answer))
    page.goto(f"{stack.host(host)}/")
    expect(page.get_by_role("heading", name="This dashboard lives at another address")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the dashboard")).to_have_attribute("href", f"{stack.host(host)}/")


def test_a_service_that_is_away_keeps_the_request_id_and_tries_again(people: People) -> None:
    page = people.enter("user_demo_owner", "#/health")
    page.route(SESSION, lambda route: route.fulfill(**refusal(503, "unavailable", "Away.")))
    page.reload()
    page.evaluate("location.hash = '#/settings/members'")
    expect(page.get_by_role("heading", name="Your account could not be loaded")).to_be_visible()
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    page.unroute(SESSION)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="People of Northwind")).to_be_visible()


def test_while_it_loads_the_shape_of_what_comes_is_there(people: People) -> None:
    page = people.enter("user_demo_owner", "#/health")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    held = []
    page.route(SESSION, lambda route: held.append(route))
    with page.expect_request(SESSION):
        page.reload()
    page.evaluate("location.hash = '#/settings/members'")
    expect(page.get_by_role("main").locator("[aria-busy=true]")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("heading", name="People of Northwind")).to_be_visible()


def test_without_the_provider_the_password_still_works(people: People, stack: Stack, open_page: Open) -> None:
    blocked = "**/clerk/v1/**"
    page = open_page(f"{stack.host('dash')}/#/health")
    page.route(blocked, lambda route: route.fulfill(status=503, json={"errors": []}))
    page.goto(f"{stack.host('dash')}/")
    expect(page.get_by_role("heading", name="Sign-in cannot be reached")).to_be_visible()
    page.unroute(blocked)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()


def test_axe_finds_nothing_serious_before_the_dashboards(people: People, stack: Stack, open_page: Open) -> None:
    pages = [
        open_page(f"{stack.host('admin')}/"),
        people.enter(people.stranger()),
        people.enter("user_demo_owner", host="admin"),
    ]
    for page, headline in zip(
        pages, ["Sign in to go on", "Create your workspace", "This is for the platform’s people"], strict=True
    ):
        expect(page.get_by_role("heading", name=headline, level=2)).to_be_visible()
        assert problems_at_each_size(page) == []
