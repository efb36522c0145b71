"""Bot analytics on dash: figures, filters in the address, charts with their numbers, files, each state of the page."""

import csv
import io
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import People, refusal

OWNER, MEMBER = "user_demo_owner", "user_demo_member"
FIGURES = "#/telegram/analytics"
ROUTE = "client/analytics"

Open = Callable[..., Page]


def test_every_number_on_the_page_is_what_the_server_counted(people: People) -> None:
    """The server's figures are recounted from raw events in tests/integration/analytics; here, how they are shown."""
    page = people.enter(OWNER, "#/settings/members")
    with page.expect_response(lambda answer: f"/api/{ROUTE}?" in answer.url and answer.ok) as answered:
        page.evaluate("(path) => { location.hash = path; }", FIGURES)
    told = answered.value.json()  # asked for once more, it may count what a bot does meanwhile
    expect(page.locator(".uplot canvas")).to_be_visible()
    page.get_by_text("Show the numbers as a table").click()
    now, before = told["summary"], told["previous"]["summary"]
    for label, name in KEY_FIGURES.items():
        assert numbers(figure(page, label).inner_text()) == [now[name]]
        assert_compares(page, label, now[name], before[name])
    assert close(numbers(figure(page, "Success").inner_text()), [100 * now["success_rate"]])
    points = 100 * (now["success_rate"] - before["success_rate"])
    assert close(numbers(delta(page, "Success"))[:1], [abs(points)])
    title = page.get_by_role("heading", name=re.compile("pictures by day")).inner_text()
    assert numbers(title)[0] == now["generations"]

    assert cells(page, "series") == [[each["generations"], each["users"], each["failed"]] for each in told["series"]]
    assert len(told["series"]) == 30
    heat = page.locator(".heat tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.innerText || 0)))"
    )
    assert heat == told["heat_map"]
    most = max(map(max, heat))
    busiest = next(day for day, hours in enumerate(heat) if most in hours)
    hour = f"from {heat[busiest].index(most):02}:00"
    expect(page.get_by_role("heading", name=f"on {DAYS_OF_WEEK[busiest]}s {hour}")).to_be_visible()

    for title, name in (("templates", "templates"), ("formats", "formats"), ("codes", "codes")):
        expected = [[s["generations"], 100 * s["generations"] / now["generations"], s["users"]] for s in told[name]]
        assert close(ranks(page, f"Most used {title}"), expected)
    counts = [step["people"] for step in told["funnel"]]
    steps = [[n, 100 * n / counts[0], 100 * n / last] for last, n in pairwise(counts)]
    assert close(ranks(page, f"{counts[3]} of {counts[0]} new people got a picture"), [[counts[0], 100], *steps])
    backs = [
        [100 * e["returned"] / e["people"], e["returned"], e["people"]] if e["people"] else []
        for e in told["retention"]
    ]
    assert close(ranks(page, "Who comes back"), backs)
    assert ranks(page, f"{now['failed']} pictures could not be made") == [[each["times"]] for each in told["failures"]]
    assert cells(page, "bad-codes") == [[each["times"], each["users"]] for each in told["bad_codes"]]
    assert cells(page, "people") == [[each["generations"], each["steps"]] for each in told["people"]]


KEY_FIGURES = {
    "Pictures made": "generations",
    "People": "users",
    "Good codes": "valid",
    "Refused codes": "invalid",
    "Codes not to be checked": "unknown",
}
DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def numbers(text: str) -> list[float]:
    """The numbers in a text, as they are written in English."""
    return [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def close(found: list[Any], expected: list[Any]) -> bool:
    """Equal up to the one decimal that is shown."""
    return found == [pytest.approx(each, abs=0.0501) for each in expected]


def assert_compares(page: Page, label: str, now: float, before: float) -> None:
    """The change is told as a share: of less than a tenth to the tenth of a percent, else to the percent."""
    change = 100 * (now - before) / before
    words = "the same as" if not change else "more than" if change > 0 else "less than"
    assert words in delta(page, label)
    if change:
        assert numbers(delta(page, label))[0] == pytest.approx(abs(change), abs=0.0501 if abs(change) < 10 else 0.501)


def delta(page: Page, label: str) -> str:
    """How a key figure compares."""
    return (
        page.locator(".figure", has=page.get_by_role("heading", name=label, exact=True)).locator(".delta").inner_text()
    )


def ranks(page: Page, heading: str) -> list[list[float]]:
    """The numbers of each line of the card with that heading."""
    lines = page.locator(".card", has=page.get_by_role("heading", name=heading, exact=True)).locator(".ranks tbody tr")
    return [numbers(" ".join(line.locator("td").all_inner_texts())) for line in lines.all()]


def cells(page: Page, table: str) -> list[list[float]]:
    """The numbers that stand at the end of each line of a table's columns."""
    rows = page.locator(f"ps-table[data-table={table}] tbody tr")
    return [numbers(" ".join(row.locator("td[data-align=end]").all_inner_texts())) for row in rows.all()]


def figure(page: Page, label: str):
    """The value of a key figure."""
    return page.locator(".figure", has=page.get_by_role("heading", name=label, exact=True)).locator(".figure-value")


def test_filters_stand_in_the_address_and_survive_a_reload(people: People) -> None:
    page = people.enter(OWNER, FIGURES)
    page.get_by_role("radio", name="7 days").check()
    page.get_by_role("radio", name="By hour").check()
    page.get_by_role("switch", name="Compare").uncheck()
    expect(page).to_have_url(re.compile(r"analytics\?days=7&unit=hour&compare=off$"))
    expect(page.locator(".delta")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("radio", name="7 days")).to_be_checked()
    expect(page.get_by_role("radio", name="By hour")).to_be_checked()
    expect(page.get_by_role("switch", name="Compare")).not_to_be_checked()
    expect(page.get_by_role("heading", name="by hour")).to_be_visible()
    page.get_by_role("radio", name="90 days").check()
    expect(page.get_by_role("radio", name="By hour")).to_be_disabled()
    expect(page.get_by_role("heading", name="by day")).to_be_visible()


def test_days_of_ones_own_are_checked_in_words(people: People) -> None:
    page = people.enter(OWNER, FIGURES)
    expect(page.locator(".uplot canvas")).to_be_visible()
    page.get_by_role("radio", name="Custom").check()
    page.get_by_label("First day").fill("2026-03-10")
    page.get_by_label("Last day").fill("2026-03-01")
    page.get_by_role("button", name="Show these days").click()
    expect(page.get_by_text("The last day comes before the first.")).to_be_visible()
    page.get_by_label("First day").fill("2024-03-01")
    page.get_by_label("Last day").press("Enter")
    expect(page.get_by_text("Choose at most 366 days.")).to_be_visible()
    page.get_by_label("First day").fill("2026-02-20")
    page.get_by_label("Last day").press("Enter")
    expect(page).to_have_url(re.compile("since=2026-02-20&until=2026-03-01"))
    expect(page.get_by_role("heading", name="Nobody used the bots")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Last day")).to_have_value("2026-03-01")
    page.get_by_role("button", name="Look at 90 days").click()
    expect(page.get_by_role("radio", name="90 days")).to_be_checked()
    expect(page.locator(".uplot canvas")).to_be_visible()


def test_figures_that_come_in_leave_what_is_being_typed_and_what_is_wrong_with_it(people: People) -> None:
    page = people.enter(OWNER, FIGURES)
    expect(page.locator(".uplot canvas")).to_be_visible()
    held: list[Any] = []
    page.route(f"**/{ROUTE}?*", lambda route: held.append(route))
    page.get_by_role("switch", name="Compare").click()
    page.get_by_role("radio", name="Custom").check()
    page.get_by_label("First day").fill("2026-03-10")
    page.get_by_label("Last day").fill("2026-03-01")
    page.get_by_role("button", name="Show these days").click()
    expect(page.get_by_text("The last day comes before the first.")).to_be_visible()
    with page.expect_response(f"**/{ROUTE}?*"):
        held[0].continue_()
    expect(page.locator("[data-slot=figures]")).not_to_have_attribute("aria-busy", "")
    expect(page.get_by_text("The last day comes before the first.")).to_be_visible()
    expect(page.get_by_label("First day")).to_have_value("2026-03-10")
    page.get_by_role("radio", name="7 days").check()
    expect(page.get_by_label("First day")).to_have_count(0)


def test_the_keyboard_reaches_the_chart_and_a_person(people: People) -> None:
    page = people.enter(OWNER, FIGURES)
    chart = page.get_by_role("img", name="Pictures made by day")
    chart.focus()
    page.keyboard.press("End")
    readout = page.locator(".readout")
    expect(readout).to_contain_text("Pictures made:")
    last = readout.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(readout).not_to_have_text(last)

    person = page.locator("ps-table[data-table=people] a").first
    number = person.inner_text()
    person.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Person {number}")).to_be_visible()
    expect(page.get_by_role("cell", name="Got a picture").first).to_be_visible()
    page.go_back()
    expect(chart).to_be_visible()


def test_the_file_holds_every_line_of_its_table(people: People) -> None:
    page = people.enter(OWNER, f"{FIGURES}?days=7")
    figures = people.api(OWNER, "GET", f"{ROUTE}?days=7")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV: series").click()
    name = download.value.suggested_filename
    assert name == f"bot-series-{figures['since']}-{figures['until']}.csv"
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"), newline=""), strict=True))
    assert [int(row["generations"]) for row in rows] == [point["generations"] for point in figures["series"]]
    with page.expect_download() as download:
        page.locator("ps-table[data-table=bad-codes]").get_by_role("button", name="CSV").click()
    assert download.value.path().read_bytes().startswith(b"code,outcome,times,users,last_at\r\n")


def test_who_may_not_take_files_is_not_offered_them(people: People) -> None:
    page = people.enter(MEMBER, FIGURES)
    expect(page.locator(".uplot canvas")).to_be_visible()
    expect(page.get_by_role("button", name="CSV")).to_have_count(0)


def test_loading_empty_and_failed_each_have_their_page(people: People) -> None:
    page = people.enter("user_other_owner", FIGURES)
    expect(page.get_by_role("heading", name="There is no bot yet")).to_be_visible()

    page = people.enter(OWNER, "#/settings/members")
    answers = [refusal(503, "unavailable", "Later.")]
    held = []
    page.route(f"**/{ROUTE}?*", lambda route: route.fulfill(**answers.pop()) if answers else held.append(route))
    page.evaluate("(path) => { location.hash = path; }", FIGURES)
    expect(page.get_by_role("heading", name="The figures could not be loaded")).to_be_visible()
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".skeleton").first).to_be_visible()
    held[0].continue_()
    expect(page.locator(".uplot canvas")).to_be_visible()


def test_a_person_whom_nobody_met_is_told_as_such(people: People) -> None:
    page = people.enter(OWNER, f"{FIGURES}/people/77")
    expect(page.get_by_text("Your bots have not met this person.")).to_be_visible()
    page.get_by_role("link", name="All figures").click()
    expect(page.locator(".uplot canvas")).to_be_visible()


def test_axe_finds_nothing_serious_in_the_figures(people: People) -> None:
    page = people.enter(OWNER, FIGURES)
    expect(page.locator(".uplot canvas")).to_be_visible()
    page.get_by_text("Show the numbers as a table").click()
    assert problems_at_each_size(page) == []
    page.locator("ps-table[data-table=people] a").first.click()
    expect(page.get_by_role("heading", name="Person ", level=2)).to_be_visible()
    expect(page.locator("ps-table")).to_be_visible()
    assert problems_at_each_size(page) == []
