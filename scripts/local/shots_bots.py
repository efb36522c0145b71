"""Pictures of the bots, of one bot in trouble, and of a chat. See scripts/shots."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from scripts.local.shot import Shot, Step, answer
from scripts.local.shots_signed_in import MEMBER, OWNER, refused, steps

OTHER = "user_other_owner"
BOTS = "/#/telegram/bots"
WELL = {"status": "ok", "problem": None, "next": None, "fix": None}
LONG = "A channel whose name is longer than what most people give to theirs"


def bot(number: int, name: str, health: dict[str, str | None] = WELL, **more: object) -> dict[str, object]:
    """A bot as the API tells it."""
    return {
        "id": f"0b6f7c1e-6f0e-4c55-9a53-1f6f6a0c2b1{number}", "username": name, "state": "active",
        "paused_reason": None, "health": health, "waiting": 0, "dead": 0, "parked": 0, "channels": 2,
        "webhook": {"checked_at": "2026-03-02T09:00:00Z", "pending": 0, "problem": None}, "lost_channels": [],
        "group_answer": "polite", "created_at": "2026-01-02T09:00:00Z", **more,
    }  # fmt: skip


REVOKED = bot(
    1,
    "gold_codes_bot",
    {
        "status": "broken",
        "problem": "Telegram refuses this bot's token.",
        "next": "Open @BotFather in Telegram, choose /mybots, @gold_codes_bot, “API Token”, copy the token and enter "
        "it here. What waits goes out then.",
        "fix": "token",
    },
    state="paused",
    waiting=1_001,
)
LOST = bot(
    2,
    "a_bot_with_a_rather_long_name_bot",
    {
        "status": "attention",
        "problem": f"The bot may not post in {LONG}. And 1 more.",
        "next": "Connect the channel again with the button beside it; what waits for it is posted then.",
        "fix": "channel",
    },
    lost_channels=[{"title": each, "problem": "no_rights", "link": "https://t.me/x"} for each in (LONG, "Gold")],
)
LIST = json.dumps({"items": [bot(3, "news_bot"), LOST, REVOKED]})
LINES = [
    ("out", "text", "You have won. Show this message at the counter.", "failed", "Forbidden: bot was blocked", 9),
    ("out", "picture", "Code <b>WELCOME-30</b>\nhttps://shop.example.com/?promo=WELCOME-30", "sent", None, 5),
    ("out", "button_answer", "", "sent", None, 5),
    ("in", "button", "Square", "done", None, 4),
    ("out", "text", "Code <b>WELCOME-30</b>. Choose a format to get the picture.", "sent", None, 3),
    ("in", "text", "welcome-30", "done", None, 2),
    ("in", "sticker", "", "parked", "TypeError", 1),
]
CHAT = json.dumps(
    {
        "items": [
            {
                "direction": direction, "what": what, "text": text, "state": state, "error": error, "kind": None,
                "at": f"2026-03-02T09:0{minute}:00Z", "finished_at": f"2026-03-02T09:0{minute}:01Z",
                "bot_id": "1", "bot": "gold_codes_bot",
            }
            for direction, what, text, state, error, minute in LINES
        ],
        "next": "more",
    }
)  # fmt: skip
RATE = {
    "per_s": 21.4, "in_last_minute": 512, "waiting": 340, "closed_s": 0,
    "seconds": [*[0] * 20, *(min(28, 3 * at) for at in range(12)), *[28, 27, 28, 26] * 7],
}  # fmt: skip


def one(shown: dict[str, object]) -> Step:
    """The API tells this bot."""
    return steps(
        answer(f"**/client/bots/{shown['id']}", 200, json.dumps(shown)),
        answer(f"**/client/bots/{shown['id']}/check", 200, json.dumps(shown)),
        answer(f"**/client/bots/{shown['id']}/rate", 200, json.dumps(RATE)),
    )


def several(page: Page) -> None:
    """The API tells three bots, two of them in trouble."""
    answer("**/client/bots", 200, LIST)(page)
    for shown in (REVOKED, LOST):
        answer(f"**/client/bots/{shown['id']}/check", 200, json.dumps(shown))(page)
    answer("**/client/bots/*3/check", 200, json.dumps(bot(3, "news_bot")))(page)


def open_token(page: Page) -> None:
    """The way from the sentence to the field."""
    page.get_by_role("button", name="Give it a new token").click()


_ONE = f"{BOTS}/{REVOKED['id']}"
_CHAT = "/#/telegram/bots/chats/700000001"
BOT_SHOTS = [
    Shot("dash-bots", BOTS, host="dash", person=OWNER),
    Shot("dash-bots-trouble", BOTS, host="dash", person=OWNER, before=several, whole=True),
    Shot("dash-bots-trouble-light", BOTS, host="dash", person=OWNER, before=several, theme="light", whole=True),
    Shot("dash-bots-empty", BOTS, host="dash", person=OTHER),
    Shot("dash-bots-down", BOTS, host="dash", person=OWNER, before=answer("**/client/bots", 503, refused(503, "down"))),
    Shot("dash-bot-revoked", _ONE, host="dash", person=OWNER, before=one(REVOKED), then=open_token, whole=True),
    Shot("dash-bot-revoked-light", _ONE, host="dash", person=OWNER, before=one(REVOKED), theme="light", whole=True),
    Shot("dash-bot-channels", f"{BOTS}/{LOST['id']}", host="dash", person=OWNER, before=one(LOST), whole=True),
    Shot("dash-bot-member", _ONE, host="dash", person=MEMBER, before=one(REVOKED), whole=True),
    Shot("dash-chat", _CHAT, host="dash", person=OWNER, before=answer("**/client/bots/chats/*", 200, CHAT), whole=True),
    Shot("dash-chat-none", "/#/telegram/bots/chats/1", host="dash", person=OWNER),
    Shot("dash-chat-member", _CHAT, host="dash", person=MEMBER),
]
