"""Pictures of the batches page. See scripts/shots."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from scripts.local.shot import Shot, answer
from scripts.local.shots_signed_in import MEMBER, OWNER

BATCHES = "/#/promo/batches"
_ONE = {
    "template": "aurora", "formats": ["square", "story"], "output": "jpeg", "scale": 1, "codes_total": 1200,
    "codes_done": 0, "pictures": 0, "left_out": [], "left_out_total": 0, "bytes": 0, "finished_at": None,
    "created_at": "2026-11-20T09:30:00Z", "expires_at": None,
}  # fmt: skip
LEFT_OUT = [
    {
        "row": 17,
        "text": "SUMER-25",
        "reason": "This code is not valid. Check its spelling, or ask whoever gave it to you.",
    },
    {"row": 230, "text": "###", "reason": "A code needs at least one letter A-Z or digit."},
]
ITEMS = [
    {**_ONE, "id": "5", "state": "running", "codes_done": 400, "pictures": 834},
    {**_ONE, "id": "4", "state": "done", "codes_done": 1200, "pictures": 2396, "bytes": 301_000_000,
     "left_out": LEFT_OUT, "left_out_total": 2, "expires_at": "2026-11-27T09:31:00Z"},
    {**_ONE, "id": "3", "state": "cancelled", "formats": ["square"]},
    {**_ONE, "id": "2", "state": "failed", "template": "golden-hour"},
    {**_ONE, "id": "1", "state": "expired", "pictures": 2400},
]  # fmt: skip
SOME = answer("**/client/batches", 200, json.dumps({"items": ITEMS}))
NONE = answer("**/client/batches", 200, '{"items":[]}')
DOWN = answer("**/client/batches", 503, '{"error":{"code":"unavailable","message":"","request_id":"5f2c1e0b9a"}}')


def open_list(page: Page) -> None:
    page.get_by_text("2 rows were left out").click()


def ask(page: Page) -> None:
    page.get_by_role("button", name="New batch").click()
    dialog = page.get_by_role("dialog", name="Pictures of many codes")
    dialog.get_by_label("Square").wait_for()
    dialog.get_by_label("Codes").fill("WELCOME-30\nSUMMER25\n")


def ask_without(page: Page) -> None:
    ask(page)
    dialog = page.get_by_role("dialog", name="Pictures of many codes")
    dialog.get_by_label("Codes").fill("")
    dialog.get_by_role("button", name="Make the pictures").click()


BATCH_SHOTS = [
    Shot("dash-batches", BATCHES, host="dash", person=OWNER, before=SOME, then=open_list),
    Shot("dash-batches-light", BATCHES, host="dash", person=OWNER, theme="light", before=SOME),
    Shot("dash-batches-none", BATCHES, host="dash", person=OWNER, before=NONE),
    Shot("dash-batches-down", BATCHES, host="dash", person=OWNER, before=DOWN),
    Shot("dash-batches-member", BATCHES, host="dash", person=MEMBER, before=SOME),
    Shot("dash-batches-ask", BATCHES, host="dash", person=OWNER, before=NONE, then=ask),
    Shot("dash-batches-ask-wrong", BATCHES, host="dash", person=OWNER, before=NONE, then=ask_without),
]
