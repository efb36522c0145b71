"""Pictures of leaving, of handing a workspace over, and of a visit of the platform's people. See scripts/shots."""

from __future__ import annotations

from playwright.sync_api import Page

from scripts.local.shot import Shot, Step, press
from scripts.local.shots_signed_in import MEMBER, OWNER, PLATFORM, steps

DATA, MEMBERS = "/#/settings/data", "/#/settings/members"


def open_demo(page: Page) -> None:
    """The demo's page among the tenants, down to its figures."""
    page.get_by_label("Search", exact=True).fill("owner@demo.example")
    page.get_by_role("status").get_by_text("1 tenant").wait_for()
    page.locator("tbody a").first.click()
    page.get_by_role("list", name="Bots").scroll_into_view_if_needed()


def look_inside(view: str) -> Step:
    """Starts a visit and goes to a view of the dashboard."""

    def run(page: Page) -> None:
        open_demo(page)
        press("Look inside…")(page)
        page.get_by_label("Reason").fill("Codes are refused since noon, ticket 4711")
        page.get_by_role("dialog").get_by_role("button", name="Look inside").click()
        page.goto(page.get_by_role("link", name="Open the dashboard").get_attribute("href") or "")
        page.get_by_role("region", name="You are visiting").wait_for()
        page.evaluate(f"location.hash = '{view}'")

    return run


LEAVING_SHOTS = [
    Shot("dash-data", DATA, host="dash", person=OWNER),
    Shot("dash-data-light", DATA, host="dash", person=OWNER, theme="light"),
    Shot("dash-data-member", DATA, host="dash", person=MEMBER),
    Shot(
        "dash-data-delete",
        DATA,
        host="dash",
        person=OWNER,
        then=steps(press("Delete…"), lambda page: page.keyboard.type("another name\n")),
    ),
    Shot("dash-hand-over", MEMBERS, host="dash", person=OWNER, then=press("Make Mia Member the owner")),
    Shot("admin-tenant-usage", "/", host="admin", person=PLATFORM, then=open_demo),
    Shot("admin-tenant-delete", "/", host="admin", person=PLATFORM, then=steps(open_demo, press("Delete…"))),
    Shot("dash-visit", "/", host="admin", person=PLATFORM, then=look_inside("#/telegram/bots")),
    Shot("dash-visit-light", "/", host="admin", person=PLATFORM, theme="light", then=look_inside("#/settings/members")),
]
