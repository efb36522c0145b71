"""Coupons on dash: own codes from the first to the last, where codes are checked, and each state of the page."""

from playwright.sync_api import Page, expect

from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import People, refusal

COUPONS = "#/promo/coupons"
ROUTE = "client/coupons"


def row(page: Page, code: str):
    return page.locator(f"ps-table tr[data-key='{code}']")


def test_a_code_is_added_redeemed_given_back_and_changed(people: People) -> None:
    subject, _ = people.owner_of_new("Code Makers")
    page = people.enter(subject, COUPONS)
    expect(page.get_by_role("heading", name="No code of your own yet")).to_be_visible()
    page.get_by_role("button", name="Add a code").click()
    dialog = page.get_by_role("dialog", name="Add a code")
    dialog.get_by_role("button", name="Add the code").click()
    expect(dialog.get_by_text("Type a code with letters")).to_be_visible()
    page.keyboard.type("gold 10")
    dialog.get_by_label("Times in total").fill("1")
    dialog.get_by_label("Budget").fill("12.505")
    dialog.get_by_label("Currency").fill("eur")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Type an amount like 500 or 12.50.")).to_be_visible()
    dialog.get_by_label("Budget").fill("50")
    page.keyboard.press("Enter")
    expect(page.get_by_text("GOLD-10 was added.")).to_be_visible()
    expect(row(page, "GOLD-10")).to_contain_text("Usable")

    page.get_by_role("button", name="Redeem GOLD-10").click()
    page.get_by_label("Order", exact=True).fill("order-7")
    page.get_by_label("Customer").fill("ann@example.com")
    page.get_by_label("Discount in EUR").fill("12.50")
    page.keyboard.press("Enter")
    expect(row(page, "GOLD-10")).to_contain_text("Used up")
    expect(row(page, "GOLD-10")).to_contain_text("€12.50 of €50.00")
    [stored] = people.api(subject, "GET", ROUTE)["items"]
    assert (stored["redeemed"], stored["spent_minor"], stored["budget_minor"]) == (1, 1_250, 5_000)

    page.get_by_role("button", name="Give back an order of GOLD-10").click()
    page.get_by_label("Order", exact=True).fill("order-8")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing to give back: order order-8")).to_be_visible()
    page.get_by_role("button", name="Give back an order of GOLD-10").click()
    page.get_by_label("Order", exact=True).fill("order-7")
    page.keyboard.press("Enter")
    expect(row(page, "GOLD-10")).to_contain_text("Usable")

    page.get_by_role("button", name="Edit GOLD-10").click()
    dialog = page.get_by_role("dialog", name="Edit GOLD-10")
    expect(dialog.get_by_label("Budget")).to_have_value("50")
    dialog.get_by_label("From").fill("2026-03-02T10:00")
    dialog.get_by_label("Until").fill("2026-03-01T10:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("The end comes after the start.")).to_be_visible()
    dialog.get_by_label("Until").fill("2026-03-03T10:00")
    dialog.get_by_role("button", name="Save").click()
    expect(row(page, "GOLD-10")).to_contain_text("Ended")
    page.evaluate("location.hash = '#/settings/audit'")
    for done in ("Added a code", "Redeemed a code", "Gave an order back", "Changed a code"):
        expect(page.get_by_role("cell", name=done)).to_be_visible()


def test_what_the_server_refuses_keeps_what_was_typed(people: People) -> None:
    page = people.enter("user_demo_owner", COUPONS)
    page.get_by_role("button", name="Add a code").click()
    page.get_by_label("Code", exact=True).fill("team 50")
    page.keyboard.press("Enter")
    expect(page.get_by_text("TEAM-50 exists already.")).to_be_visible()
    expect(page.get_by_label("Code", exact=True)).to_have_value("team 50")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_places_are_ordered_with_mouse_and_keyboard_and_a_way_back(people: People) -> None:
    subject, _ = people.owner_of_new("Order Takers")
    page = people.enter(subject, COUPONS)

    def asked() -> list[str]:
        found = people.api(subject, "GET", f"{ROUTE}/providers")["providers"]
        return [each["kind"] for each in found if each["is_on"]]

    expect(page.get_by_text("No place is on, so no code can be checked.")).to_be_visible()
    own = page.get_by_role("switch", name="Own codes is asked")
    own.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("No place is on")).to_have_count(0)
    page.get_by_role("switch", name="FunderPro is asked").check()
    earlier = page.get_by_role("button", name="Ask FunderPro earlier")
    expect(earlier).to_be_visible()
    assert asked() == ["local", "funderpro"]
    earlier.click()
    expect(page.locator(".places li").first).to_contain_text("FunderPro")
    assert asked() == ["funderpro", "local"]
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(".places li").first).to_contain_text("Own codes")
    assert asked() == ["local", "funderpro"]
    page.get_by_role("switch", name="FunderPro is asked").uncheck()
    expect(page.locator(".places li").nth(1)).to_contain_text("–")
    own.click()
    expect(page.get_by_text("One place stays on")).to_be_visible()
    expect(own).to_be_checked()


def test_a_member_redeems_but_does_not_change(people: People) -> None:
    page = people.enter("user_demo_member", COUPONS)
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example) for the role of admin.")).to_be_visible()
    expect(page.get_by_role("button", name="Redeem TEAM-50")).to_be_visible()
    expect(page.get_by_role("switch")).to_have_count(0)
    expect(page.get_by_role("button", name="Add a code")).to_have_count(0)
    expect(page.get_by_role("button", name="Edit TEAM-50")).to_have_count(0)


def test_a_failed_list_leads_on(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/members")
    answers = [refusal(503, "unavailable", "Later.")]
    page.route(f"**/{ROUTE}?*", lambda route: route.fulfill(**answers.pop()) if answers else route.continue_())
    page.evaluate("(path) => { location.hash = path; }", COUPONS)
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(row(page, "TEAM-50")).to_be_visible()


def test_axe_finds_nothing_serious_in_the_coupons(people: People) -> None:
    page = people.enter("user_demo_owner", COUPONS)
    expect(row(page, "TEAM-50")).to_be_visible()
    assert problems_at_each_size(page) == []
    page.get_by_role("button", name="Edit LAUNCH").click()
    expect(page.get_by_role("dialog", name="Edit LAUNCH")).to_be_visible()
    assert problems_at_each_size(page) == []
