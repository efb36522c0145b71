"""The chat page of the running product: from first contact to a picture, and to a post in a channel, by hand."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, problems_at_each_size, scrolls_sideways, serious_problems

LINK = "https://prop.funderpro.com/buy-challenge/?promo="


@dataclass(frozen=True)
class Phone:
    """One person's phone on the page."""

    root: Locator

    def write(self, text: str) -> None:
        self.root.get_by_label("Message", exact=True).fill(text)
        self.root.get_by_role("button", name="Send", exact=True).click()

    def tap(self, button: str) -> None:
        """The newest button of that name."""
        self.root.get_by_role("button", name=button, exact=True).last.click()

    def says(self, words: str) -> Locator:
        """The bot's newest message, once it has these words."""
        last = self.root.locator(".message:not(.own)").last
        expect(last).to_contain_text(words)
        return last

    def shows_picture(self, words: str) -> Locator:
        """The newest message, once it is a loaded photo with these words below it."""
        last = self.says(words)
        expect(last.locator(".photo img")).to_be_visible()
        last.locator("img").evaluate("(image) => image.decode()")
        return last

    def gallery(self, code: str) -> Locator:
        """The gallery for a code."""
        return self.shows_picture(f"Code {code}. Choose a format")

    def own(self) -> list[str]:
        """What the person has written."""
        return self.root.locator(".message.own .bubble-text").all_inner_texts()


class Telegram:
    """The page, and what a test only needs to have happened, through the simulators' control APIs."""

    def __init__(self, stack: Stack, open_page: Callable[..., Page]) -> None:
        facts = json.loads((stack.data_dir / "run.json").read_text())
        self._telegram, self._crm = facts["telegram"], facts["funderpro"]
        self._base, self._open_page = stack.base, open_page
        self.bot = self.ask("GET", "/bots")[0]

    def ask(self, method: str, path: str, /, **body: object) -> Any:
        answer = requests.request(method, f"{self._telegram}/_control{path}", json=body or None, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def person(self, name: str) -> int:
        return int(self.ask("POST", "/users", first_name=name, username=f"u{uuid4().hex[:12]}")["id"])

    def open(self, *people: int, **options: Any) -> Page:
        """The page with the bot's chat on the phone of each of these people."""
        places = "&".join(f"{person}/{self.bot['id']}:{person}" for person in people)
        return self._open_page(f"{self._base}/telegram/#{places}", **options)

    def keep_code(self, code: str, *, is_down: bool = False) -> None:
        """The provider knows the code, or breaks every connection that asks for it."""
        body = {"percent": 10, "answer": 200, "mode": {"mode": "down"} if is_down else None}
        requests.put(f"{self._crm}/_control/codes/{code}", json=body, timeout=60).raise_for_status()


@pytest.fixture
def telegram(stack: Stack, open_page: Callable[..., Page]) -> Telegram:
    return Telegram(stack, open_page)


@pytest.fixture
def code(telegram: Telegram) -> str:
    """A code that no other test has asked for."""
    made = f"WEB-{uuid4().hex[:8].upper()}"
    telegram.keep_code(made)
    return made


def test_a_stranger_has_his_picture_after_two_messages_and_two_taps(telegram: Telegram, code: str) -> None:
    page = telegram.open(telegram.person("Ada"))
    phone = Phone(page.locator(".phone"))
    phone.tap("Start")
    phone.says("Send me your coupon code")
    phone.write(code.lower())
    phone.gallery(code)
    phone.tap("Story")
    photo = phone.shows_picture(f"{LINK}{code}")
    width, height = photo.locator("img").evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    assert (phone.own(), height > width) == (["/start", code.lower()], True)


def test_a_wrong_code_is_told_the_right_one_works_and_generate_takes_it_again(telegram: Telegram, code: str) -> None:
    page = telegram.open(telegram.person("Ada"))
    phone = Phone(page.locator(".phone"))
    phone.tap("Start")
    phone.write(f"{code}-TYPO")
    phone.says(f"{code}-TYPO is not valid. Check the spelling and send it again.")
    phone.write(code)
    phone.gallery(code)
    page.get_by_role("button", name="Commands").click()
    page.get_by_role("button", name="/generate").click()
    expect(page.get_by_role("button", name="Commands")).to_have_attribute("aria-expanded", "false")
    galleries = phone.root.locator(".message.with-photo")
    expect(galleries).to_have_count(2)
    phone.gallery(code)
    galleries.first.get_by_role("button", name="Square").click()
    expect(page.locator(".toast")).to_contain_text("older message")


def test_a_provider_that_is_down_is_told_as_such_and_asked_again_with_one_tap(telegram: Telegram, code: str) -> None:
    telegram.keep_code(code, is_down=True)
    page = telegram.open(telegram.person("Ada"))
    phone = Phone(page.locator(".phone"))
    phone.tap("Start")
    phone.write(code)
    phone.says(f"I can't check {code} right now. Nothing is wrong with your code")
    telegram.keep_code(code)
    phone.tap("Try again")
    phone.gallery(code)


def test_inline_pictures_are_shown_and_sent_and_a_wrong_code_leads_to_the_bot(telegram: Telegram, code: str) -> None:
    page = telegram.open(telegram.person("Ada"), viewport=PHONE)
    phone = Phone(page.locator(".phone"))
    phone.tap("Start")
    phone.says("Send me your coupon code")
    field = phone.root.get_by_label("Message", exact=True)
    field.fill(f"@{telegram.bot['username']} {code}")
    results = page.get_by_role("list", name="Inline results")
    expect(results.get_by_role("img")).to_have_count(6)
    assert not scrolls_sideways(page)
    results.get_by_role("button").first.click()
    sent = phone.root.locator(".message.own.with-photo")
    expect(sent).to_contain_text(f"{LINK}{code}")
    field.fill(f"@{telegram.bot['username']} {code}-TYPO")
    results.get_by_role("button", name="This code is not valid").click()
    expect(phone.root.locator(".message.own .bubble-text").last).to_have_text("/start inline")
    phone.says("Send me your coupon code")


def test_two_people_at_once_each_get_their_own(telegram: Telegram, code: str) -> None:
    other = f"{code}-B"
    telegram.keep_code(other)
    page = telegram.open(telegram.person("Ada"), telegram.person("Ben"))
    expect(page.locator(".phone")).to_have_count(2)
    ada, ben = (Phone(page.locator(".phone").nth(place)) for place in (0, 1))
    for act in (lambda phone, _: phone.tap("Start"), lambda phone, mine: phone.write(mine)):
        act(ada, code)
        act(ben, other)
    ada.gallery(code)
    ben.gallery(other)
    ada.tap("Square")
    ben.tap("Story")
    ada.shows_picture(f"{LINK}{code}")
    ben.shows_picture(f"{LINK}{other}")
    assert other not in ada.root.inner_text()


def test_a_picture_is_posted_edited_and_deleted_by_buttons_alone(telegram: Telegram, code: str) -> None:
    page = telegram.open(telegram.person("Ada"))
    phone = Phone(page.locator(".phone"))
    phone.tap("Start")
    phone.write(code)
    phone.gallery(code)
    phone.tap("Square")
    phone.shows_picture(f"{LINK}{code}")
    phone.tap("Post to my channel")
    phone.says("No channel of yours is connected yet").get_by_role("link", name="Connect a channel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Ada's deals")
    dialog.get_by_role("button", name="Add as admin").click()
    phone.says("Ada's deals is connected.")
    phone.tap("Post to my channel")
    phone.shows_picture(f"{LINK}{code}")
    phone.tap("Post now")
    phone.says("Posted in Ada's deals.")
    expect(in_channel(phone)).to_contain_text(code)
    back_to_bot(phone, telegram.bot["first_name"])
    phone.tap("Edit caption")
    phone.says("Send the new caption for Ada's deals")
    phone.write("Only today & tomorrow")
    phone.says("The caption in Ada's deals is changed.")
    expect(in_channel(phone)).to_contain_text("Only today & tomorrow")
    back_to_bot(phone, telegram.bot["first_name"])
    phone.tap("Delete")
    phone.says("Delete the post from Ada's deals?")
    phone.tap("Yes, delete it")
    phone.says("Deleted from Ada's deals.")
    expect(in_channel(phone)).to_have_count(0)


def in_channel(phone: Phone) -> Locator:
    """The photos in the channel, which is open now."""
    phone.tap("Back to chats")
    phone.root.locator(".chat-item", has=phone.root.page.get_by_text("Ada's deals", exact=True)).click()
    expect(phone.root.locator(".phone-name h2")).to_have_text("Ada's deals")
    return phone.root.locator(".message.with-photo")


def back_to_bot(phone: Phone, name: str) -> None:
    phone.tap("Back to chats")
    phone.root.locator(".chat-item", has=phone.root.page.get_by_text(name, exact=True)).click()


def test_axe_finds_nothing_serious_in_a_conversation(telegram: Telegram, code: str) -> None:
    page = telegram.open(telegram.person("Ada"))
    phone = Phone(page.locator(".phone"))
    phone.tap("Start")
    phone.write(code)
    phone.gallery(code)
    assert problems_at_each_size(page, look=serious_problems) == []
