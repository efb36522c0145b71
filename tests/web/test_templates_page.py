"""Templates on dash: where they are shown, their order, their versions, many at once, and each state of the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import People, refusal

TEMPLATES = "#/promo/templates"
ROUTE = "client/templates"
OWNER = "user_demo_owner"


@pytest.fixture
def known(people: People) -> Iterator[list[dict]]:
    """The demo tenant's templates, which are afterwards as they were."""
    items = people.api(OWNER, "GET", f"{ROUTE}?limit=200")["items"]
    yield items
    slugs = [item["slug"] for item in items]
    people.api(OWNER, "POST", f"{ROUTE}/visibility", {"slugs": slugs, "web": True, "bot": True, "archived": False})
    people.api(OWNER, "PUT", f"{ROUTE}/order", {"slugs": slugs})


def gallery(people: People) -> list[str]:
    """What the public page is told."""
    return [item["slug"] for item in people.api(OWNER, "GET", "public/templates?tenant=demo&limit=200")["items"]]


def row(page: Page, template: dict):
    return page.locator(f"ps-table tr[data-key='{template['slug']}']")


def test_a_switch_acts_on_the_gallery_and_can_be_taken_back(people: People, known: list[dict]) -> None:
    first = known[0]
    page = people.enter(OWNER, TEMPLATES)
    page.get_by_role("switch", name=f"{first['name']} in the web gallery").uncheck()
    expect(page.get_by_text(f"{first['name']}: hidden from the web gallery.")).to_be_visible()
    assert first["slug"] not in gallery(people)
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("switch", name=f"{first['name']} in the web gallery")).to_be_checked()
    assert first["slug"] in gallery(people)
    page.get_by_role("button", name=f"Archive {first['name']}", exact=True).click()
    expect(row(page, first)).to_contain_text("Archived")
    assert first["slug"] not in gallery(people)


def test_order_is_changed_by_the_keyboard_alone(people: People, known: list[dict]) -> None:
    first, second = known[:2]
    page = people.enter(OWNER, TEMPLATES)
    down = page.get_by_role("button", name=f"Move {first['name']} down", exact=True)
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("ps-table tbody tr").first).to_contain_text(second["name"])
    expect(down).to_be_focused()
    assert gallery(people)[:2] == [second["slug"], first["slug"]]


def test_many_are_hidden_at_once_and_one_undo_brings_them_back(people: People, known: list[dict]) -> None:
    page = people.enter(OWNER, TEMPLATES)
    for template in known[:2]:
        row(page, template).get_by_role("checkbox").check()
    page.get_by_role("button", name="Hide in the bot").click()
    expect(page.get_by_text("2 templates: hidden from the Telegram bot.")).to_be_visible()
    told = {item["slug"]: item["bot"] for item in people.api(OWNER, "GET", f"{ROUTE}?limit=200")["items"]}
    assert [slug for slug, is_shown in told.items() if not is_shown] == [template["slug"] for template in known[:2]]
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("switch", name=f"{known[1]['name']} in the Telegram bot")).to_be_checked()


def test_versions_are_shown_with_the_one_in_use(people: People, known: list[dict]) -> None:
    page = people.enter(OWNER, TEMPLATES)
    page.get_by_role("button", name=f"Versions of {known[0]['name']}", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Versions of {known[0]['name']}")
    expect(dialog.get_by_text("In use")).to_be_visible()
    expect(dialog.get_by_role("img", name=f"Version {known[0]['version']}")).to_be_visible()


def test_a_member_looks_and_a_new_workspace_is_empty(people: People, known: list[dict]) -> None:
    page = people.enter("user_demo_member", TEMPLATES)
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example) for the role of admin.")).to_be_visible()
    expect(page.get_by_role("switch").first).to_be_disabled()
    expect(page.get_by_role("button", name=f"Archive {known[0]['name']}")).to_have_count(0)
    subject, _ = people.owner_of_new("No Templates Yet")
    expect(people.enter(subject, TEMPLATES).get_by_role("heading", name="No template yet")).to_be_visible()


def test_a_failed_list_and_a_refused_switch_lead_on(people: People, known: list[dict]) -> None:
    page = people.enter(OWNER, "#/settings/members")
    answers = [refusal(503, "unavailable", "Later.")]
    page.route(f"**/{ROUTE}?*", lambda route: route.fulfill(**answers.pop()) if answers else route.continue_())
    page.evaluate("(path) => { location.hash = path; }", TEMPLATES)
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    page.route(f"**/{ROUTE}/visibility", lambda route: route.fulfill(**refusal(403, "not_allowed", "Not any more.")))
    web = page.get_by_role("switch", name=f"{known[0]['name']} in the web gallery")
    web.click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(web).to_be_checked()


def test_axe_finds_nothing_serious_in_the_templates(people: People, known: list[dict]) -> None:
    page = people.enter(OWNER, TEMPLATES)
    expect(row(page, known[0])).to_be_visible()
    assert problems_at_each_size(page) == []
    row(page, known[0]).get_by_role("checkbox").check()
    page.get_by_role("button", name=f"Versions of {known[1]['name']}", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert problems_at_each_size(page) == []
