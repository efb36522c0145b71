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


def connect_channel(page: Page) -> None:
    """By the link that the bot gives."""
    tap("Post to my channel", "No channel of yours")(page)
    page.get_by_role("link", name="Connect a channel").click()
    page.get_by_role("dialog").get_by_role("button", name="Add as admin").click()
    said(page, "Deals is connected")


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
    Shot("telegram-calls", "/telegram/", then=talk(GALLERY, press("Calls and faults"))),
]
