"""The living page: every component in each state, by keyboard, on a phone, in both palettes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, problems_at_each_size, serious_problems
from tests.web.fixture_api import FixtureApi

Open = Callable[..., Page]


@pytest.fixture
def book(api: FixtureApi, open_page: Open) -> Page:
    return open_page(f"{api.base}/components/")


def test_axe_finds_nothing_serious(book: Page) -> None:
    assert problems_at_each_size(book) == []


@pytest.mark.parametrize("opener", ["Dialog", "Delete…", "Drawer", "Toast with undo", "Palette", "More actions"])
def test_axe_finds_nothing_serious_in_what_opens(book: Page, opener: str) -> None:
    book.get_by_role("button", name=opener).click()
    assert serious_problems(book) == []


def test_every_code_state_has_its_own_words(book: Page) -> None:
    texts = book.locator(".code-status").all_inner_texts()
    assert len(texts) == len(set(texts)) == 7


def test_a_form_shows_its_problems_in_words_and_goes_to_the_first(book: Page) -> None:
    book.get_by_label("Headline").fill("")
    book.get_by_role("button", name="Save").click()
    expect(book.get_by_text("Type a headline.")).to_be_visible()
    expect(book.get_by_label("Headline")).to_be_focused()

    book.get_by_label("Headline").fill("Summer")
    book.get_by_label("E-mail").fill("me@example.com")
    book.get_by_label("E-mail").press("Enter")

    expect(book.get_by_text("Saved.", exact=True).last).to_be_visible()
    expect(book.get_by_text("Type a headline.")).to_be_hidden()


def test_destruction_names_the_object_and_can_be_left(book: Page) -> None:
    book.get_by_role("button", name="Delete…").click()
    dialog = book.get_by_role("dialog", name="Delete “Midnight”?")
    expect(dialog.get_by_text("3 formats and 12 versions go with it")).to_be_visible()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()

    book.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(book.get_by_role("button", name="Delete…")).to_be_focused()
    expect(book.locator(".toast")).to_have_count(0)

    book.get_by_role("button", name="Delete…").click()
    dialog.get_by_role("button", name="Delete template").click()
    expect(book.get_by_text("“Midnight” deleted.")).to_be_visible()


def test_a_form_that_is_being_sent_waits_for_its_answer(book: Page) -> None:
    book.evaluate(
        """async () => {
          const { askFor } = await import('/shared/components/ask.js');
          const { html } = await import('/shared/js/html.js');
          const send = () => new Promise((resolve, reject) => Object.assign(window, { resolve, reject }));
          const body = html`<input aria-label="Name">`;
          const asked = askFor({ title: 'Invite', verb: 'Send', body, problem: () => null, send });
          asked.then((answer) => (window.answer = answer));
        }"""
    )
    dialog = book.get_by_role("dialog", name="Invite")
    dialog.get_by_label("Name").press("Enter")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_disabled()
    expect(dialog.get_by_role("button", name="Close")).to_be_disabled()
    for _ in range(3):
        book.keyboard.press("Escape")
    book.mouse.click(2, 2)
    expect(dialog).to_be_visible()

    book.evaluate("window.reject(new Error('no'))")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_role("button", name="Close")).to_be_enabled()
    dialog.get_by_role("button", name="Send").click()
    book.keyboard.press("Escape")
    book.evaluate("window.resolve({ id: 7 })")
    expect(dialog).to_have_count(0)
    assert book.evaluate("window.answer") == {"id": 7}


def test_a_toast_can_undo(book: Page) -> None:
    book.get_by_role("button", name="Toast with undo").click()
    book.get_by_role("button", name="Undo", exact=True).click()
    expect(book.get_by_text("“Midnight” is back.")).to_be_visible()
    expect(book.get_by_text("“Midnight” archived.")).to_be_hidden()


def test_a_menu_works_by_arrow_keys(book: Page) -> None:
    trigger = book.get_by_role("button", name="More actions")
    trigger.press("Enter")
    expect(book.get_by_role("menuitem", name="Edit")).to_be_focused()
    book.keyboard.press("ArrowUp")
    expect(book.get_by_role("menuitem", name="Delete")).to_be_focused()
    book.keyboard.press("Home")
    book.keyboard.press("ArrowDown")
    expect(book.get_by_role("menuitem", name="Duplicate")).to_be_focused()
    book.keyboard.press("Escape")
    expect(book.get_by_role("menu")).to_be_hidden()
    expect(trigger).to_be_focused()


def test_the_palette_finds_by_beginnings_of_words(book: Page) -> None:
    book.keyboard.press("Control+k")
    box = book.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    box.fill("op hea")
    expect(book.get_by_role("option")).to_have_count(1)
    box.fill("zz")
    expect(book.get_by_text("Nothing is called that.")).to_be_visible()
    box.fill("")
    book.keyboard.press("ArrowDown")
    book.keyboard.press("Enter")
    expect(book.locator(".toast")).to_contain_text("Coupons")


def test_a_tooltip_shows_on_focus_and_leaves_on_escape(book: Page) -> None:
    book.get_by_role("button", name="More actions").focus()
    book.keyboard.press("Tab")
    expect(book.locator(".tooltip")).to_have_text("With a tooltip")
    expect(book.locator(".tooltip")).to_be_visible()
    book.keyboard.press("Escape")
    expect(book.locator(".tooltip")).to_be_hidden()


def first_column(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("tbody tr td:nth-child(2)").all_inner_texts()]


def test_a_table_sorts_and_filters(book: Page) -> None:
    book.get_by_role("button", name="Pictures taken").click()
    numbers = [int(text.replace(",", "")) for text in book.locator("tbody td:nth-child(5)").all_inner_texts()]
    assert numbers == sorted(numbers)
    expect(book.get_by_role("columnheader", name="Pictures taken")).to_have_attribute("aria-sort", "ascending")
    book.get_by_role("button", name="Pictures taken").click()
    expect(book.get_by_role("columnheader", name="Pictures taken")).to_have_attribute("aria-sort", "descending")

    book.locator("[data-filter=valid]").click()
    book.locator("[data-filter=busy]").click()
    rows = len(first_column(book))
    assert 0 < rows < 24
    expect(book.locator(".table-count")).to_have_text(f"{rows} of 24 codes")


def test_table_rows_are_reached_and_picked_by_keyboard(book: Page) -> None:
    book.locator("tbody tr").first.focus()
    book.keyboard.press("Space")
    book.keyboard.press("ArrowDown")
    book.keyboard.press("Space")
    expect(book.get_by_text("2 codes selected")).to_be_visible()
    expect(book.locator("tbody tr").nth(1)).to_be_focused()
    book.keyboard.press("End")
    expect(book.locator("tbody tr").last).to_be_focused()
    book.get_by_role("button", name="Clear").click()
    expect(book.get_by_text("codes selected")).to_be_hidden()


def test_a_column_can_be_hidden_and_the_file_follows(book: Page) -> None:
    book.get_by_role("button", name="Columns").click()
    book.get_by_role("menuitemcheckbox", name="Template").click()
    expect(book.get_by_role("columnheader", name="Template")).to_have_count(0)
    book.keyboard.press("Escape")

    with book.expect_download() as download:
        book.get_by_role("button", name="CSV").click()

    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert download.value.suggested_filename == "codes.csv"
    assert lines[0] == "Code,State,Pictures taken,Last taken"
    assert len(lines) == 25


def test_table_rows_are_cards_on_a_phone(api: FixtureApi, open_page: Open) -> None:
    page = open_page(f"{api.base}/components/", viewport=PHONE)
    expect(page.locator("ps-table thead")).to_be_hidden()
    label = page.locator("tbody tr td[data-label='Last taken']").first
    assert label.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"Last taken"'


def test_motion_stops_when_asked(book: Page) -> None:
    assert (
        book.locator(".btn .icon[data-spin]").first.evaluate("(icon) => getComputedStyle(icon).animationName") == "none"
    )
