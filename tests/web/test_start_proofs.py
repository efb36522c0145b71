"""From signing up to the picture: in few clicks, by keyboard alone at 360 px, stopped and gone on with anywhere."""

import json
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, look_now, scrolls_sideways, set_hidden
from tests.web.signed_in import People

SET_UP = "#/start"
MOST_CLICKS = 12
# In Telegram: “Create” for the bot; the channel and “Add as admin” for the channel.
TAPS_FOR_A_BOT, TAPS_FOR_A_CHANNEL = 1, 2


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


def make_bot(telegram, link: str, user: int) -> dict:
    """The second tap: the bot is made as the address suggests."""
    _, kind, manager, username = urlsplit(link).path.split("/")
    assert kind == "newbot"
    [hub] = [each for each in telegram("GET", "/bots") if each["username"] == manager]
    return telegram("POST", "/newbot", manager=hub["id"], user=user, username=username, name="Golden codes")


def let_post(telegram, channel: dict, bot: dict) -> None:
    telegram("POST", "/chats/bot", chat=channel["id"], bot=bot["id"], can_post_messages=True, can_edit_messages=True)


@pytest.mark.long
def test_a_stranger_posts_his_picture_within_twelve_clicks_and_may_close_the_tab_anywhere(
    people: People, telegram, channel
) -> None:
    subject, clicks = people.stranger(), 0
    page = people.enter(subject)

    def click(control) -> None:
        nonlocal clicks
        expect(control).to_be_visible()
        control.click()
        clicks += 1

    def reopen() -> Page:
        page.close()
        return people.enter(subject, SET_UP)

    page.get_by_label("Name").fill("Golden Stranger")
    click(page.get_by_role("button", name="Create workspace"))
    click(page.get_by_role("link", name="Go on"))
    maker = page.get_by_role("link", name="Make my bot in Telegram")
    expect(maker).to_be_visible()
    link = maker.get_attribute("href")
    page = reopen()
    with page.context.expect_page() as opened:
        click(page.get_by_role("link", name="Make my bot in Telegram"))
    opened.value.close()
    bot = make_bot(telegram, link, channel["owner"])
    clicks += TAPS_FOR_A_BOT
    look_now(page)
    expect(page.get_by_text(f"@{bot['username']} answers")).to_be_visible()
    page = reopen()
    with page.context.expect_page() as opened:
        click(page.get_by_role("link", name="Connect a channel in Telegram"))
    opened.value.close()
    let_post(telegram, channel, bot)
    clicks += TAPS_FOR_A_CHANNEL
    look_now(page)
    expect(page.get_by_text(f"@{bot['username']} may post")).to_be_visible()
    page = reopen()
    click(page.get_by_role("button", name="Use codes of my own"))
    expect(page.get_by_label("Support e-mail")).to_be_visible()
    page = reopen()
    page.get_by_label("Support e-mail").fill("help@example.com")
    click(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("radio").first).to_be_visible()
    page = reopen()
    click(page.get_by_role("button", name="Make the template"))
    expect(page.get_by_text("Template “First coupon”")).to_be_visible()
    page = reopen()
    click(page.get_by_role("button", name="Post it"))
    expect(page.get_by_role("heading", name="Your workspace is set up")).to_be_visible()
    page = reopen()
    expect(page.get_by_role("img", name="The picture with WELCOME-10")).to_be_visible()
    assert clicks <= MOST_CLICKS


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
