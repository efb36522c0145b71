"""Start and Set up on dash: from signing up to a bot that may post in a channel, with what goes wrong on the way."""

import json
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import People, refusal

SET_UP = "#/start"
# What is rendered, or comes by the next look of a page.


@pytest.fixture
def telegram(stack: Stack):
    """The simulator's control API."""
    base = json.loads((stack.data_dir / "run.json").read_text())["telegram"]

    def ask(method: str, path: str, /, **body: object) -> dict:
        answer = requests.request(method, f"{base}/_control{path}", json=body or None, timeout=60)
        assert answer.status_code < 400, answer.text
        return answer.json()

    return ask


@pytest.fixture
def fresh(telegram) -> dict:
    """A bot that nobody has connected."""
    return telegram("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")


@pytest.fixture
def channel(telegram) -> dict:
    owner = telegram("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")
    name = f"c{uuid4().hex[:10]}"
    return telegram("POST", "/chats", type="channel", title="Gold deals", username=name, members=[owner["id"]])


def paste(page: Page, token: str) -> None:
    page.get_by_label("Token").fill(token)
    page.keyboard.press("Enter")


def test_a_newcomer_connects_his_bot_and_his_channel(people: People, telegram, fresh, channel) -> None:
    subject, _ = people.owner_of_new("Golden Start")
    page = people.enter(subject, viewport=PHONE)
    expect(page.get_by_role("heading", name="Connect your bot")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", name="Set up your workspace")).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)

    paste(page, "no token")
    expect(page.get_by_text("Paste the whole token")).to_be_visible()
    paste(page, f"{fresh['id']}:{'x' * 35}")
    expect(page.get_by_text("Telegram does not accept this token")).to_be_visible()
    telegram("POST", "/faults", kind="500", method="getMe", bot=fresh["username"], times=1)
    paste(page, fresh["token"])
    expect(page.get_by_text("Telegram does not answer now")).to_be_visible()
    expect(page.get_by_label("Token")).to_have_value(fresh["token"])
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(f"@{fresh['username']} answers")).to_be_visible()

    link = page.get_by_role("link", name="Connect a channel in Telegram")
    assert link.get_attribute("href").startswith(f"https://t.me/{fresh['username']}?startchannel&admin=post_messages")
    other = people.enter(subject, SET_UP)
    telegram("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_post_messages=True, can_edit_messages=True)
    expect(page.get_by_text(f"@{fresh['username']} may post")).to_be_visible()
    expect(other.get_by_text(f"@{fresh['username']} may post")).to_be_visible()
    go_on_to_the_picture(page, fresh)
    expect(other.get_by_role("heading", name="Your workspace is set up")).to_be_visible()
    page.evaluate("location.hash = '#/'")
    expect(page.get_by_text("What your promoters see.")).to_be_visible()
    expect(page.get_by_role("link", name="Go on")).to_have_count(0)


def go_on_to_the_picture(page: Page, fresh: dict) -> None:
    """From the second step on, in one tab."""
    page.get_by_text("Or connect Stripe").click()
    page.get_by_label("Restricted key").fill("sk_live_abcdefgh12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("this is a secret key")).to_be_visible()
    page.get_by_role("button", name="Use codes of my own").click()
    page.get_by_label("Support e-mail").fill("help")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Type an address like help@example.com.")).to_be_visible()
    page.get_by_label("Support e-mail").fill("help@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio")).not_to_have_count(0)
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
    page.locator("input[type=file]").set_input_files(
        [{"name": "notes.txt", "mimeType": "image/png", "buffer": b"no picture"}]
    )
    expect(page.get_by_text("The file was refused")).to_be_visible()
    page.reload()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Make the template").click()
    expect(page.get_by_text("Template “First coupon”")).to_be_visible()
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", name="Your workspace is set up")).to_be_visible()
    expect(page.get_by_role("img", name="The picture with WELCOME-10")).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)


def test_a_stop_is_gone_on_from_and_a_channel_says_what_it_lacks(people: People, telegram, fresh, channel) -> None:
    subject, _ = people.owner_of_new("Second Try")
    telegram("POST", "/faults", kind="refuse", method="setWebhook", bot=fresh["username"], times=1)
    page = people.enter(subject, SET_UP)
    paste(page, fresh["token"])
    expect(page.get_by_text(f"Finish connecting @{fresh['username']}")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Finish connecting").click()
    expect(page.get_by_text(f"@{fresh['username']} answers")).to_be_visible()

    page.get_by_text("Or name a channel").click()
    name = page.get_by_label("Channel", exact=True)
    name.fill(f"@{channel['username']}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is no administrator of")).to_be_visible()
    telegram("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], status="administrator", can_edit_messages=True)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("without the right “Post messages”")).to_be_visible()


def test_a_member_looks_and_a_failed_look_leads_on(people: People) -> None:
    page = people.enter("user_demo_member", SET_UP)
    expect(page.get_by_role("heading", name="workspace").first).to_be_visible()
    expect(page.get_by_label("Token")).to_have_count(0)
    page.route("**/client/onboarding", lambda route: route.fulfill(**refusal(503, "database_unavailable", "away")))
    page.evaluate("location.hash = '#/'")
    expect(page.get_by_text("What is next could not be worked out.")).to_be_visible()
    page.unroute("**/client/onboarding")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("What is next could not be worked out.")).to_have_count(0)
