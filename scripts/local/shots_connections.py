"""Pictures of the set-up, step by step, and of the connections. See scripts/shots."""

from __future__ import annotations

import json
from typing import Any

from scripts.local.shot import Shot, Step, answer, press
from scripts.local.shots_signed_in import MEMBER, OWNER, fill, refused, steps

START, CONNECTIONS = "/#/start", "/#/connections"
NAMES = ("telegram", "codes", "business", "done")
LONG = "A channel whose name is longer than what most people give to theirs"
ID = "0b6f7c1e-6f0e-4c55-9a53-1f6f6a0c2b1"
LINK = "https://t.me/golden_hour_codes_bot?startchannel&admin=post_messages+edit_messages"


def bot(number: int, name: str, problem: str | None = None, **more: object) -> dict[str, object]:
    """A bot as the API tells it."""
    following = "Copy the token from @BotFather and enter it here. What waits goes out then." if problem else None
    return {
        "id": f"{ID}{number}", "username": name, "roles": ["coupons"], "is_ready": not problem, "is_checked": True,
        "problem": problem, "next": following, "fix": "token" if problem else None, "link": LINK, **more,
    }  # fmt: skip


def channel(number: int, title: str, *, can_post: bool = True) -> dict[str, object]:
    """A channel as the API tells it."""
    return {
        "id": f"{ID}{number}", "number": "-1001234567890", "bot_id": f"{ID}1", "title": title, "username": "golden",
        "bot": "golden_hour_codes_bot", "can_post": can_post,
    }  # fmt: skip


def progress(done: int, do: str, title: str, text: str, **more: Any) -> str:
    """How far somebody is whose first `done` steps are behind him."""
    action = {"do": do, "title": title, "text": text}
    states = ["done"] * done + ["next"] + ["later"] * (3 - done)
    found = [
        {"name": name, "state": state, "missing": action if state == "next" else None}
        for name, state in zip(NAMES, states, strict=True)
    ]
    places = [{"kind": kind, "is_on": done > 1 and kind == "local", "is_ready": kind != "stripe"} for kind in PLACES]
    business = {"name": "Golden Hour", "support_email": None, "zone": "UTC", "logo_url": None, "template": None}
    bots = [bot(1, "golden_hour_codes_bot")] if done else []
    told = {"bots": bots, "channels": [channel(4, "Golden deals")] if done else []}
    return json.dumps(
        {"steps": found, "next": {"step": NAMES[done], **action}, "telegram": told, "codes": places, "post": None}
        | {"business": business, **more}
    )


PLACES = ("local", "funderpro", "stripe")
WELL = {"status": "ok", "problem": None, "next": None}


def vendor(kind: str, name: str, **more: object) -> dict[str, object]:
    """A service as the API tells it."""
    known = {
        "kind": kind, "name": name, "is_connected": bool(more), "last4": "", "connected_at": None, "checked_at": None,
        "status": None, "problem": None, "next": None, "mode": None, "account": None, "product_ids": [],
    }  # fmt: skip
    return known | more


VENDORS = [
    vendor(
        "stripe", "Stripe", **WELL, last4="q9Zk", mode="live", account="acct_1QxLocal", checked_at="2026-03-02T09:00Z"
    ),
    vendor(
        "funderpro",
        "FunderPro",
        status="attention",
        problem="FunderPro does not answer now.",
        next="Nothing is lost. Try again in a minute.",
        product_ids=["gold-100k"],
        checked_at="2026-03-02T09:00Z",
    ),
    vendor(
        "twelve_data",
        "Twelve Data",
        status="broken",
        problem="This key may not read the price of gold (XAU/USD) on its plan.",
        next="Give it that right at Twelve Data, or enter another key.",
        last4="77fd",
        checked_at="2026-03-02T09:00Z",
    ),
    vendor("openai", "OpenAI"),
]
TELEGRAM = {
    "bots": [
        bot(1, "golden_hour_codes_bot", roles=["coupons", "signals"]),
        bot(2, "a_bot_with_a_rather_long_name_bot", "Telegram refuses this bot's token."),
    ],
    "channels": [channel(4, "Golden deals"), channel(5, LONG, can_post=False)],
}


def connected(page: Any) -> None:
    """Two bots and three services, in every state."""
    answer("**/client/connections", 200, json.dumps({"telegram": TELEGRAM}))(page)
    answer("**/client/vendors", 200, json.dumps({"items": VENDORS}))(page)


def at(done: int, do: str, title: str, text: str = "", **more: Any) -> Step:
    """The API tells that somebody is so far."""
    return answer("**/client/onboarding", 200, progress(done, do, title, text, **more))


PALETTES = json.dumps(
    {
        "items": [
            {"background": ground, "accent": ink} for ground, ink in (("#0B1739", "#8B7BFF"), ("#C81020", "#FFE9C7"))
        ]
    }
)
FIRST = at(0, "connect_bot", "Connect your bot", "It answers people and posts in your channels.")
COLOURS = steps(
    at(2, "make_template", "Make your first template", "Choose colours: a first template is made from them."),
    answer("**/client/onboarding/palettes", 200, PALETTES),
)
REFUSED = answer(
    "**/client/connections/bots",
    409,
    refused(409, "bot_taken", "This bot is connected elsewhere; disconnect it there first."),
)
TWICE = "The same picture with the same caption is in this channel already; post it again?"
CONNECTION_SHOTS = [
    Shot("dash-set-up-bot", START, host="dash", person=OWNER, before=FIRST, whole=True),
    Shot("dash-set-up-bot-light", START, host="dash", person=OWNER, before=FIRST, theme="light", whole=True),
    Shot(
        "dash-set-up-bot-taken",
        START,
        host="dash",
        person=OWNER,
        before=steps(FIRST, REFUSED),
        then=steps(fill("Token", f"7310000001:{'A' * 35}"), press("Connect the bot")),
        whole=True,
    ),
    Shot(
        "dash-set-up-codes",
        START,
        host="dash",
        person=OWNER,
        before=at(1, "choose_codes", "Choose where codes are checked", "Both can be changed later."),
        whole=True,
    ),
    Shot("dash-set-up-colours", START, host="dash", person=OWNER, before=COLOURS, whole=True),
    Shot(
        "dash-set-up-post",
        START,
        host="dash",
        person=OWNER,
        before=at(3, "post", "Post your first picture", "Your bot posts it in your channel, with your code on it."),
        whole=True,
    ),
    Shot(
        "dash-set-up-post-again",
        START,
        host="dash",
        person=OWNER,
        before=steps(
            at(3, "post", "Post your first picture", "Your bot posts it in your channel, with your code on it."),
            answer("**/client/coupons", 201, "{}"),
            answer("**/client/posts/preview", 200, json.dumps({"caption": "Gold"})),
            answer("**/client/posts", 409, refused(409, "posted_before", TWICE)),
        ),
        then=press("Post it"),
        whole=True,
    ),
    Shot("dash-set-up-member", START, host="dash", person=MEMBER, before=FIRST, whole=True),
    Shot("dash-start-new", "/", host="dash", person=OWNER, before=FIRST),
    Shot("dash-connections", CONNECTIONS, host="dash", person=OWNER, before=connected, whole=True),
    Shot("dash-connections-light", CONNECTIONS, host="dash", person=OWNER, before=connected, theme="light", whole=True),
    Shot("dash-connections-real", CONNECTIONS, host="dash", person=OWNER, whole=True),
    Shot(
        "dash-connections-key",
        CONNECTIONS,
        host="dash",
        person=OWNER,
        before=connected,
        then=press("Replace the key of Stripe"),
    ),
    Shot("dash-connections-member", CONNECTIONS, host="dash", person=MEMBER, before=connected, whole=True),
    Shot(
        "dash-connections-down",
        CONNECTIONS,
        host="dash",
        person=OWNER,
        before=answer("**/client/vendors", 503, refused(503, "down")),
    ),
]
