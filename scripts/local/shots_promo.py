"""Pictures of the figures of bots and of the workspace's own codes. See scripts/shots."""

from __future__ import annotations

from playwright.sync_api import Page

from scripts.local.shot import Shot, Step, answer, press
from scripts.local.shots_signed_in import MEMBER, OWNER, refused

OTHER = "user_other_owner"
FIGURES, COUPONS, TEMPLATES = "/#/telegram/analytics", "/#/promo/coupons", "/#/promo/templates"
EDITOR = f"{TEMPLATES}/aurora/edit"


def choose(label: str) -> Step:
    """Chooses one of a few by its label."""
    return lambda page: page.get_by_role("radio", name=label).check()


def open_numbers(page: Page) -> None:
    """The table behind the chart."""
    page.get_by_text("Show the numbers as a table").click()


def open_person(page: Page) -> None:
    """The history of the first person in the list."""
    page.locator("ps-table[data-table=people] a").first.click()
    page.get_by_role("heading", name="Person ", level=2).wait_for()


PROMO = [
    Shot("dash-analytics", FIGURES, host="dash", person=OWNER),
    Shot("dash-analytics-whole", FIGURES, host="dash", person=OWNER, whole=True),
    Shot("dash-analytics-hours-light", f"{FIGURES}?days=7&unit=hour", host="dash", person=OWNER, theme="light"),
    Shot("dash-analytics-light", FIGURES, host="dash", person=OWNER, theme="light", whole=True),
    Shot("dash-analytics-custom", FIGURES, host="dash", person=OWNER, then=choose("Custom")),
    Shot("dash-analytics-table", FIGURES, host="dash", person=OWNER, then=open_numbers, whole=True),
    Shot("dash-analytics-member", FIGURES, host="dash", person=MEMBER, whole=True),
    Shot("dash-analytics-empty", FIGURES, host="dash", person=OTHER),
    Shot(
        "dash-analytics-down",
        FIGURES,
        host="dash",
        person=OWNER,
        before=answer("**/client/analytics?*", 503, refused(503, "unavailable")),
    ),
    Shot(
        "dash-analytics-loading",
        FIGURES,
        host="dash",
        person=OWNER,
        before=lambda page: page.route("**/client/analytics?*", lambda _: None),
    ),
    Shot("dash-templates", TEMPLATES, host="dash", person=OWNER),
    Shot("dash-templates-light", TEMPLATES, host="dash", person=OWNER, theme="light"),
    Shot("dash-templates-member", TEMPLATES, host="dash", person=MEMBER),
    Shot("dash-templates-empty", TEMPLATES, host="dash", person=OTHER),
    Shot("dash-templates-new", TEMPLATES, host="dash", person=OWNER, then=press("New template")),
    Shot("dash-editor", EDITOR, host="dash", person=OWNER, then=press("code · {code}")),
    Shot("dash-editor-light", EDITOR, host="dash", person=OWNER, theme="light", then=press("Background and fields")),
    Shot("dash-editor-whole", EDITOR, host="dash", person=OWNER, then=press("headline · {headline}"), whole=True),
    Shot("dash-editor-member", EDITOR, host="dash", person=MEMBER),
    Shot("dash-coupons", COUPONS, host="dash", person=OWNER),
    Shot("dash-coupons-light", COUPONS, host="dash", person=OWNER, theme="light"),
    Shot("dash-coupons-edit", COUPONS, host="dash", person=OWNER, then=press("Edit LAUNCH")),
    Shot("dash-coupons-redeem", COUPONS, host="dash", person=OWNER, then=press("Redeem LAUNCH")),
    Shot("dash-coupons-member", COUPONS, host="dash", person=MEMBER),
    Shot("dash-coupons-empty", COUPONS, host="dash", person=OTHER),
    Shot("dash-person", FIGURES, host="dash", person=OWNER, then=open_person),
]
