"""The platform's own dashboard: the password, the tenants, who was refused."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import PASSWORD, PLATFORM, People, refusal

Open = Callable[..., Page]


def test_the_password_signs_in_and_out_and_all_sessions_can_be_ended(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.host('admin')}/#/operations/sessions")
    page.get_by_role("button", name="Sign in with password").click()
    expect(page.get_by_text("Type the password.")).to_be_visible()
    log_in(page, PASSWORD[0], "not this one")
    expect(page.get_by_text("E-mail or password is wrong.")).to_be_visible()
    log_in(page, *PASSWORD)
    expect(page.get_by_text("You are signed in with the password.")).to_be_visible()
    page.reload()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("You are signed in with the password.")).to_be_visible()

    page.get_by_role("button", name="End all password sessions").click()
    page.get_by_role("dialog").get_by_role("button", name="End all").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    expect(other.get_by_role("heading", name="Sign in to go on")).to_be_visible()

    log_in(page, *PASSWORD)
    expect(page.get_by_text("You are signed in with the password.")).to_be_visible()
    page.get_by_role("button", name="You").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    assert [each["name"] for each in page.context.cookies() if "admin_session" in each["name"]] == []


def test_whoever_came_by_the_password_signs_out_without_the_provider(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.host('admin')}/#/operations/sessions")
    log_in(page, *PASSWORD)
    expect(page.get_by_text("You are signed in with the password.")).to_be_visible()
    asked: list[str] = []
    page.route("**/clerk/v1/**", lambda route: (asked.append(route.request.url), route.abort()))
    page.get_by_role("button", name="You").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    assert asked == []
    assert [each["name"] for each in page.context.cookies() if "admin_session" in each["name"]] == []


def test_too_many_tries_say_how_long_to_wait(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.host('admin')}/")
    answer = refusal(429, "too_many_tries", "Too many tries.") | {"headers": {"Retry-After": "840"}}
    page.route("**/admin/login", lambda route: route.fulfill(**answer))
    log_in(page, *PASSWORD)
    expect(page.get_by_text("Too many tries. Try again in 14")).to_be_visible()


def test_a_password_session_that_ends_is_renewed_in_place(people: People, stack: Stack, open_page: Open) -> None:
    _, tenant = people.owner_of_new("Typed Reasons")
    page = open_page(f"{stack.host('admin')}/#/tenants/{tenant['id']}")
    log_in(page, *PASSWORD)
    page.get_by_role("button", name="Suspend…").click()
    page.get_by_role("textbox", name="Reason").fill("Chargebacks")
    page.context.clear_cookies(name="__Host-admin_session")
    page.get_by_role("button", name="Suspend", exact=True).click()

    again = page.get_by_role("dialog", name="Your session has ended")
    again.get_by_label("E-mail").fill(PASSWORD[0])
    again.get_by_label("Password").fill(PASSWORD[1])
    page.keyboard.press("Enter")

    expect(page.get_by_text("Suspended: Chargebacks")).to_be_visible()


def test_a_stranger_reads_who_can_let_him_in(people: People) -> None:
    page = people.enter("user_demo_owner", host="admin")
    expect(page.get_by_text("You are signed in as owner@demo.example, who is not one of them.")).to_be_visible()
    page.get_by_role("button", name="Sign in as somebody else").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def test_tenants_are_found_opened_suspended_and_resumed(people: People) -> None:
    subject, _ = people.owner_of_new("Quiet Harbour")
    page = people.enter(PLATFORM, host="admin")
    page.get_by_label("Search", exact=True).fill("quiet harb")
    expect(page.get_by_role("row")).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Search", exact=True)).to_have_value("quiet harb")
    page.get_by_role("link", name="Quiet Harbour").click()

    page.get_by_role("button", name="Suspend…").click()
    dialog = page.get_by_role("dialog", name="Suspend Quiet Harbour?")
    expect(dialog.get_by_text("its bots, which go on receiving but do not answer")).to_be_visible()
    dialog.get_by_role("button", name="Suspend").click()
    expect(dialog.get_by_text("Say why, in a sentence.")).to_be_visible()
    dialog.get_by_role("textbox", name="Reason").fill("Ticket 4711")
    dialog.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("Suspended: Ticket 4711")).to_be_visible()
    expect(page.get_by_role("cell", name="Suspended the workspace")).to_be_visible()
    assert people.api(subject, "GET", "client/session")["current"]["state"] == "suspended"

    page.get_by_role("button", name="Resume").click()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Quiet Harbour works again.")).to_be_visible()
    assert people.api(subject, "GET", "client/session")["current"]["state"] == "active"


def test_a_tenant_that_does_not_exist_leads_back(people: People) -> None:
    page = people.enter(PLATFORM, "#/tenants/00000000-0000-4000-8000-000000000000", host="admin")
    expect(page.get_by_role("heading", name="There is no such tenant")).to_be_visible()
    page.get_by_role("link", name="All tenants").last.click()
    expect(page.get_by_role("heading", name="Tenants of the platform")).to_be_visible()


def test_support_finds_why_somebody_was_refused(people: People) -> None:
    page = people.enter("user_demo_owner", host="admin")
    expect(page.get_by_role("heading", name="This is for the platform’s people")).to_be_visible()
    page = people.enter(PLATFORM, "#/operations/refusals", host="admin")
    page.get_by_label("Reason", exact=True).select_option("not_an_admin")
    line = page.get_by_role("row", name="not_an_admin").first
    expect(line).to_contain_text("Signed in, but not one of the platform’s people")
    expect(line).to_contain_text("admin/login")


def test_axe_finds_nothing_serious_on_the_admin_host(people: People) -> None:
    _, tenant = people.owner_of_new("A name that is longer than most of the names which people give to their business")
    page = people.enter(PLATFORM, host="admin")
    for path, headline in {
        "#/": "Tenants of the platform",
        f"#/tenants/{tenant['id']}": "Latest in its audit log",
        "#/operations/refusals": "Who was refused, and why",
        "#/operations/sessions": "Password sessions",
    }.items():
        page.evaluate("(path) => { location.hash = path; }", path)
        expect(page.get_by_role("heading", name=headline).last).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert problems_at_each_size(page) == []


def log_in(page: Page, email: str, password: str) -> None:
    """Fills in the form of the sign-in page and sends it."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in with password").click()
