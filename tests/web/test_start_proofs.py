"""From signing up to the picture: in few clicks, by keyboard alone at 360 px, stopped and gone on with anywhere."""

import json
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, look_now, scrolls_sideways, set_hidden
from tests.web.signed_in import People
from tests.web.start_walk import Walk, let_post

SET_UP = "#/start"
MOST_CLICKS = 12


@pytest.fixture
def telegram(stack: Stack):
    """The simulator's control API, and the platform's own bot in it."""
    run = json.loads((stack.data_dir / "run.json").read_text())

    def ask(method: str, path: str, /, **body: object) -> dict:
        answer = requests.request(method, f"{run['telegram']}/_control{path}", json=body or None, timeout=60)
        assert answer.status_code < 400, answer.text
        return answer.json()

    return ask


@pytest.fixture
def channel(telegram) -> dict:
    owner = telegram("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")
    chat = telegram("POST", "/chats", type="channel", title="Gold deals", username=f"c{uuid4().hex[:10]}",
                    members=[owner["id"]])  # fmt: skip
    return {**chat, "owner": owner["id"]}


@pytest.mark.long
def test_a_stranger_posts_his_picture_within_twelve_clicks_and_may_close_the_tab_anywhere(
    people: People, telegram, channel
) -> None:
    subject = people.stranger()

    def reopen(page: Page) -> Page:
        page.close()
        return people.enter(subject, SET_UP)

    walk = Walk(people.enter(subject), telegram, channel, reopen)
    page = walk.to_the_picture()
    expect(page.get_by_role("img", name="The picture with WELCOME-10")).to_be_visible()
    assert walk.clicks <= MOST_CLICKS


def test_a_bot_made_in_telegram_is_looked_for_when_its_owner_is_back_and_never_often(people: People, telegram) -> None:
    subject, _ = people.owner_of_new("Patient")
    page = people.enter(subject, SET_UP)
    asked: list[str] = []
    maker = page.get_by_role("link", name="Make my bot in Telegram")
    expect(maker).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.method) if "connections/managed" in request.url else None)
    page.clock.install()
    with page.context.expect_page() as opened:
        maker.click()
    opened.value.close()
    look_now(page)
    expect(page.get_by_text("Come back here once it is made")).to_be_visible()
    page.wait_for_load_state("networkidle")
    looks = len(asked)
    assert 1 <= looks <= 2, "coming back is one look, and so is getting the focus"
    page.clock.run_for(14_000)
    assert len(asked) == looks
    with page.expect_response("**/client/connections/managed"):
        page.clock.run_for(2_000)
    set_hidden(page, True)
    looks = len(asked)
    page.clock.run_for(120_000)
    assert len(asked) == looks, "nobody looks at a hidden page"


def tab_to(page: Page, control) -> None:
    """Goes there by Tab alone, as somebody without a mouse does."""
    expect(control).to_be_visible()
    for _ in range(80):
        if control.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {control}")


@pytest.mark.long
def test_the_set_up_works_by_keyboard_alone_on_a_phone(people: People, telegram, channel) -> None:
    bot = telegram("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")
    subject, _ = people.owner_of_new("By Keyboard")
    page = people.enter(subject, SET_UP, viewport=PHONE)
    tab_to(page, page.get_by_label("Token"))
    page.keyboard.type(bot["token"])
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"@{bot['username']} answers")).to_be_visible()
    let_post(telegram, channel, bot)
    tab_to(page, page.get_by_role("button", name="Use codes of my own"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Support e-mail"))
    page.keyboard.type("help@example.com")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Make the template"))
    page.keyboard.press("Enter")
    assert not scrolls_sideways(page)
    tab_to(page, page.get_by_role("button", name="Post it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your workspace is set up")).to_be_visible()
    assert not scrolls_sideways(page)
