"""What subscribers read beside the facts, on dash: lines with their verdicts, what is chosen, who may choose."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import People, refusal

MESSAGES, LINES = "#/signals/messages", "**/client/signals/telling/lines*"
OWNER, MEMBER = "user_demo_owner", "user_demo_member"


def line(signal: str, outcome: str, draft: str, *faults: tuple[str, str]) -> dict:
    return {
        "signal": signal, "asked_at": "2026-03-05T10:45:02Z", "outcome": outcome, "draft": draft, "took_ms": 1240,
        "line": "The plan enters at 2100.50; under 2095.10 its reason is gone.",
        "faults": [{"kind": kind, "found": found} for kind, found in faults],
    }  # fmt: skip


WHY = (("direction", "sell"), ("number", "forty"))
WRITTEN = [
    line("aggressive-20260305T1045", "used", "Momentum turned up; entry {entry}, over at {stop}."),
    line("aggressive-20260305T1030", "refused", "Sell at {entry}, forty dollars are sure.", *WHY),
    line("aggressive-20260305T1015", "slow", ""),
]


def enter(people: People, who: str) -> Page:
    page = people.enter(who, MESSAGES)
    expect(page.get_by_role("heading", name="AI lines with verdicts")).to_be_visible()
    return page


def test_each_line_stands_with_its_verdict_and_why(people: People) -> None:
    page = enter(people, OWNER)
    expect(page.get_by_role("heading", name="No line was written yet")).to_be_visible()
    page.route(LINES, lambda route: route.fulfill(json={"items": WRITTEN, "next": None}))
    page.reload()
    rows = page.locator("ps-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Passed, sent")
    expect(rows.nth(1)).to_contain_text("direction: sell; number: forty")
    expect(rows.nth(2)).to_contain_text("No answer in time")
    assert problems_in_both_palettes(page) == []
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)


def test_what_subscribers_read_is_chosen_and_kept_within_its_bounds(people: People) -> None:
    page = enter(people, OWNER)
    page.get_by_role("button", name="Change…").click()
    dialog = page.get_by_role("dialog", name="What subscribers read")
    dialog.get_by_role("switch", name="Morning briefing").uncheck()
    dialog.get_by_label("Lines asked for a day, at most").fill("0")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("greater than or equal to 1")).to_be_visible()
    dialog.get_by_label("Lines asked for a day, at most").fill("7")
    assert problems_in_both_palettes(page) == []
    dialog.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name="What is chosen")
    expect(card.get_by_text("0 of 7")).to_be_visible()
    kept = people.api(OWNER, "GET", "client/signals/telling/choices")
    assert (kept["lines_a_day"], kept["briefs"], kept["promote_days"]) == (7, False, [1, 2, 3, 4, 5])


def test_who_may_not_choose_sees_why_and_a_failure_can_be_tried_again(people: People) -> None:
    page = enter(people, MEMBER)
    expect(page.get_by_text("You can look, but not choose.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Change|Preview"))).to_have_count(0)
    page.route(LINES, lambda route: route.fulfill(**refusal(503, "unavailable", "Not now.")))
    page.reload()
    expect(page.get_by_role("heading", name="The messages could not be loaded")).to_be_visible()
    page.unroute(LINES)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="AI lines with verdicts")).to_be_visible()
