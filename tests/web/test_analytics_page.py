"""Bot analytics on dash: figures, filters in the address, charts with their numbers, files, each state of the page."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import DESKTOP, PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import People, refusal

OWNER, MEMBER = "user_demo_owner", "user_demo_member"
FIGURES = "#/telegram/analytics"
ROUTE = "client/analytics"

Open = Callable[..., Page]


def test_the_page_shows_what_the_server_counted(people: People) -> None:
    page = people.enter(OWNER, FIGURES)
    figures = people.api(OWNER, "GET", f"{ROUTE}?compare=previous")
    expect(figure(page, "Pictures made")).to_have_text(f"{figures['summary']['generations']:,} pictures")
    expect(figure(page, "People")).to_have_text(f"{figures['summary']['users']:,} people")
    expect(page.locator(".uplot canvas")).to_be_visible()
    page.get_by_text("Show the numbers as a table").click()
    rows = page.locator("ps-table[data-table=series] tbody tr")
    expect(rows).to_have_count(30)
    made = sum(int(text.replace(",", "")) for text in rows.locator("td:nth-child(2)").all_inner_texts())
    assert made == figures["summary"]["generations"]
    heat = page.locator(".heat td").all_inner_texts()
    assert sum(int(text or 0) for text in heat) == made
    codes = page.locator(".card", has=page.get_by_role("heading", name="Most used codes")).get_by_role("rowheader")
    assert [name.strip() for name in codes.all_inner_texts()] == [each["name"] for each in figures["codes"]]
    met, *_, pictured, taken = (each["people"] for each in figures["funnel"])
    funnel = page.locator(
        ".card", has=page.get_by_role("heading", name=f"{pictured} of {met} new people got a picture")
    )
    counts = funnel.locator("td:nth-child(2)").all_inner_texts()
    assert [int(text.split()[0].replace(",", "")) for text in counts] == [each["people"] for each in figures["funnel"]]
    assert taken > 0


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


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_in_the_figures(people: People, viewport: dict[str, int]) -> None:
    page = people.enter(OWNER, f"{FIGURES}?since=2026-01-01&until=2026-12-31", viewport=viewport)
    expect(page.locator(".uplot canvas")).to_be_visible()
    page.get_by_text("Show the numbers as a table").click()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
    page.locator("ps-table[data-table=people] a").first.click()
    expect(page.get_by_role("heading", name="Person ", level=2)).to_be_visible()
    expect(page.locator("ps-table")).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
