"""Pictures of the outbox and of channel posts, with answers in which everything happens at once. See scripts/shots."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from scripts.local.shot import Shot, Step, answer, press
from scripts.local.shots_signed_in import MEMBER, OWNER, refused, steps

OTHER = "user_other_owner"
OUTBOX, POSTS = "/#/telegram/outbox", "/#/telegram/posts"
AT = "2026-03-02T09:00:00Z"
BOTS = [
    {"id": "b1", "username": "northwind_promo_bot", "state": "active"},
    {"id": "b2", "username": "northwind_traders_of_the_south_bot", "state": "paused"},
]
COUNTS = {"waiting": 2, "later": 14, "sending": 1, "failed": 3, "ambiguous": 1, "parked": 1}
LONG = "Golden Hour Trading: 25 % off every challenge until Sunday, with the code below. Tell your friends about it."


def letter(number: int, **more: Any) -> dict[str, Any]:
    """A message that failed, or whatever is said."""
    return {
        "id": f"k{number}", "bot_id": "b1", "bot": BOTS[0]["username"], "chat_id": 5_400_000_000 + number,
        "chat": None, "kind": "interactive", "method": "sendPhoto", "text": LONG, "has_picture": True, "source": None,
        "state": "failed", "why": "Telegram refused it: Wrong file identifier/HTTP URL specified.",
        "next": "Mend what Telegram names, then send it again.", "may_requeue": True, "may_cancel": False,
        "may_arrive_twice": False, "tries": 1, "due_at": AT, "created_at": AT, "finished_at": AT, **more,
    }  # fmt: skip


GONE = {"why": "The bot may not write in this chat any more.",
        "next": "Give the bot its rights back, for a channel with the link under Channel posts; it goes out then.",
        "may_cancel": True}  # fmt: skip
UNCLEAR = {"why": "Telegram gave no answer, so that it may have arrived or not.", "may_arrive_twice": True,
           "next": "Look into the chat. Send it again only if it is not there: it may arrive twice."}  # fmt: skip
WAITS = {"state": "waiting", "finished_at": None, "may_requeue": False, "may_cancel": True, "tries": 0}
LETTERS = [
    letter(1),
    letter(2, kind="post", chat_id=-1_001_234_567_890, chat="Gold news", **GONE),
    letter(3, kind="broadcast", state="ambiguous", **UNCLEAR),
    letter(4, method="sendMessage", has_picture=False, text="مرحبا، هذا رمزك الجديد", tries=8,
           why="Given up after 8 tries: Bad Gateway.", next="Send it again: such trouble is mostly over soon."),
    letter(5, why="Its time has not come.", next="Nothing to do: it goes out by itself.", kind="post", **WAITS),
    letter(6, why="", next="", state="sent", may_requeue=False),
]  # fmt: skip
PARKED = {
    "id": "b1:7", "bot_id": "b1", "bot": BOTS[0]["username"], "kind": "message", "person": 5_400_000_001, "name": "ann",
    "text": "gold-50", "why": "It could not be answered, three times in a row: KeyError.",
    "next": "Try it again once the reason is mended; it is answered within a minute.", "tries": 3, "may_retry": True,
    "received_at": AT,
}  # fmt: skip


def channel(number: int, title: str, **more: Any) -> dict[str, Any]:
    link = "https://t.me/northwind_promo_bot?startchannel&admin=post_messages+edit_messages"
    return {"id": f"c{number}", "title": title, "username": f"channel_{number}", "bot": BOTS[0]["username"],
            "state": "connected", "problem": None, "next": None, "link": link, "connected_at": AT, **more}  # fmt: skip


RIGHTS = (
    "The bot may not post in this channel. Give it the right “Post messages” among the channel's administrators, or "
    "connect the channel again; what waits for it is posted then."
)
CHANNELS = [
    channel(1, "Gold news"),
    channel(2, "Traders of the south, all of them together", state="broken", problem="no_rights", next=RIGHTS),
    channel(3, "Diskussion", username=None),
]


def post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"p{number}", "channel_id": "c1", "channel": "Gold news", "state": "posted", "change": "",
        "problem": None, "due_at": AT, "posted_at": AT, "caption": f"<b>{LONG}</b>", "code": "SUMMER25",
        "picture_url": "/shared/mark.svg", "link": "https://t.me/channel_1/7", "author": "member:m1",
        "created_at": AT, **more,
    }  # fmt: skip


UNSENT = {"posted_at": None, "link": None}
POSTED = [
    post(1, state="scheduled", **UNSENT),
    post(2),
    post(3, state="held", channel="Traders of the south, all of them together", **UNSENT),
    post(4, state="failed", problem="IMAGE_PROCESS_FAILED", **UNSENT),
    post(5, change="failed", problem="MEDIA_CAPTION_TOO_LONG", author="chat:5400000001"),
    post(6, state="deleted", link=None),
]
CONNECT = [{"bot": bot["username"], "link": CHANNELS[0]["link"]} for bot in BOTS]


def told(pattern: str, body: object) -> Step:
    return answer(pattern, 200, json.dumps(body))


OUTBOX_FULL = steps(
    told("**/client/outbox/counts", {**COUNTS, "counted_to": 10_000, "bots": [{**bot, **COUNTS} for bot in BOTS]}),
    told("**/client/outbox?*", {"items": LETTERS, "next": "more"}),
    told("**/client/outbox/parked?*", {"items": [PARKED, {**PARKED, "id": "b1:8", "may_retry": False}], "next": None}),
)
POSTS_FULL = steps(
    told("**/client/posts/channels", {"items": CHANNELS, "connect": CONNECT}),
    told("**/client/posts?*", {"items": POSTED, "next": None}),
)
DOWN = steps(
    answer("**/client/outbox?*", 503, refused(503, "unavailable")),
    answer("**/client/posts?*", 503, refused(503, "unavailable")),
)


def select_two(page: Page) -> None:
    """The first two messages are picked."""
    for box in page.locator("ps-table [data-pick]").all()[:2]:
        box.check()


def show_preview(page: Page) -> None:
    """The dialog of a new post with its preview, which answers itself."""
    picture = {"picture_url": "/shared/mark.svg", "width": 1080, "height": 1080, "caption": LONG, "characters": 90}
    told("**/client/posts/preview", {**picture, "posted_before": True})(page)
    page.get_by_role("button", name="New post").click()
    page.get_by_label("Code").fill("SUMMER25")
    page.get_by_role("button", name="Show the preview").click()
    page.get_by_label("At a time").check()


OUTBOX_SHOTS = [
    Shot("dash-outbox", OUTBOX, host="dash", person=OWNER, before=OUTBOX_FULL),
    Shot("dash-outbox-light", OUTBOX, host="dash", person=OWNER, before=OUTBOX_FULL, theme="light", whole=True),
    Shot("dash-outbox-picked", f"{OUTBOX}?show=all&bot=b1", host="dash", person=OWNER, before=OUTBOX_FULL,
         then=select_two),
    Shot("dash-outbox-parked", f"{OUTBOX}?show=parked", host="dash", person=OWNER, before=OUTBOX_FULL),
    Shot("dash-outbox-member", OUTBOX, host="dash", person=MEMBER, before=OUTBOX_FULL),
    Shot("dash-outbox-empty", OUTBOX, host="dash", person=OTHER),
    Shot("dash-outbox-down", OUTBOX, host="dash", person=OWNER, before=DOWN),
    Shot("dash-posts", POSTS, host="dash", person=OWNER, before=POSTS_FULL),
    Shot("dash-posts-whole-light", POSTS, host="dash", person=OWNER, before=POSTS_FULL, theme="light", whole=True),
    Shot("dash-posts-new", POSTS, host="dash", person=OWNER, before=POSTS_FULL, then=press("New post")),
    Shot("dash-posts-preview", POSTS, host="dash", person=OWNER, before=POSTS_FULL, then=show_preview),
    Shot("dash-posts-member", POSTS, host="dash", person=MEMBER, before=POSTS_FULL),
    Shot("dash-posts-empty", POSTS, host="dash", person=OTHER),
    Shot("dash-posts-down", POSTS, host="dash", person=OWNER, before=DOWN),
]  # fmt: skip
