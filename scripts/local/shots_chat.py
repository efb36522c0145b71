"""Pictures of the Telegram simulator's chat page, in a conversation with the demo bot. See scripts/shots."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from scripts.local.shot import Shot, Step, press

ANSWER_MS = 60_000
CODE = "SUMMER25"  # the FunderPro simulator knows it


def talk(*acts: Step) -> Step:
    """The bot's chat, begun by somebody new, then these acts."""

    def run(page: Page) -> None:
        press("New person")(page)
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").first.fill("Ada")
        dialog.locator("[type=submit]").click()
        page.locator("option:checked", has_text="Ada").wait_for(state="attached")
        page.locator(".chat-item", has_text="nothing written yet").first.click()
        press("Start")(page)
        said(page, "Send me your coupon code")
        for act in acts:
            act(page)

    return run


def said(page: Page, words: str) -> Locator:
    """A message of the bot with these words, once it is there."""
    message = page.locator(".message:not(.own)", has_text=words).last
    message.wait_for(timeout=ANSWER_MS)
    return message


def write(text: str, answer: str) -> Step:
    """Sends a message and waits for the answer's words."""

    def run(page: Page) -> None:
        page.get_by_label("Message", exact=True).fill(text)
        page.keyboard.press("Enter")
        said(page, answer)

    return run


def tap(button: str, answer: str) -> Step:
    """Taps the newest button of that name and waits for the answer's words."""

    def run(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).last.click()
        said(page, answer)

    return run


def press_tab(name: str) -> Step:
    """Chooses a tab of the drawer."""
    return lambda page: page.get_by_role("tab", name=name).click()


def connect_channel(page: Page) -> None:
    """By the link that the bot gives."""
    tap("Post to my channel", "No channel of yours")(page)
    page.get_by_role("link", name="Connect a channel").click()
    page.get_by_role("dialog").get_by_role("button", name="Add as admin").click()
    said(page, "Deals is connected")


def two_people(page: Page) -> None:
    """Two phones side by side, one with a picture and one begun; a narrow window shows one of them."""
    talk(GALLERY, PICTURE)(page)
    if not page.get_by_role("button", name="Two people").is_visible():
        return
    press("Two people")(page)
    other = page.locator(".phone").nth(1)
    other.locator(".chat-item", has_text="A bot").first.click()
    start = other.get_by_role("button", name="Start")
    start.or_(other.get_by_label("Message", exact=True)).first.wait_for()
    if start.is_visible():
        start.click()
    other.locator(".message:not(.own)").last.wait_for(timeout=ANSWER_MS)


def search_inline(text: str, found: str) -> Step:
    """Types after the bot's name until something like `found` shows above the field."""

    def run(page: Page) -> None:
        bot = page.locator(".phone-name p").inner_text().split()[0]
        page.get_by_label("Message", exact=True).fill(f"{bot} {text}")
        page.get_by_role("list", name="Inline results").locator(found).first.wait_for(timeout=ANSWER_MS)

    return run


def in_group(page: Page) -> None:
    """A group in which somebody speaks to the bot."""
    talk()(page)
    base = page.url.split("/telegram/")[0] + "/telegram/_control"
    bot = page.request.get(f"{base}/bots").json()[0]["username"]
    person = int(page.evaluate(PERSON))
    group = {"type": "supergroup", "title": "Traders", "members": [person]}
    chat = page.request.post(f"{base}/chats", data=group).json()["id"]
    page.request.post(f"{base}/chats/bot", data={"chat": chat, "bot": bot, "status": "member"})
    page.request.post(f"{base}/send", data={"chat": chat, "user": person, "text": f"/start@{bot}"})
    press("Back to chats")(page)
    page.locator(".chat-item", has_text="Traders").first.click()
    said(page, "private chat")


# The address names who is shown, and which chat.
PERSON = "() => location.hash.slice(1).split('/')[0]"
GALLERY = write(CODE, "Choose a format")
PICTURE = tap("Square", "?promo=")

CHAT = [
    Shot("telegram", "/telegram/"),
    Shot("telegram-gallery", "/telegram/", then=talk(GALLERY)),
    Shot("telegram-picture", "/telegram/", then=talk(GALLERY, PICTURE)),
    Shot("telegram-invalid", "/telegram/", then=talk(write("SUMER25", "is not valid"))),
    Shot("telegram-commands", "/telegram/", then=talk(press("Commands"))),
    Shot(
        "telegram-preview",
        "/telegram/",
        then=talk(GALLERY, PICTURE, connect_channel, tap("Post to my channel", "?promo=")),
    ),
    Shot("telegram-generate", "/telegram/", then=talk(GALLERY, write("/generate", "Choose a format"))),
    Shot(
        "telegram-further",
        "/telegram/",
        then=talk(GALLERY, PICTURE, tap("As a file", f"{CODE}.jpg"), tap("QR code", "opens the link")),
    ),
    Shot(
        "telegram-stop", "/telegram/", then=talk(write("/stop", "no more news"), write("/resume", "news of this bot"))
    ),
    Shot(
        "telegram-posted",
        "/telegram/",
        then=talk(
            GALLERY,
            PICTURE,
            connect_channel,
            tap("Post to my channel", "?promo="),
            tap("Post now", "Posted in Deals"),
        ),
    ),
    Shot("telegram-two", "/telegram/", then=two_people),
    Shot("telegram-inline", "/telegram/", then=talk(search_inline(CODE, "img"))),
    Shot("telegram-inline-refused", "/telegram/", then=talk(search_inline("SUMER25", ".lead"))),
    Shot("telegram-group", "/telegram/", then=in_group),
    Shot("telegram-faults", "/telegram/", then=talk(press("Calls and faults"), press_tab("Faults"))),
    Shot("telegram-calls", "/telegram/", then=talk(GALLERY, press("Calls and faults"))),
]
