"""Bots on dash: a revoked token and a lost webhook are shown with the fix and mended, manners, live rate, chats."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT, Stack
from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import People, refusal

BOTS = "#/telegram/bots"
ROUTE = "client/bots"
DEADLINE_S = 60
# What scripts/local/seed.py does for the demo bot, and a message that waits as a broadcast would.
CONNECT = """
import sys
from promostack.core import config
from promostack.integrations import telegram_bot
from promostack.telegram import bots
tenant, token = sys.argv[1:]
bot = bots.connect(tenant, token, webhook_base=config.require("FUNCTIONS_API_HOST") + "/api", call=telegram_bot.call)
print(bot.id)
"""
LEAVE_MESSAGE = """
import sys
from promostack.db.uow import unit_of_work
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Message
tenant, bot, user = sys.argv[1:]
with unit_of_work(tenant) as tx:
    outbox.enqueue(tx, [Message(int(user), Kind.BROADCAST, "sendMessage", {"text": "You have won"}, "news-1")],
        tenant_id=tenant, bot_id=bot)
"""
# The server asks Telegram once in five seconds; the browser's clock is driven, the database's is not.
AGE_CHECK = """
import sys
from promostack.db.uow import unit_of_work
tenant, bot = sys.argv[1:]
with unit_of_work(tenant) as tx:
    tx.run("UPDATE bots SET checked_at = checked_at - interval '1 minute' WHERE tenant_id = %(t)s", t=tenant)
"""


@dataclass
class Owner:
    """Somebody new with a workspace, a bot of his own, and a person who has started it."""

    stack: Stack
    run: dict[str, Any]
    people: People
    subject: str
    tenant: dict[str, Any]
    username: str = ""
    bot_id: str = ""
    user: int = 0

    def telegram(self, method: str, path: str, **body: object) -> Any:
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(
            f"{self.run['telegram']}/_control{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def act(self, script: str, *arguments: object) -> str:
        """Runs a few lines with the product's own library and settings."""
        environment = {**os.environ, **self.run["values"], "PYTHONPATH": f"{ROOT}/shared"}
        done = subprocess.run(
            [sys.executable, "-c", script, self.tenant["id"], *map(str, arguments)],
            env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def connect(self) -> None:
        made = self.telegram("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")
        self.username = made["username"]
        self.bot_id = self.act(CONNECT, made["token"])
        self.user = self.telegram("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")["id"]
        self.telegram("POST", "/start", bot=self.username, user=self.user)
        self.wait_for("coupon code")

    def fire_tick(self) -> None:
        """What the platform's clock does each minute, now."""
        environment = {**os.environ, "PROMOSTACK_DATA": str(self.stack.data_dir)}
        command = [sys.executable, "-c", "from scripts.local.fire import main; main([])"]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def said(self) -> list[str]:
        found = self.telegram("GET", f"/messages?bot={self.username}&user={self.user}")["messages"]
        return [each["message"].get("text", "") for each in found if each["message"]["from"]["is_bot"]]

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not any(words in each for each in self.said()):
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)  # between two looks at the chat

    def open(self, path: str, **options: Any) -> Page:
        page = self.people.enter(self.subject, path, **options)
        page.locator("main h2").first.wait_for()
        return page


@pytest.fixture
def newcomer(stack: Stack, people: People) -> Owner:
    subject, tenant = people.owner_of_new("Bot Keepers")
    return Owner(stack, json.loads((stack.data_dir / "run.json").read_text()), people, subject, tenant)


@pytest.fixture
def owner(newcomer: Owner) -> Owner:
    newcomer.connect()
    return newcomer


def trouble(page: Page, words: str) -> Any:
    return page.locator(".trouble").filter(has_text=words)


def test_a_revoked_token_shows_within_a_minute_and_what_waits_goes_out_after_the_repair(owner: Owner) -> None:
    page = owner.open("#/settings/general")
    page.clock.install()
    page.evaluate("(path) => { location.hash = path; }", BOTS)
    card = page.locator(".bot").filter(has_text=f"@{owner.username}")
    expect(card).to_contain_text("Working")
    expect(card).to_contain_text("Checked with Telegram")
    owner.telegram("POST", "/bots/revoke", bot=owner.username)
    owner.act(LEAVE_MESSAGE, owner.bot_id, owner.user)
    owner.act(AGE_CHECK, owner.bot_id)
    page.clock.fast_forward("00:59")
    expect(card).to_contain_text("Paused")
    expect(trouble(page, "Telegram refuses this bot's token.")).to_contain_text(f"/mybots, @{owner.username}")
    expect(card.locator("dd").first).to_have_text("1")

    page.get_by_role("link", name="Give it a new token").click()
    page.get_by_role("button", name="Give it a new token").click()
    field = page.get_by_label("Token", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paste the whole token")).to_be_visible()
    field.fill("12:" + "x" * 35)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Telegram does not accept this token")).to_be_visible()
    token = owner.telegram("POST", "/bots/token", bot=owner.username)["token"]
    field.fill(token)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The token works.")).to_be_visible()
    expect(page.get_by_text("The bot is well.")).to_be_visible()
    expect(field).to_have_value("")
    assert token not in page.content()
    owner.fire_tick()
    owner.wait_for("You have won")
    owner.telegram("POST", "/send", bot=owner.username, user=owner.user, text="/help")
    owner.wait_for("Send a coupon code, choose a template")
    page.evaluate("location.hash = '#/settings/audit'")
    expect(page.get_by_role("cell", name="Gave a bot a new token")).to_be_visible()


def test_a_webhook_that_another_program_took_is_set_anew(owner: Owner) -> None:
    token = next(each["token"] for each in owner.telegram("GET", "/bots") if each["username"] == owner.username)
    address = f"{owner.run['telegram']}/bot{token}/setWebhook?url=http://127.0.0.1:9/elsewhere"
    urllib.request.urlopen(address, timeout=60).close()
    page = owner.open(f"{BOTS}/{owner.bot_id}")
    expect(trouble(page, "Another program has taken this bot over")).to_contain_text("127.0.0.1")
    page.get_by_role("button", name="Set the webhook anew").click()
    expect(page.get_by_text("The webhook is set anew.")).to_be_visible()
    expect(page.get_by_text("The bot is well.")).to_be_visible()
    owner.telegram("POST", "/send", bot=owner.username, user=owner.user, text="/help")
    owner.wait_for("Send a coupon code, choose a template")


def stored(answer: Any) -> bool:
    """The page shows a choice before the server has it."""
    return answer.url.endswith("/settings")


def test_manners_in_groups_are_chosen_with_the_keyboard_and_a_way_back(owner: Owner) -> None:
    page = owner.open(f"{BOTS}/{owner.bot_id}")
    group = owner.telegram("POST", "/chats", type="supergroup", title="Traders", members=[owner.user])["id"]
    owner.telegram("POST", "/chats/bot", chat=group, bot=owner.username, status="member")
    polite = page.get_by_role("radio", name="Lead to the private chat")
    expect(polite).to_be_checked()
    polite.focus()
    with page.expect_response(stored):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("the bot says nothing.")).to_be_visible()
    assert owner.people.api(owner.subject, "GET", f"{ROUTE}/{owner.bot_id}")["group_answer"] == "silent"
    with page.expect_response(stored):
        page.get_by_role("button", name="Undo").click()
    expect(polite).to_be_checked()
    expect(page.get_by_text("with a button that leads there.")).to_be_visible()
    owner.telegram("POST", "/send", chat=group, user=owner.user, text=f"/start@{owner.username}")
    deadline = time.monotonic() + DEADLINE_S
    while "private chat" not in json.dumps(owner.telegram("GET", f"/messages?chat={group}")):
        assert time.monotonic() < deadline
        time.sleep(0.1)  # between two looks at the group


def test_the_live_rate_and_both_directions_of_a_chat_are_read(owner: Owner) -> None:
    owner.act(LEAVE_MESSAGE, owner.bot_id, owner.user)
    owner.fire_tick()
    owner.wait_for("You have won")
    page = owner.open(f"{BOTS}/{owner.bot_id}")
    expect(page.locator("ps-rate-chart canvas")).to_be_visible()
    expect(page.get_by_role("link", name="Bots", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.locator("ps-rate-chart")).to_have_attribute(
        "aria-label", re.compile("[12] messages? in the last minute")
    )
    page.evaluate("(path) => { location.hash = path; }", f"#/telegram/analytics/people/{owner.user}")
    page.get_by_role("link", name="What was said").click()
    bubbles = page.locator(".bubble")
    expect(bubbles).to_have_count(3)
    expect(bubbles.first).to_contain_text("/start")
    expect(bubbles.first).to_have_attribute("data-from", "in")
    expect(bubbles.last).to_contain_text("You have won")
    expect(bubbles.last).to_contain_text("Sent")
    page.evaluate("location.hash = '#/telegram/bots/chats/1'")
    expect(page.get_by_role("heading", name="Nothing is kept of this chat")).to_be_visible()


def test_a_hidden_page_asks_nothing_and_a_failed_look_says_so(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/general")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if f"/{ROUTE}" in request.url else None)
    page.clock.install()
    page.evaluate("(path) => { location.hash = path; }", BOTS)
    expect(page.locator(".bot").first).to_contain_text("Checked with Telegram")
    hide = """(hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(hide, True)
    before = len(asked)
    page.clock.fast_forward("05:00")
    assert len(asked) == before
    page.route(f"**/api/{ROUTE}", lambda route: route.fulfill(**refusal(503, "unavailable", "Later.")))
    page.evaluate(hide, False)
    expect(page.get_by_text("What stands here may be old.")).to_be_visible()
    page.unroute(f"**/api/{ROUTE}")
    page.clock.fast_forward("00:11")
    expect(page.get_by_text("What stands here may be old.")).to_have_count(0)


def test_states_of_the_page_empty_failed_and_without_rights(newcomer: Owner, people: People) -> None:
    page = newcomer.open(BOTS)
    expect(page.get_by_role("heading", name="There is no bot yet")).to_be_visible()
    page = people.enter("user_demo_member", "#/settings/general")
    answers = [refusal(503, "unavailable", "Later.")]
    page.route(f"**/api/{ROUTE}", lambda route: route.fulfill(**answers.pop()) if answers else route.continue_())
    page.evaluate("(path) => { location.hash = path; }", BOTS)
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    page.locator(".bot a").first.click()
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example) for the role of admin.")).to_be_visible()
    expect(page.get_by_text("Give the bot a new token")).to_have_count(0)
    expect(page.get_by_role("radio", name="Say nothing")).to_be_disabled()
    page.evaluate("location.hash = '#/telegram/bots/chats/1'")
    expect(page.get_by_role("heading", name="You can't see what people write to the bots")).to_be_visible()


def test_axe_finds_nothing_serious_in_the_bots(people: People) -> None:
    [bot] = people.api("user_demo_owner", "GET", ROUTE)["items"]
    page = people.enter("user_demo_owner", BOTS)
    expect(page.locator(".bot").first).to_be_visible()
    assert problems_at_each_size(page) == []
    broken = {
        "status": "broken",
        "problem": "Telegram refuses this bot's token.",
        "next": "Open @BotFather.",
        "fix": "token",
    }
    shown = {**bot, "state": "paused", "health": broken}
    page.route(f"**/api/{ROUTE}/{bot['id']}*", lambda route: route.fulfill(json=shown))
    page.route(f"**/api/{ROUTE}/{bot['id']}/check", lambda route: route.fulfill(json=shown))
    page.evaluate("(path) => { location.hash = path; }", f"{BOTS}/{bot['id']}")
    page.get_by_role("button", name="Give it a new token").click()
    expect(page.locator("ps-rate-chart canvas")).to_be_visible()
    assert problems_at_each_size(page) == []
