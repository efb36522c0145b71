"""One tenant as the platform sees it: how much it uses, how its bots are, what a suspension holds back."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import PLATFORM, People, refusal


def open_demo(people: People, **options) -> Page:
    [demo] = people.api(PLATFORM, "GET", "admin/tenants?q=owner@demo.example")["items"]
    return people.enter(PLATFORM, f"#/tenants/{demo['id']}", host="admin", **options)


def test_usage_and_health_are_shown(people: People) -> None:
    page = open_demo(people)
    with page.expect_response("**/usage") as answered:
        page.reload()
    told = answered.value.json()  # asked for once more, it may count what a bot does meanwhile
    usage = page.get_by_role("region", name="Usage and health")
    bots = usage.get_by_role("list", name="Bots").get_by_role("listitem")
    expect(bots.first).to_contain_text("@")
    expect(bots).to_have_count(len(told["bots"]))
    for label, name in (("Pictures", "pictures"), ("Messages failed", "failed"), ("Updates", "updates")):
        card = usage.locator("section", has=page.get_by_role("heading", name=label, exact=True))
        expect(card).to_contain_text(re.compile(rf"\b{told[name]:,}\b"))
    assert problems_at_each_size(page) == []


def test_a_suspended_tenant_says_what_it_holds_back(people: People) -> None:
    subject, tenant = people.owner_of_new("Held Back")
    people.api(PLATFORM, "POST", f"admin/tenants/{tenant['id']}/suspend", {"reason": "an investigation"})
    page = people.enter(PLATFORM, f"#/tenants/{tenant['id']}", host="admin")
    usage = page.get_by_role("region", name="Usage and health")
    expect(usage).to_contain_text("Its coupon page says that it is paused.")
    expect(usage).to_contain_text("0 messages are held, and 0 updates wait for an answer: nothing is lost.")
    expect(usage).to_contain_text("No customer has used it yet. Its people last changed something")
    people.api(PLATFORM, "POST", f"admin/tenants/{tenant['id']}/visits", {"reason": "a question"})
    page.reload()
    details = page.get_by_role("row", name="Began to look in, reading only")
    expect(details).to_contain_text("until: ")
    assert not re.search(r"\d{4}-\d\d-\d\dT", details.inner_text()), "a moment is told as everywhere else"
    assert subject


def test_figures_that_fail_leave_the_rest_and_can_be_asked_for_again(people: People) -> None:
    _, tenant = people.owner_of_new("Uncounted")
    page = people.enter(PLATFORM, host="admin")
    page.route("**/usage", lambda route: route.fulfill(**refusal(503, "unavailable", "The database is away.")), times=1)
    page.evaluate(f"location.hash = '#/tenants/{tenant['id']}'")
    expect(page.get_by_text("The figures could not be counted.")).to_be_visible()
    expect(page.get_by_role("button", name="Suspend…")).to_be_enabled()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Messages sent")).to_be_visible()


def test_while_it_is_suspended_nobody_closes_the_dialog(people: People) -> None:
    _, tenant = people.owner_of_new("Slowly Stopped")
    page = people.enter(PLATFORM, f"#/tenants/{tenant['id']}", host="admin")
    held: list[Route] = []
    page.route("**/suspend", lambda route: held.append(route))
    page.get_by_role("button", name="Suspend…").click()
    dialog = page.get_by_role("dialog", name="Suspend Slowly Stopped?")
    dialog.get_by_label("Reason").fill("Ticket 4711")
    dialog.get_by_role("button", name="Suspend").click()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_disabled()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.mouse.click(5, 5)
    expect(dialog).to_be_visible()
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_text("Suspended: Ticket 4711")).to_be_visible()
    expect(dialog).to_have_count(0)


@pytest.mark.long
def test_a_template_is_given_to_all_workspaces(people: People) -> None:
    subject, tenant = people.owner_of_new("House Of Templates")
    wanted = {"slug": "for-everybody", "name": "For everybody", "background": "#0B1739", "accent": "#8B7BFF"}
    people.api(subject, "POST", "client/editor/brand", wanted)
    people.api(subject, "POST", "client/editor/for-everybody/publish", {"revision": 1})
    page = people.enter(PLATFORM, f"#/tenants/{tenant['id']}", host="admin")
    asked: list[str] = []

    def answer(route: Route) -> None:
        """The other workspaces of this product are other tests'."""
        asked.append(route.request.url)
        route.fulfill(json={"given": 1204, "kept": 3})

    page.route("**/share", answer)
    page.get_by_role("button", name="Give For everybody to all").click()
    page.get_by_role("dialog").get_by_role("button", name="Give it to all").click()
    expect(page.get_by_text("1,204 workspaces have it now, 3 keep their own.")).to_be_visible()
    assert [url.partition("/api/")[2] for url in asked] == [
        f"admin/tenants/{tenant['id']}/templates/for-everybody/share"
    ]
    assert problems_at_each_size(page) == []
