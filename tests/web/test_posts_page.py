"""Channel posts on dash with the whole product behind it: made, edited, deleted; rights lost, and back."""

import base64
import json
import urllib.request
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Stack
from tests.functions.test_channel import LINK, Promoter, until
from tests.web.conftest import look_now, problems_at_each_size
from tests.web.signed_in import People, refusal

POSTS = "#/telegram/posts"
ROUTE = "client/posts"
OWNER, MEMBER = "user_demo_owner", "user_demo_member"
# What a page may take to show what happened elsewhere.
WITHIN_A_MINUTE_MS = 60_000


@pytest.fixture
def promoter(stack: Stack) -> Promoter:
    """Somebody whose channel has a name of its own among those of other tests."""
    made = Promoter(stack)
    made.wait_for(1)
    made.place(can_post_messages=True, can_edit_messages=True)
    made.last("is connected")
    return made


def channel_id(people: People, promoter: Promoter) -> str:
    listed = people.api(OWNER, "GET", f"{ROUTE}/channels")["items"]
    return next(each["id"] for each in listed if each["username"] == promoter.name)


def compose(page: Page, code: str) -> Locator:
    """The dialog of a new post with its preview."""
    page.get_by_role("button", name="New post").click()
    dialog = page.get_by_role("dialog", name="New post")
    dialog.get_by_label("Code").fill(code)
    dialog.get_by_role("button", name="Show the preview").click()
    expect(dialog.get_by_role("img", name="The picture of the post")).to_be_visible(timeout=WITHIN_A_MINUTE_MS)
    return dialog


def tick(stack: Stack) -> None:
    """The minute is over."""
    run = json.loads((stack.data_dir / "run.json").read_text())
    key = base64.b64encode(run["values"]["FUNCTIONS_ACCESS_KEY"].encode()).decode()
    address = f"{run['url']}/api/v1/namespaces/_/triggers/every-minute?blocking=true"
    request = urllib.request.Request(address, method="POST", headers={"Authorization": f"Basic {key}"})
    with urllib.request.urlopen(request, timeout=90) as answer:
        answer.read()


def test_a_post_is_made_edited_and_deleted_from_the_page(people: People, promoter: Promoter) -> None:
    page = people.enter(OWNER, f"{POSTS}?channel={channel_id(people, promoter)}")
    expect(page.get_by_role("heading", name="Nothing was posted yet")).to_be_visible()
    dialog = compose(page, "gold-50")
    caption = dialog.get_by_label("Caption")
    expect(caption).not_to_have_value("")
    caption.fill("Only <b>today</b> & tomorrow")
    expect(dialog.get_by_text("Only today & tomorrow")).to_be_visible()
    dialog.get_by_role("button", name="Post now").click()
    expect(page.get_by_text("Posted in Gold news.")).to_be_visible()
    row = page.locator("ps-table tbody tr")
    expect(row).to_contain_text("Posted")
    (sent,) = promoter.posts()
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("Only today & tomorrow", "bold")

    # The same once more is a question first, and no is an answer.
    dialog = compose(page, "gold-50")
    dialog.get_by_label("Caption").fill("Only <b>today</b> & tomorrow")
    dialog.get_by_role("button", name="Post now").click()
    expect(dialog.get_by_text("Post it once more?")).to_be_visible()
    page.keyboard.press("Escape")
    assert len(promoter.posts()) == 1

    row.get_by_role("button", name="Edit the caption of GOLD-50").click()
    dialog = page.get_by_role("dialog", name="Caption in Gold news")
    dialog.get_by_label("Caption").fill("<h1>")
    dialog.get_by_role("button", name="Save the caption").click()
    expect(dialog.get_by_text("Telegram does not know what follows")).to_be_visible()
    dialog.get_by_label("Caption").fill("A last day more")
    dialog.get_by_role("button", name="Save the caption").click()
    expect(page.get_by_text("The caption is changed.")).to_be_visible()
    expect(row).to_contain_text("A last day more")
    assert promoter.posts()[0]["caption"] == "A last day more"

    row.get_by_role("button", name="Delete GOLD-50").click()
    dialog = page.get_by_role("dialog", name="Delete the post GOLD-50 in Gold news?")
    dialog.get_by_role("button", name="Delete post").click()
    expect(page.get_by_text("The post is deleted.")).to_be_visible()
    expect(row).to_contain_text("Deleted")
    assert promoter.posts() == []


def test_lost_rights_are_shown_with_the_fix_and_what_waited_goes_out_after_it(
    people: People, stack: Stack, promoter: Promoter
) -> None:
    channel = channel_id(people, promoter)
    page = people.enter(OWNER, f"{POSTS}?channel={channel}")
    card = page.locator(f"[data-channel='{channel}']")
    expect(card).to_contain_text("Connected")
    dialog = compose(page, "gold-50")
    dialog.get_by_label("At a time").check()
    dialog.get_by_role("button", name="Schedule the post").click()
    expect(dialog.get_by_text("Choose the day and the time.")).to_be_visible()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    dialog.get_by_label("Moment").fill(tomorrow)
    dialog.get_by_role("button", name="Schedule the post").click()
    expect(page.get_by_text("Scheduled for Gold news.")).to_be_visible()
    due = (datetime.now(UTC) + timedelta(seconds=10)).isoformat()  # later than the rights are lost
    order = {"channel": channel, "template": "aurora", "format": "square", "code": "gold-50"}
    soon = people.api(OWNER, "POST", ROUTE, {**order, "caption": "Very soon", "when": due, "id": str(uuid4())})
    promoter.place(can_post_messages=False)
    expect(card).to_contain_text("Cannot post", timeout=WITHIN_A_MINUTE_MS)
    expect(card).to_contain_text("Give it the right “Post messages”")
    fix = card.get_by_role("link", name="Connect again: Gold news")
    expect(fix).to_have_attribute("href", LINK.format(bot=promoter.bot["username"]))
    rows = page.locator("ps-table tbody tr")
    for row in (rows.nth(0), rows.nth(1)):
        expect(row).to_contain_text("Waits for rights", timeout=WITHIN_A_MINUTE_MS)
    until(lambda: datetime.now(UTC).isoformat(), lambda now: now > due)
    assert promoter.posts() == []
    promoter.place(can_post_messages=True, can_edit_messages=True)
    promoter.last("is connected")
    look_now(page)
    expect(card).to_contain_text("Connected", timeout=WITHIN_A_MINUTE_MS)
    tick(stack)
    until(promoter.posts, bool)
    look_now(page)
    expect(rows.first).to_contain_text("Posted", timeout=WITHIN_A_MINUTE_MS)
    expect(rows.nth(1)).to_contain_text("Scheduled")
    assert [each["caption"] for each in promoter.posts()] == ["Very soon"]
    assert people.api(OWNER, "GET", f"{ROUTE}/{soon['id']}")["state"] == "posted"


def test_what_failed_leads_to_the_outbox(people: People, promoter: Promoter, stack: Stack) -> None:
    channel = channel_id(people, promoter)
    refused = {"kind": "refuse", "method": "sendPhoto", "chat_id": promoter.channel}
    promoter._ask("POST", "/faults", **refused, description="Bad Request: IMAGE_PROCESS_FAILED")
    order = {"channel": channel, "template": "aurora", "format": "square", "code": "gold-50"}
    assert people.api(OWNER, "POST", ROUTE, {**order, "caption": "It fails"})["state"] == "failed"
    page = people.enter(OWNER, f"{POSTS}?channel={channel}")
    page.get_by_role("button", name="Failed", exact=True).click()
    row = page.locator("ps-table tbody tr")
    expect(row).to_contain_text("Telegram did not take it.")
    row.get_by_role("link", name="See it in the outbox").click()
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()
    page.get_by_role("button", name="Send the picture to Gold news again").click()
    expect(page.get_by_text("1 message waits and will be tried within a minute.")).to_be_visible()
    tick(stack)
    (made,) = until(promoter.posts, bool)
    assert made["caption"] == "It fails"


def test_a_member_looks_but_does_not_post(people: People, promoter: Promoter) -> None:
    page = people.enter(MEMBER, POSTS)
    expect(page.get_by_text("You can look, but not post. Ask Olivia Owner")).to_be_visible()
    expect(page.locator("[data-channel]").first).to_be_visible()
    expect(page.get_by_role("button", name="New post")).to_have_count(0)


def test_without_bots_and_without_the_server_the_page_leads_on(people: People) -> None:
    subject, _ = people.owner_of_new("No Bots Yet")
    page = people.enter(subject, POSTS)
    expect(page.get_by_role("heading", name="There is no bot yet")).to_be_visible()
    page.route(f"**/{ROUTE}/channels", lambda route: route.fulfill(**refusal(503, "unavailable", "")))
    page.reload()
    expect(page.get_by_role("heading", name="Channels and posts could not be loaded")).to_be_visible()
    page.unroute(f"**/{ROUTE}/channels")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="There is no bot yet")).to_be_visible()


def test_the_page_and_its_dialog_fit_and_have_no_serious_problem(people: People, promoter: Promoter) -> None:
    page = people.enter(OWNER, POSTS)
    expect(page.locator("[data-channel]").first).to_be_visible()
    assert problems_at_each_size(page) == []
    compose(page, "gold-50")
    assert problems_at_each_size(page) == []
