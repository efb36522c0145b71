"""The outbox on dash with the whole product behind it: what failed is sent again, what waits is cancelled."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.conftest import Stack
from tests.functions.test_channel import Promoter, until
from tests.functions.test_conversation import Chat
from tests.web.conftest import PHONE, look_now, problems_in_both_palettes, scrolls_sideways, set_hidden
from tests.web.signed_in import People, refusal
from tests.web.test_posts_page import tick

OUTBOX = "#/telegram/outbox"
ROUTE = "client/outbox"
OWNER, MEMBER = "user_demo_owner", "user_demo_member"
# The page looks again every five seconds, and Telegram's news may take some more.


def fail(chat: Chat, kind: str, method: str, chat_id: int, **more: object) -> None:
    """The next such call to that chat ends like this."""
    chat._ask("POST", "/faults", kind=kind, method=method, chat_id=chat_id, **more)


@pytest.fixture
def chat(stack: Stack) -> Chat:
    made = Chat(stack)
    made.wait_for(1)
    return made


def channel_of(people: People, promoter: Promoter) -> dict[str, Any]:
    """The promoter's channel as the dashboard knows it, connected."""
    promoter.wait_for(1)
    promoter.place(can_post_messages=True, can_edit_messages=True)
    promoter.last("Gold news is connected")
    listed = people.api(OWNER, "GET", "client/posts/channels")["items"]
    return next(each for each in listed if each["username"] == promoter.name)


def post(people: People, channel: dict[str, Any], **more: object) -> dict[str, Any]:
    """A post through the API."""
    order = {"channel": channel["id"], "template": "aurora", "format": "square", "code": "gold-50"}
    return people.api(OWNER, "POST", "client/posts", {**order, "caption": f"Number {uuid4().hex[:8]}", **more})


def test_a_dead_letter_is_requeued_from_the_page_and_arrives(people: People, chat: Chat) -> None:
    page = people.enter(OWNER, f"{OUTBOX}?chat={chat.user}")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    fail(chat, "refuse", "sendMessage", chat.user, description="Bad Request: message is too odd")
    before = len(chat.messages())
    chat.send("/help")
    until(lambda: people.api(OWNER, "GET", f"{ROUTE}?state=dead&chat={chat.user}")["items"], bool)
    look_now(page)
    row = page.locator("ps-table tbody tr")
    expect(row).to_contain_text("Telegram refused it: Message is too odd.")
    expect(row).to_contain_text("Mend what Telegram names, then send it again.")
    row.get_by_role("button", name="again").click()
    expect(page.get_by_text("1 message was sent.")).to_be_visible()
    assert len(chat.wait_for(before + 1)) == before + 1
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_label("Sent").check()
    expect(row.first).to_contain_text("Sent")
    assert f"show=sent&chat={chat.user}" in "&".join(sorted(page.url.split("?")[1].split("&"), reverse=True))
    page.reload()
    expect(page.get_by_label("Sent")).to_be_checked()
    expect(page.get_by_label("Chat", exact=True)).to_have_value(str(chat.user))
    page.evaluate("location.hash = '#/settings/audit'")
    expect(page.get_by_role("cell", name="Sent messages again").first).to_be_visible()


def test_a_post_without_an_answer_is_asked_about_before_it_goes_twice(people: People, stack: Stack) -> None:
    promoter = Promoter(stack)
    channel = channel_of(people, promoter)
    fail(promoter, "lost_answer", "sendPhoto", promoter.channel)
    assert post(people, channel)["state"] == "unclear"
    assert len(promoter.posts()) == 1
    page = people.enter(OWNER, f"{OUTBOX}?chat={promoter.channel}")
    row = page.locator("ps-table tbody tr")
    expect(row).to_contain_text("Gold news")
    expect(row).to_contain_text("it may arrive twice")
    row.get_by_role("button", name="again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Send the picture to Gold news again?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(row).to_contain_text("No answer")
    assert len(promoter.posts()) == 1
    row.get_by_role("button", name="again").click()
    dialog.get_by_role("button", name="Send again anyway").click()
    expect(page.get_by_text("1 message waits and will be tried within a minute.")).to_be_visible()
    tick(stack)
    until(promoter.posts, lambda posts: len(posts) == 2)


def test_several_that_wait_are_cancelled_with_the_keyboard(people: People, stack: Stack) -> None:
    promoter = Promoter(stack)
    channel = channel_of(people, promoter)
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    made = [post(people, channel, when=later) for _ in range(3)]
    page = people.enter(OWNER, f"{OUTBOX}?show=open&chat={promoter.channel}")
    rows = page.locator("ps-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Its time has not come.")
    rows.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_role("region", name="Selection").get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog", name="Cancel 2 messages?")
    dialog.get_by_role("button", name="Cancel messages").click()
    expect(page.get_by_text("2 messages cancelled.")).to_be_visible()
    expect(rows).to_have_count(1)
    states = [people.api(OWNER, "GET", f"client/posts/{each['id']}")["state"] for each in made]
    assert sorted(states) == ["cancelled", "cancelled", "scheduled"]
    # Another tab takes the last one meanwhile: nothing that has left the list stays selected.
    rows.first.focus()
    page.keyboard.press("Space")
    people.api(OWNER, "DELETE", f"client/posts/{made[0]['id']}")
    look_now(page)
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    expect(page.get_by_role("region", name="Selection")).to_have_count(0)


A_PARKED = {
    "id": "b:7", "bot_id": "b", "bot": "gold_bot", "kind": "message", "person": 5_400_000_000, "name": "ann",
    "text": "gold-50", "why": "It could not be answered, three times in a row: KeyError.",
    "next": "Try it again once the reason is mended; it is answered within a minute.", "tries": 3, "may_retry": True,
    "received_at": "2026-03-02T09:00:00Z",
}  # fmt: skip


def test_what_was_set_aside_is_answered_after_all(people: People) -> None:
    page = people.enter(OWNER, "")
    left, asked = [A_PARKED], []
    page.route(f"**/{ROUTE}/parked?*", lambda route: route.fulfill(json={"items": left, "next": None}))

    def retry(route: Any) -> None:
        asked.append(route.request.post_data_json)
        left.clear()
        route.fulfill(json={"changed": 1})

    page.route(f"**/{ROUTE}/parked/retry", retry)
    page.evaluate(f"location.hash = '{OUTBOX}?show=parked'")
    row = page.locator("ps-table tbody tr")
    expect(row).to_contain_text("It could not be answered, three times in a row")
    row.get_by_role("button", name="Answer it after all").click()
    expect(page.get_by_text("1 update is answered within a minute.")).to_be_visible()
    expect(page.get_by_role("heading", name="Everything was answered")).to_be_visible()
    assert asked == [{"ids": ["b:7"]}]


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_back(people: People, chat: Chat) -> None:
    page = people.enter(OWNER, f"{OUTBOX}?show=all")
    expect(page.locator("ps-table tbody tr").first).to_be_visible()
    asked: list[str] = []
    set_hidden(page, True)
    page.on("request", lambda request: asked.append(request.url) if f"{ROUTE}/counts" in request.url else None)
    page.clock.install()
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response(f"**/{ROUTE}/counts"):
        set_hidden(page, False)


def test_a_server_that_is_away_is_told_and_found_again(people: People, chat: Chat) -> None:
    page = people.enter(OWNER, "")
    page.route(f"**/{ROUTE}?*", lambda route: route.fulfill(**refusal(503, "unavailable", "")))
    page.evaluate(f"location.hash = '{OUTBOX}'")
    expect(page.get_by_role("heading", name="The outbox could not be loaded")).to_be_visible()
    page.unroute(f"**/{ROUTE}?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Needs you")).to_be_checked()
    page.get_by_label("All", exact=True).check()
    expect(page.locator("ps-table tbody tr").first).to_be_visible()
    page.route(f"**/{ROUTE}?*", lambda route: route.fulfill(**refusal(503, "unavailable", "")))
    look_now(page)
    expect(page.get_by_text("What you see may be out of date")).to_be_visible()
    expect(page.locator("ps-table tbody tr").first).to_be_visible()


def test_a_member_looks_and_is_told_whom_to_ask(people: People, chat: Chat) -> None:
    page = people.enter(MEMBER, f"{OUTBOX}?show=all&chat={chat.user}")
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example) for the role of admin.")).to_be_visible()
    expect(page.locator("ps-table tbody tr").first).to_contain_text("Sent")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.get_by_label("Chat", exact=True).fill("ann")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Type the chat's number")).to_be_visible()


@pytest.mark.parametrize("show", ["all", "parked"])
def test_the_page_fits_a_phone_and_has_no_serious_problem(people: People, chat: Chat, show: str) -> None:
    page = people.enter(OWNER, f"{OUTBOX}?show={show}&chat={chat.user}", viewport=PHONE)
    expect(page.get_by_role("heading", name="What your bots send")).to_be_visible()
    expect(page.locator("ps-table, .state").first).to_be_visible()
    assert not scrolls_sideways(page)
    assert problems_in_both_palettes(page) == []


def test_on_a_small_laptop_the_whole_table_fits_and_the_file_holds_no_buttons(people: People, chat: Chat) -> None:
    fail(chat, "refuse", "sendMessage", chat.user, description="Bad Request: message is too odd")
    chat.send("/help")
    page = people.enter(OWNER, f"{OUTBOX}?show=all&chat={chat.user}", viewport={"width": 1280, "height": 800})
    expect(page.get_by_role("button", name="again").first).to_be_in_viewport()
    assert page.locator(".table-scroll").evaluate("(box) => box.scrollWidth <= box.clientWidth")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    head = download.value.path().read_text("utf-8-sig").splitlines()[0]
    assert head == "Message,State,Why,To,When"
