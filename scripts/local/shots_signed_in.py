"""Pictures of signing in, of what stands in its way, and of what is behind it. See scripts/shots."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from scripts.local.shot import Shot, Step, answer, press

OWNER, MEMBER, BOTH, NEW, PLATFORM = (
    f"user_{name}" for name in ("demo_owner", "demo_member", "both", "new", "platform")
)
LONG_NAME = "A name that is longer than most of the names which people give to their business"
TENANT = {
    "id": "0b6f7c1e-6f0e-4c55-9a53-1f6f6a0c2b11", "slug": "golden-hour", "name": LONG_NAME, "state": "suspended",
    "owner_email": "owner@golden-hour.example", "members": 3, "created_at": "2026-03-02T09:00:00Z",
    "state_reason": "Chargebacks; ticket 4711", "audit": [],
}  # fmt: skip
STORED = {"files": 1_204, "bytes": 312_000_000}
USAGE = {
    "days": 30, "update_hours": 24, "sent": 1_204_331, "failed": 12, "waiting": 8_400,
    "waiting_since": "2026-03-02T09:00:00Z", "updates": 41_903, "updates_waiting": 318, "updates_parked": 3,
    "pictures": 52_118, "people": 19_240, "used_at": "2026-03-02T09:00:00Z", "changed_at": None,
    "stored_pictures": STORED, "stored_uploads": STORED, "stored_exports": STORED,
    "bots": [
        {"username": "golden_hour_bot", "state": "suspended", "status": "broken", "problem": "It stands still.",
         "checked_at": "2026-03-02T09:00:00Z"},
        {"username": "golden_signals_with_a_long_name_bot", "state": "paused", "status": "broken",
         "problem": "Telegram refuses this bot's token.", "checked_at": None},
    ],
}  # fmt: skip
CURRENT = {"id": TENANT["id"], "slug": "golden-hour", "name": "Golden Hour", "role": "owner", "state": "suspended"}
SUSPENDED = {
    "user": {"id": None, "email": "owner@demo.example", "name": "Olivia Owner"},
    "tenants": [CURRENT], "current": {**CURRENT, "permissions": []},
    "invitations": [{
        "id": "1", "tenant_id": "2", "tenant": LONG_NAME, "role": "admin", "invited_by": "owner@golden-hour.example",
        "expires_at": "2026-12-02T09:00:00Z",
    }],
}  # fmt: skip


def refused(status: int, code: str, message: str = "", **fields: str) -> str:
    """The body of a refusal."""
    error = {"code": code, "message": message, "request_id": "5f2c1e0b9a", "fields": fields}
    return json.dumps({"error": error})


def steps(*each: Step) -> Step:
    """One after another."""

    def run(page: Page) -> None:
        for step in each:
            step(page)

    return run


def fill(label: str, value: str) -> Step:
    """Types into a field."""
    return lambda page: page.get_by_label(label, exact=True).fill(value)


def submit_login(page: Page) -> None:
    """Sends the password form."""
    fill("E-mail", "platform@promostack.example")(page)
    fill("Password", "a guess")(page)
    press("Sign in with password")(page)


def end_session(page: Page) -> None:
    """Somebody is typing when the server refuses the session."""
    answer("**/client/settings", 401, refused(401, "not_signed_in", "Sign in to go on."))(page)
    steps(fill("Time zone", "Europe/Berlin"), press("Save"))(page)


def sign_out_elsewhere(page: Page) -> None:
    """In a second tab of the same browser."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("heading", name="People of").wait_for()
    press("You")(other)
    other.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("heading", name="You signed out in another tab").wait_for()


def choose_logo(page: Page) -> None:
    """A file that is not a picture."""
    file = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    page.locator("input[type=file]").set_input_files([file])


def first_row(page: Page) -> None:
    """Opens the first of a list."""
    page.locator("tbody a").first.click()
    page.get_by_role("heading", name="Latest in its audit log").wait_for()


def wait_for_provider(page: Page) -> None:
    """clerk-js asks several times before it gives up."""
    page.get_by_role("heading", name="Sign-in cannot be reached").wait_for(timeout=30_000)


PROVIDER_DOWN = answer("**/clerk/v1/**", 503, '{"errors":[]}')
WRONG_HOST = answer("**/api/client/session", 403, refused(403, "host_refused", "This address does not answer here."))
SESSION = "**/api/client/session"

SIGNED_IN = [
    Shot("signin-local-page", "/clerk/sign-in", host="dash"),
    Shot("signin-provider-down", "/", host="dash", before=PROVIDER_DOWN, then=wait_for_provider),
    Shot("signin-wrong-host", "/", host="dash", person=OWNER, before=WRONG_HOST),
    Shot("signin-loading", "/", host="dash", person=OWNER, before=lambda page: page.route(SESSION, lambda _: None)),
    Shot("signin-service-down", "/", host="dash", person=OWNER, before=answer(SESSION, 503, refused(503, "down"))),
    Shot("signin-elsewhere", "/#/settings/members", host="dash", person=OWNER, then=sign_out_elsewhere),
    Shot("signin-ended", "/#/settings/general", host="dash", person=OWNER, then=end_session),
    Shot("signin-first-visit", "/", host="dash", person=NEW, then=press("Create workspace")),
    Shot("signin-link-closed", "/#/join/1/2", host="dash", person=NEW),
    Shot("signin-suspended", "/", host="dash", person=OWNER, before=answer(SESSION, 200, json.dumps(SUSPENDED))),
    Shot("dash-start", "/", host="dash", person=OWNER),
    Shot("dash-start-light", "/", host="dash", person=OWNER, theme="light"),
    Shot("dash-switcher", "/", host="dash", person=BOTH, then=press("You")),
    Shot("dash-general", "/#/settings/general", host="dash", person=OWNER),
    Shot("dash-general-light", "/#/settings/general", host="dash", person=OWNER, theme="light"),
    Shot(
        "dash-general-wrong",
        "/#/settings/general",
        host="dash",
        person=OWNER,
        then=steps(fill("Referral link (optional)", "http://shop.example"), fill("Time zone", "Moon"), press("Save")),
    ),
    Shot(
        "dash-general-leaving",
        "/#/settings/general",
        host="dash",
        person=OWNER,
        then=steps(fill("Time zone", "Asia/Tokyo"), lambda page: page.evaluate("location.hash = '#/settings/audit'")),
    ),
    Shot("dash-general-member", "/#/settings/general", host="dash", person=MEMBER),
    Shot("dash-logo-refused", "/#/settings/general", host="dash", person=OWNER, then=choose_logo),
    Shot("dash-members", "/#/settings/members", host="dash", person=OWNER),
    Shot("dash-members-member", "/#/settings/members", host="dash", person=MEMBER),
    Shot("dash-members-remove", "/#/settings/members", host="dash", person=OWNER, then=press("Remove Mia Member")),
    Shot("dash-audit", "/#/settings/audit", host="dash", person=OWNER),
    Shot("dash-audit-member", "/#/settings/audit", host="dash", person=MEMBER),
    Shot("admin-wrong-password", "/", host="admin", then=submit_login),
    Shot("admin-stranger", "/", host="admin", person=OWNER),
    Shot("admin-tenants", "/", host="admin", person=PLATFORM),
    Shot("admin-tenants-light", "/", host="admin", person=PLATFORM, theme="light"),
    Shot("admin-tenants-none", "/#/?q=nobody", host="admin", person=PLATFORM),
    Shot("admin-tenant", "/", host="admin", person=PLATFORM, then=first_row),
    Shot("admin-tenant-suspend", "/", host="admin", person=PLATFORM, then=steps(first_row, press("Suspend…"))),
    Shot(
        "admin-tenant-suspended",
        f"/#/tenants/{TENANT['id']}",
        host="admin",
        person=PLATFORM,
        before=steps(
            answer("**/admin/tenants/*", 200, json.dumps(TENANT)),
            answer("**/admin/tenants/*/usage", 200, json.dumps(USAGE)),
        ),
    ),
    Shot("admin-refusals", "/#/operations/refusals", host="admin", person=PLATFORM),
    Shot("admin-sessions", "/#/operations/sessions", host="admin", person=PLATFORM),
]
