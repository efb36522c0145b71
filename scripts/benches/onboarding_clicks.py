"""From signing up to the posted picture in Chromium, with the logo left out; how many clicks it takes."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, sync_playwright

from scripts.benches.onboarding_world import World
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.parity.site import chromium
from tests.web.start_walk import Walk


def walk(world: World) -> int:
    """Clicks and taps, those in Telegram included."""
    subject, owner = world.stranger(), world.user()
    chat = {"type": "channel", "title": "Gold deals", "username": f"c{uuid4().hex[:12]}", "members": [owner]}
    channel = {**world.telegram("POST", "/chats", **chat), "owner": owner}
    cookie = world.vendor("clerk", "POST", "sign-in", {"subject": subject})["cookie"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.add_cookies([{"name": "__client", "value": cookie, "domain": "dash.localhost", "path": "/"}])
        page = context.new_page()
        page.goto(world.address("dash"))
        gone = Walk(page, world.telegram, channel, _stay)
        gone.to_the_picture()
        browser.close()
    return gone.clicks


def _stay(page: Page) -> Page:
    return page
