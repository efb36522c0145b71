"""The chat page in a real browser: two people, pictures, buttons, calls and faults."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT, Scene, wait_for
from .test_telegram_refusals import png, upload

AXE = ROOT / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
BUTTONS = (
    '{"inline_keyboard":[[{"text":"Square","callback_data":"sq"}],[{"text":"Shop","url":"https://shop.example"}]]}'
)
KEYBOARD = {"keyboard": [[{"text": "WELCOME-30"}, {"text": "/help"}]], "resize_keyboard": True}
Open = Callable[..., Page]
expect.set_options(timeout=45_000)  # machines that run the suite are busy


@pytest.fixture
def open_page(browser: Any, telegram: Any) -> Iterator[Open]:
    """Opens the page; fails the test for anything the browser complains about, CSP included."""
    pages, complaints = [], []

    def opened(path: str = "/telegram/", viewport: dict[str, int] = WIDE) -> Page:
        page = browser.new_page(viewport=viewport)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        page.goto(telegram.base + path)
        return page

    yield opened
    for page in pages:
        page.close()
    assert complaints == []


def chat_hash(scene: Scene) -> str:
    return f"/telegram/#{scene.user_id}/{scene.bot_id}:{scene.user_id}"


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical. evaluate() is not bound by the page's CSP, a script tag is."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found
            if one["impact"] in ("serious", "critical")]  # fmt: skip


def test_a_first_visitor_finds_two_people_and_starts_a_bot(telegram, open_page):
    bot = telegram.bot(first_name="Promo bot")
    page = open_page()

    expect(page.get_by_label("Person").locator("option")).to_have_text(["Ann Marsh", "Ben Okoro"])
    page.get_by_role("button", name="Promo bot").click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".message.own")).to_contain_text("/start")
    person = telegram.control("GET", "/users")[0]["id"]
    assert telegram.messages(bot["id"], person)[0]["message"]["text"] == "/start"


def test_a_conversation_appears_live(scene, open_page):
    page = open_page(chat_hash(scene))
    expect(page.locator(".message.own")).to_contain_text("/start")
    scene.call("sendChatAction", chat_id=scene.user_id, action="upload_photo")
    expect(page.locator(".phone-name")).to_contain_text("sending a photo…")
    scene.send(text="Which <b>code</b>?", parse_mode="HTML", reply_markup=KEYBOARD)

    page.get_by_role("group", name="Reply keyboard").get_by_role("button", name="WELCOME-30").click()
    expect(page.locator(".message.own").last).to_contain_text("WELCOME-30")
    expect(page.locator(".bubble-text strong")).to_have_text("code")
    sent = upload(scene, "sendPhoto", "photo", png(300, 200), caption="Here it is", reply_markup=BUTTONS)["result"]
    expect(page.locator(".photo img")).to_be_visible()
    expect(page.locator(".message").last).to_be_in_viewport(ratio=0.5)
    expect(page.get_by_role("link", name="Shop")).to_have_attribute("href", "https://shop.example/")
    page.get_by_role("button", name="Square").click()
    expect(page.get_by_role("button", name="Square")).to_have_attribute("aria-busy", "true")
    updates = scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")
    assert (updates[-1]["kind"], updates[-1]["payload"]["data"]) == ("callback_query", "sq")
    scene.call("answerCallbackQuery", callback_query_id=updates[-1]["payload"]["id"], text="Rendering square")
    expect(page.locator(".toast")).to_have_text("Rendering square")
    expect(page.get_by_role("button", name="Square")).not_to_have_attribute("aria-busy", "true")
    scene.call("editMessageCaption", chat_id=scene.user_id, message_id=sent["message_id"], caption="Changed")
    expect(page.locator(".with-photo")).to_contain_text("Changed")
    scene.call("deleteMessage", chat_id=scene.user_id, message_id=sent["message_id"])
    expect(page.locator(".with-photo")).to_have_count(0)


def test_a_photo_opens_large_and_downloads_as_uploaded(scene, open_page):
    upload(scene, "sendPhoto", "photo", png(301, 202), caption="Here it is")
    page = open_page(chat_hash(scene))
    page.get_by_role("button", name="Open photo: Here it is").click()

    dialog = page.get_by_role("dialog", name="Photo")
    expect(dialog.get_by_role("img")).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("link", name="As uploaded").click()
    assert download.value.path().read_bytes() == png(301, 202)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_two_people_talk_at_once(scene, open_page):
    other = scene.telegram.person(first_name="Ben", username="ben_o")["id"]
    page = open_page(chat_hash(scene))
    page.get_by_role("button", name="Two people").click()
    ann, ben = page.locator(".phone").first, page.locator(".phone").last
    ben.get_by_role("button", name="Promo").click()
    ben.get_by_role("button", name="Start").click()
    expect(ben.locator(".message.own")).to_contain_text("/start")
    ben.get_by_label("Message", exact=True).fill("from Ben")
    page.keyboard.press("Enter")
    ann.get_by_label("Message", exact=True).fill("from Ann")
    ann.get_by_role("button", name="Send").click()

    expect(ben.locator(".messages")).to_contain_text("from Ben")
    expect(ann.locator(".messages")).to_contain_text("from Ann")
    expect(ann.locator(".messages")).not_to_contain_text("from Ben")
    assert [one["message"]["text"] for one in scene.telegram.messages(scene.bot_id, other)] == ["/start", "from Ben"]
    page.reload()
    expect(page.locator(".phone").last.locator(".messages")).to_contain_text("from Ben")


def test_commands_blocking_and_going_back(scene, open_page):
    scene.call("setMyCommands", commands=[{"command": "generate", "description": "Make a picture"}])
    page = open_page(chat_hash(scene))
    page.get_by_role("button", name="Commands").click()
    page.get_by_role("button", name="/generate Make a picture").click()
    expect(page.locator(".message.own").last).to_contain_text("/generate")
    page.get_by_role("button", name="Block bot").click()
    page.get_by_role("button", name="Unblock bot").click()
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    kinds = [one["kind"] for one in scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")]
    assert kinds[-2:] == ["my_chat_member", "my_chat_member"]
    page.get_by_role("button", name="Back to chats").click()
    expect(page.get_by_role("list", name="Chats")).to_be_visible()


def test_a_channel_shows_posts_and_only_its_owner_writes(scene, open_page):
    reader = scene.telegram.person(first_name="Ben", username="ben_o")["id"]
    members = [scene.user_id, reader]
    channel = scene.telegram.control("POST", "/chats", title="Deals", username="deals_ch", members=members)["id"]
    scene.telegram.control("POST", "/chats/bot", chat=channel, bot=scene.bot_id, can_post_messages=True)
    page = open_page(f"/telegram/#{reader}/{channel}")
    expect(page.locator(".phone-foot")).to_contain_text("Only admins post in this channel")
    upload(scene, "sendPhoto", "photo", png(300, 200), chat_id=str(channel), caption="New code")

    expect(page.locator(".with-photo")).to_contain_text("New code")
    owner = open_page(f"/telegram/#{scene.user_id}/{channel}")
    expect(owner.get_by_label("Message", exact=True)).to_be_visible()


def test_an_inline_result_is_typed_chosen_and_sent(scene, open_page):
    page = open_page(chat_hash(scene))
    page.get_by_label("Message", exact=True).fill("@promo_bot GOLD-50")
    query = wait_for(lambda: inline_queries(scene))[-1]
    content = {"message_text": "Code GOLD-50"}
    result = {"type": "article", "id": "1", "title": "GOLD-50", "description": "50 %", "input_message_content": content}
    scene.call("answerInlineQuery", inline_query_id=query["id"], results=[result])
    page.get_by_role("list", name="Inline results").get_by_role("button", name="GOLD-50 50 %").click()

    expect(page.locator(".message.own").last).to_contain_text("Code GOLD-50")
    expect(page.locator(".message.own .bubble-sender").last).to_have_text("You · via @promo_bot")
    assert serious(page) == []
    expect(page.get_by_label("Message", exact=True)).to_have_value("")


def inline_queries(scene: Scene) -> list[dict[str, Any]]:
    updates = scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")
    return [one["payload"] for one in updates if one["kind"] == "inline_query"]


def test_a_channel_is_connected_by_a_link_and_its_rights_are_changed(scene, open_page):
    scene.send(text="Connect: https://t.me/promo_bot?startchannel&admin=post_messages+edit_messages")
    page = open_page(chat_hash(scene))
    page.locator(".bubble-text a").last.click()
    dialog = page.get_by_role("dialog", name="Add Promo")
    expect(dialog.get_by_label("Post messages")).to_be_checked()
    expect(dialog.get_by_label("Delete messages of others")).not_to_be_checked()
    assert serious(page) == []
    dialog.get_by_label("Title").fill("My deals")
    dialog.get_by_role("button", name="Add as admin").click()
    expect(dialog).to_have_count(0)
    channel = scene.telegram.control("GET", "/chats")[0]
    member = channel["members"][str(scene.bot_id)]
    assert (channel["title"], member["can_post_messages"], member["can_edit_messages"]) == ("My deals", True, True)

    page.get_by_role("button", name="Back to chats").click()
    page.get_by_role("button", name="My deals").click()
    page.get_by_role("button", name="Rights of the bot").click()
    page.get_by_role("dialog").get_by_label("Post messages").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    refused = scene.call("sendMessage", chat_id=channel["id"], text="x")
    assert refused["description"] == "Bad Request: need administrator rights in the channel chat"
    page.get_by_role("button", name="Rights of the bot").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove from chat").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert scene.call("sendMessage", chat_id=channel["id"], text="x")["error_code"] == 403


def test_a_managed_bot_is_made_by_a_link(scene, open_page):
    scene.telegram.bot(token=scene.token, can_manage_bots=True)
    scene.send(text="https://t.me/newbot/promo_bot/shop_bot?name=Shop")
    page = open_page(chat_hash(scene))
    page.locator(".bubble-text a").last.click()
    dialog = page.get_by_role("dialog", name="A bot managed by Promo")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Shop")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_have_count(0)

    assert [bot["manager"] for bot in scene.telegram.control("GET", "/bots")] == [None, scene.bot_id]


def test_limits_and_clock_are_set_in_the_drawer(scene, open_page):
    page = open_page(chat_hash(scene))
    page.get_by_role("button", name="Calls and faults").click()
    page.get_by_role("tab", name="Faults").click()
    page.get_by_label("Enforce 30 a second").check()
    expect(page.locator(".toast")).to_contain_text("limits are enforced")
    before = scene.telegram.control("GET", "/clock")["now"]
    page.get_by_label("Push forward by, s").fill("3600")
    page.get_by_role("button", name="Push").click()
    expect(page.locator(".toast").last).to_contain_text("3600 s further")

    assert scene.telegram.control("GET", "/settings")["flood"] is True
    clock = scene.telegram.control("GET", "/clock")
    assert clock["frozen"]
    assert clock["now"] >= before + 3600


def test_the_drawer_shows_raw_calls_and_injects_faults(scene, open_page):
    page = open_page(chat_hash(scene))
    page.get_by_role("button", name="Calls and faults").click()
    upload(scene, "sendPhoto", "photo", png(300, 200), caption="raw caption")
    call = page.locator(".call", has_text="sendPhoto")
    call.locator("summary").click()
    expect(call.locator("pre")).to_contain_text('"caption": "raw caption"')
    expect(call.locator("pre")).to_contain_text("multipart/form-data")
    page.get_by_role("tab", name="Faults").click()
    page.get_by_label("What goes wrong").select_option("429")
    page.get_by_label("In which method").select_option("sendMessage")
    page.get_by_label("Seconds").fill("7")
    page.get_by_role("button", name="Inject").click()
    expect(page.locator(".fault", has_text="429")).to_contain_text("0 of 1 used")
    answer = scene.call("sendMessage", chat_id=scene.user_id, text="x")
    assert answer["parameters"] == {"retry_after": 7}
    expect(page.locator(".fault", has_text="429")).to_contain_text("1 of 1 used")


def test_a_link_opens_a_bot_with_its_payload(telegram, open_page):
    bot, person = telegram.bot(), telegram.person()
    page = open_page(f"/telegram/?bot=promo_bot&start=camp_7#{person['id']}")
    page.get_by_role("button", name="Start").click()

    expect(page.locator(".message.own")).to_contain_text("/start camp_7")
    assert telegram.messages(bot["id"], person["id"])[0]["message"]["text"] == "/start camp_7"


def test_the_keyboard_reaches_everything(scene, open_page):
    scene.send(reply_markup={"inline_keyboard": [[{"text": "Square", "callback_data": "sq"}]]})
    page = open_page(f"/telegram/#{scene.user_id}")
    page.get_by_role("button", name="Promo").focus()
    scene.send(text="news while the list has the focus")
    expect(page.get_by_role("button", name="Promo")).to_contain_text("news while")
    expect(page.get_by_role("button", name="Promo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    expect(page.locator(".message.own").last).to_contain_text("typed")
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Square":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Square")).to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["1440", "360"])
def test_axe_finds_nothing_serious_and_nothing_overflows(scene, open_page, viewport):
    upload(scene, "sendPhoto", "photo", png(300, 200), caption="Here it is", reply_markup=BUTTONS)
    upload(scene, "sendDocument", "document", b"text", caption="x" * 200)
    scene.send(text="<b>b</b> <code>c</code> <tg-spoiler>s</tg-spoiler> https://a.example", parse_mode="HTML",
               reply_markup=KEYBOARD)  # fmt: skip
    page = open_page(f"/telegram/#{scene.user_id}", viewport)
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_role("list", name="Chats")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Promo").click()
    expect(page.locator(".message")).to_have_count(4)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Calls and faults").click()
    expect(page.locator(".call").first).to_be_visible()
    assert serious(page) == []
    page.get_by_role("tab", name="Faults").click()
    expect(page.get_by_role("button", name="Inject")).to_be_visible()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_the_prefix_too(scene, open_page):
    page = open_page(f"/#{scene.user_id}/{scene.bot_id}:{scene.user_id}")

    expect(page.locator(".message.own")).to_contain_text("/start")
