"""Connections on dash: connecting, checking, replacing and letting go; what a vendor refuses; who may only look."""

import json
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import PHONE, look_now, problems_in_both_palettes, scrolls_sideways
from tests.web.signed_in import People, refusal

CONNECTIONS = "#/connections"


@pytest.fixture
def control(stack: Stack):
    """Control APIs of the simulators: control(vendor, method, path, **body)."""
    bases = json.loads((stack.data_dir / "run.json").read_text())

    def ask(vendor: str, method: str, path: str, /, **body: object) -> dict:
        answer = requests.request(method, f"{bases[vendor]}/_control{path}", json=body or None, timeout=60)
        assert answer.status_code < 400, answer.text
        return answer.json()

    return ask


def card(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_a_service_is_connected_checked_and_let_go(people: People, control) -> None:
    subject, _ = people.owner_of_new("Well Connected")
    page = people.enter(subject, CONNECTIONS, viewport=PHONE)
    expect(page.get_by_role("heading", name="Connections", exact=True)).to_be_visible()
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Connect OpenAI").click()
    page.keyboard.type("sk-wrong-key-000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("does not know this key").first).to_be_visible()
    page.get_by_label("API key").fill("sk-local-demo-key")
    control("openai", "PUT", "/mode", mode="503")  # until changed: what runs beside asks OpenAI, too
    page.keyboard.press("Enter")
    expect(page.get_by_text("OpenAI does not answer now").first).to_be_visible()
    control("openai", "PUT", "/mode", mode="normal")
    expect(page.get_by_label("API key")).to_have_value("sk-local-demo-key")
    page.keyboard.press("Enter")
    expect(card(page, "OpenAI").get_by_text("Working")).to_be_visible()
    expect(card(page, "OpenAI")).to_contain_text("Key …-key")
    assert problems_in_both_palettes(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Disconnect OpenAI").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect OpenAI").click()
    expect(card(page, "OpenAI").get_by_text("Not connected")).to_be_visible()


def test_a_bot_and_its_channel_come_and_go(people: People, control) -> None:
    subject, _ = people.owner_of_new("Two Bots")
    owner = control("telegram", "POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")
    bot = control("telegram", "POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")
    name = f"c{uuid4().hex[:10]}"
    chat = control("telegram", "POST", "/chats", type="channel", title="Gold", username=name, members=[owner["id"]])
    page = people.enter(subject, CONNECTIONS)
    page.get_by_role("button", name="Connect a bot").click()
    page.keyboard.type(bot["token"])
    page.keyboard.press("Enter")
    mine = card(page, f"@{bot['username']}")
    expect(mine).to_contain_text("Coupon bot")
    page.get_by_role("button", name="By its name").click()
    page.keyboard.type(f"@{name}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is no administrator").first).to_be_visible()
    control("telegram", "POST", "/chats/bot", chat=chat["id"], bot=bot["id"], can_post_messages=True)
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("The bot may post")
    control("telegram", "POST", "/chats/bot", chat=chat["id"], bot=bot["id"], status="administrator")
    page.get_by_role("button", name="Check Gold").click()
    expect(page.get_by_text("without the right “Post messages”").first).to_be_visible()
    page.get_by_role("button", name="Disconnect Gold").click()
    page.get_by_role("button", name="Disconnect the channel").click()
    expect(mine).not_to_contain_text("Gold")
    mine.get_by_role("button", name="Disconnect", exact=True).click()
    page.get_by_role("button", name="Disconnect the bot").click()
    expect(page.get_by_text("There is no bot yet.")).to_be_visible()


def test_a_member_looks_and_a_failed_look_can_be_tried_again(people: People) -> None:
    page = people.enter("user_demo_member", CONNECTIONS)
    expect(page.get_by_text("You can look, but not change connections.")).to_be_visible()
    expect(page.get_by_role("button", name="Connect")).to_have_count(0)
    ill = {"id": "0b6f7c1e-6f0e-4c55-9a53-1f6f6a0c2b11", "username": "ill_bot", "roles": ["coupons"], "is_ready": False,
           "is_checked": True, "problem": "Telegram refuses this bot's token.", "next": "Enter it anew.",
           "fix": "token", "link": "https://t.me/ill_bot"}  # fmt: skip
    answer = {"json": {"telegram": {"bots": [ill], "channels": []}}}
    page.route("**/client/connections", lambda route: route.fulfill(**answer))
    look_now(page)
    expect(page.get_by_text("Telegram refuses this bot's token.")).to_be_visible()
    expect(page.get_by_role("link", name="Give it a new token")).to_have_count(0)
    page.route("**/client/vendors", lambda route: route.fulfill(**refusal(503, "database_unavailable", "away")))
    page.reload()
    expect(page.get_by_text("The connections could not be loaded")).to_be_visible()
    page.unroute("**/client/vendors")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Services")).to_be_visible()
