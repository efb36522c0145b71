"""Pictures of signals: the list, one signal's timeline, strategies, and the public record. See scripts/shots."""

from __future__ import annotations

from playwright.sync_api import Page

from scripts.local.shot import Shot, answer
from scripts.local.shots_signed_in import MEMBER, OWNER, refused

OTHER = "user_other_owner"
ALL, STRATEGIES, RECORD = "/#/signals/all", "/#/signals/strategies", "/record/?tenant=demo"
BACKTESTS = "/#/signals/backtests"


def open_first(page: Page) -> None:
    """The timeline of the newest signal."""
    page.locator("ps-table tbody a").first.click()
    page.get_by_role("heading", name="What happened").wait_for()


def open_messages(page: Page) -> None:
    """The messages of the newest published signal."""
    page.get_by_role("button", name="Published").click()
    page.locator("ps-table [data-signal]").first.click()
    page.get_by_role("dialog").wait_for()


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
