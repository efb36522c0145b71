"""Promo → Batches: from a list of codes to the file, what was left out, cancelling, who may what."""

import base64
import json
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import People

BATCHES = "#/promo/batches"


@pytest.fixture
def work(stack: Stack):
    """Starts work/batch as the tick does, and waits for its end."""
    running = json.loads((stack.data_dir / "run.json").read_text())
    credentials = base64.b64encode(running["values"]["FUNCTIONS_ACCESS_KEY"].encode()).decode()

    def start() -> dict[str, Any]:
        url = f"{running['url']}/api/v1/namespaces/_/actions/work/batch?blocking=true&result=true"
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", headers, method="POST"), timeout=60) as answer:
            return json.load(answer)

    return start


def ask(page: Page, codes: str) -> None:
    page.get_by_role("button", name="New batch").click()
    dialog = page.get_by_role("dialog", name="Pictures of many codes")
    dialog.get_by_label("Template").select_option("aurora")
    dialog.get_by_label("Story").uncheck()
    dialog.get_by_label("Feed").uncheck()
    dialog.get_by_label("Codes").fill(codes)
    dialog.get_by_role("button", name="Make the pictures").click()
    expect(dialog).to_be_hidden()


def test_a_list_of_codes_becomes_a_file(people: People, work, tmp_path: Path) -> None:
    page = people.enter("user_demo_owner", BATCHES)
    ask(page, "WELCOME-30\n###\n")
    expect(page.get_by_text("1 code is on the way.")).to_be_visible()
    expect(page.get_by_role("button", name="New batch")).to_be_disabled()
    work()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").first.click()  # the page has looked again by itself
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["WELCOME-30.jpg", "manifest.json"]
        assert json.loads(archive.read("manifest.json"))["formats"] == ["square"]
    page.get_by_text("1 row was left out").first.click()
    expect(page.get_by_text("Row 2, ###").first).to_be_visible()
    assert problems_at_each_size(page) == []


def test_a_batch_is_cancelled_and_members_look_on(people: People, work) -> None:
    page = people.enter("user_demo_owner", BATCHES)
    ask(page, "".join(f"WELCOME-{number}\n" for number in range(1_000)))  # more than the minute's tick could make
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The batch was cancelled.")).to_be_visible()
    expect(page.get_by_text("cancelled", exact=True).first).to_be_visible()
    work()
    member = people.enter("user_demo_member", BATCHES)
    expect(member.get_by_text("You can look, but not have pictures made.")).to_be_visible()
    expect(member.get_by_role("button", name="New batch")).to_have_count(0)
