"""Pictures of signals: the list, one signal's timeline, strategies, and the public record. See scripts/shots."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from scripts.local.shot import Shot, answer
from scripts.local.shots_signed_in import MEMBER, OWNER, refused

OTHER = "user_other_owner"
ALL, STRATEGIES, RECORD = "/#/signals/all", "/#/signals/strategies", "/record/?tenant=demo"
BACKTESTS, MESSAGES = "/#/signals/backtests", "/#/signals/messages"
LINES = json.dumps({
    "items": [
        {"signal": f"aggressive-20260305T{at}", "asked_at": "2026-03-05T10:45:02Z", "outcome": outcome, "draft": draft,
         "took_ms": 1240, "line": "The plan enters at 2100.50; under 2095.10 its reason is gone.", "faults": faults}
        for at, outcome, draft, faults in (
            ("1045", "used", "Momentum turned up; entry {entry}, over at {stop}.", []),
            ("1030", "refused", "Sell at {entry}, forty dollars are sure.",
             [{"kind": "direction", "found": "sell"}, {"kind": "number", "found": "forty"}]),
            ("1015", "slow", "", []),
        )
    ],
    "next": None,
})  # fmt: skip


def open_first(page: Page) -> None:
    """The timeline of the newest signal."""
    page.locator("ps-table tbody a").first.click()
    page.get_by_role("heading", name="What happened").wait_for()


def open_messages(page: Page) -> None:
    """The messages of the newest published signal."""
    page.get_by_role("button", name="Published").click()
    page.locator("ps-table [data-signal]").first.click()
    page.get_by_role("dialog").wait_for()


def add_rule(page: Page) -> None:
    """The form of one's own rules, with one more than it begins with."""
    page.get_by_role("button", name="Build rules").click()
    page.get_by_role("button", name="Add a condition: All of these").click()


SIGNALS = [
    Shot("dash-signals", ALL, host="dash", person=OWNER, whole=True),
    Shot("dash-signals-light", ALL, host="dash", person=OWNER, theme="light"),
    Shot("dash-signals-empty", ALL, host="dash", person=OTHER),
    Shot("dash-signal", ALL, host="dash", person=OWNER, then=open_first, whole=True),
    Shot(
        "dash-signals-down",
        ALL,
        host="dash",
        person=OWNER,
        before=answer("**/client/signals/desk", 503, refused(503, "unavailable")),
    ),
    Shot("dash-strategies", STRATEGIES, host="dash", person=OWNER, whole=True),
    Shot("dash-strategies-light", STRATEGIES, host="dash", person=OWNER, theme="light"),
    Shot("dash-strategies-member", STRATEGIES, host="dash", person=MEMBER),
    Shot("dash-strategies-rules", STRATEGIES, host="dash", person=OWNER, then=add_rule),
    Shot("dash-messages", MESSAGES, host="dash", person=OWNER, whole=True),
    Shot(
        "dash-messages-lines",
        MESSAGES,
        host="dash",
        person=OWNER,
        whole=True,
        before=answer("**/client/signals/telling/lines*", 200, LINES),
    ),
    Shot("dash-messages-light", MESSAGES, host="dash", person=OWNER, theme="light"),
    Shot("dash-messages-member", MESSAGES, host="dash", person=MEMBER),
    Shot("dash-backtests", BACKTESTS, host="dash", person=OWNER, whole=True),
    Shot("dash-backtests-light", BACKTESTS, host="dash", person=OWNER, theme="light"),
    Shot("dash-backtests-empty", BACKTESTS, host="dash", person=OTHER),
    Shot("dash-backtests-member", BACKTESTS, host="dash", person=MEMBER),
    Shot("record", RECORD, whole=True),
    Shot("record-light", RECORD, theme="light"),
    Shot("record-signal", RECORD, then=open_messages),
    Shot("record-empty", "/record/?tenant=northwind"),
    Shot("record-no-tenant", "/record/?tenant=nobody"),
]
