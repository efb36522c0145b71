"""Signing in with clerk-js as it is published, against the running product: in, renewed, out, on both hosts."""

import base64
import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.conftest import Stack
from tests.sampling import every
from tests.web.conftest import PHONE
from tests.web.signed_in import PLATFORM, People

Open = Callable[..., Page]
# Where each host's people land, what they see there, and who they are.
HOSTS = {
    "dash": ("#/settings/members", "People of Northwind", "user_demo_owner", "Olivia Owner"),
    "admin": ("#/operations/refusals", "Who was refused, and why", PLATFORM, "Petra Platform"),
}
# Each journey on one host; `make proofs` makes it on the other one, too.
ON_DASH, ON_ADMIN = every(2, HOSTS), every(2, reversed(HOSTS))


@pytest.mark.parametrize("host", ON_DASH)
def test_one_signs_in_and_lands_where_one_was_going(stack: Stack, open_page: Open, host: str) -> None:
    path, headline, _, name = HOSTS[host]
    page = open_page(f"{stack.host(host)}/{path}")
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=headline)).to_be_visible()
    assert page.url.endswith(path)


@pytest.mark.parametrize("host", ON_ADMIN)
def test_the_token_is_renewed_when_its_minute_is_over(people: People, host: str) -> None:
    path, headline, subject, _ = HOSTS[host]
    page = people.enter(subject, "#/health", host=host)
    page.clock.install()
    page.reload()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if "authorization" in request.headers else None)
    page.evaluate("(path) => { location.hash = path; }", path)
    expect(page.get_by_role("heading", name=headline)).to_be_visible()
    before = claims_of(sent[-1])
    page.evaluate("location.hash = '#/health'")
    expect(page.get_by_role("heading", name="Health", level=1)).to_be_visible()

    page.clock.fast_forward("01:05")
    with page.expect_response(lambda answer: "authorization" in answer.request.headers) as answered:
        page.evaluate("(path) => { location.hash = path; }", path)

    assert answered.value.ok
    after = claims_of(answered.value.request)
    assert before["sid"] == after["sid"]
    assert before["jti"] != after["jti"]
    assert after["exp"] - after["iat"] == 60


@pytest.mark.parametrize("host", ON_DASH)
def test_signing_out_ends_the_other_tab_too(people: People, host: str) -> None:
    path, headline, subject, _ = HOSTS[host]
    page = people.enter(subject, path, host=host)
    expect(page.get_by_role("heading", name=headline)).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", name=headline)).to_be_visible()

    sign_out(page)

    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(other.get_by_role("heading", name="You signed out in another tab")).to_be_visible()
    expect(other.get_by_role("heading", name=headline)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="You").click()
    page.get_by_role("menuitem", name="Sign out").click()


@pytest.mark.parametrize("host", ON_ADMIN)
def test_a_sign_out_that_failed_does_not_say_it_worked(people: People, host: str) -> None:
    path, headline, subject, _ = HOSTS[host]
    page = people.enter(subject, path, host=host)
    inside = page.get_by_role("heading", name=headline)
    expect(inside).to_be_visible()
    page.route("**/clerk/v1/**", lambda route: route.abort())
    sign_out(page)
    expect(page.get_by_role("alert")).to_contain_text("You are still signed in")
    expect(inside).to_be_visible()

    page.unroute("**/clerk/v1/**")
    sign_out(page)
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def test_an_answer_that_comes_after_the_sign_out_shows_nothing(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/members")
    members = page.get_by_role("heading", name="People of Northwind")
    expect(members).to_be_visible()
    held: list[Route] = []
    page.route("**/client/session", lambda route: held.append(route))
    with page.expect_request("**/client/session"):
        page.reload()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", name="People of Northwind")).to_be_visible()
    sign_out(other)
    expect(page.get_by_role("heading", name="You signed out in another tab")).to_be_visible()

    with page.expect_response("**/client/session"):
        held[0].continue_()

    expect(page.get_by_role("heading", name="You signed out in another tab")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('tenant')") is None
    assert "Northwind" not in page.inner_text("body")


def test_a_token_that_runs_out_on_the_way_is_replaced_in_silence(people: People) -> None:
    page = people.enter("user_demo_owner")
    expect(page.get_by_role("heading", name="Northwind")).to_be_visible()
    tokens: list[str] = []

    def refuse_first(route) -> None:
        tokens.append(route.request.headers["authorization"])
        if len(tokens) == 1:
            return route.fulfill(status=401, json={"error": {"code": "session_expired", "message": "Sign in."}})
        return route.continue_()

    page.route("**/client/settings/members*", refuse_first)
    page.evaluate("location.hash = '#/settings/members'")
    expect(page.get_by_role("heading", name="People of Northwind")).to_be_visible()
    assert len(tokens) == 2
    assert tokens[0] != tokens[1]


def test_a_session_that_ends_while_typing_costs_nothing(people: People) -> None:
    subject, _ = people.owner_of_new("Lasting Words")
    page = people.enter(subject, "#/settings/general")
    page.get_by_label("Support e-mail").fill("help@lasting.example")
    people.control("POST", "end-sessions", {"subject": subject})
    page.route("**/client/settings", lambda route: route.fulfill(status=401, json=NOT_SIGNED_IN), times=1)
    page.get_by_role("button", name="Save").click()

    dialog = page.get_by_role("dialog", name="Your session has ended")
    with page.expect_popup() as popup:
        dialog.get_by_role("button", name="Sign in again").click()
    popup.value.locator(f"button[value='{subject}']").click()

    expect(page.get_by_text("Settings saved.")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Support e-mail")).to_have_value("help@lasting.example")
    assert people.api(subject, "GET", "client/settings")["support_email"] == "help@lasting.example"


def test_somebody_else_in_the_other_tab_leaves_nothing_of_the_first(people: People, stack: Stack) -> None:
    page = people.enter("user_demo_owner", "#/settings/members")
    expect(page.get_by_role("heading", name="People of Northwind")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{stack.host('dash')}/clerk/sign-in")
    other.get_by_role("button", name="Noah Northwind").click()
    expect(other.get_by_role("heading", name="Northwind East")).to_be_visible()

    # Nothing happens in the first tab: it hears of it.
    expect(page.get_by_role("heading", name="People of Northwind East")).to_be_visible()
    expect(page.get_by_text("Olivia Owner")).to_have_count(0)


def test_somebody_else_in_the_other_tab_finds_nothing_that_the_first_one_was_typing(
    people: People, stack: Stack
) -> None:
    page = people.enter("user_demo_owner", "#/settings/general")
    page.get_by_label("Support e-mail").fill("private@demo.example")
    # Who is asked whether to leave stays.
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    other = page.context.new_page()
    other.goto(f"{stack.host('dash')}/clerk/sign-in")
    other.get_by_role("button", name="Noah Northwind").click()
    expect(other.get_by_role("heading", name="Northwind East")).to_be_visible()

    expect(page.get_by_label("Name", exact=True)).to_have_value("Northwind East")
    expect(page.get_by_label("Support e-mail")).not_to_have_value("private@demo.example")
    assert asked == []


def test_everything_can_be_done_without_a_mouse(stack: Stack, open_page: Open) -> None:
    page = open_page(f"{stack.host('dash')}/", viewport=PHONE)
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    press_on(page, page.get_by_role("main").get_by_role("link", name="Sign in", exact=True))
    expect(page.get_by_role("heading", name="Choose who you are")).to_be_visible()
    press_on(page, page.get_by_role("button", name="Mia Member"))
    expect(page.get_by_text("You are a member of this workspace.")).to_be_visible()
    press_on(page, page.get_by_role("button", name="You"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


NOT_SIGNED_IN = {"error": {"code": "not_signed_in", "message": "Sign in to go on.", "request_id": "req-1"}}


def press_on(page: Page, target) -> None:
    """Reaches it with the tabulator alone and presses Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return page.keyboard.press("Enter")
    pytest.fail("the tabulator does not lead there")


def claims_of(request: Request) -> dict[str, object]:
    """What the bearer token of a request says."""
    part = request.headers["authorization"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
