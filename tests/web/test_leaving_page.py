"""Settings → Your data: an export from the click to the file, the end of a workspace and its undoing, who may what."""

import base64
import json
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Stack
from tests.web.conftest import problems_at_each_size, problems_in_both_palettes
from tests.web.signed_in import PLATFORM, People

DATA = "#/settings/data"


@pytest.fixture
def work(stack: Stack):
    """Starts work/leaving as the tick does, and waits for its end."""
    running = json.loads((stack.data_dir / "run.json").read_text())
    credentials = base64.b64encode(running["values"]["FUNCTIONS_ACCESS_KEY"].encode()).decode()

    def start() -> dict[str, Any]:
        url = f"{running['url']}/api/v1/namespaces/_/actions/work/leaving?blocking=true&result=true"
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", headers, method="POST"), timeout=60) as answer:
            return json.load(answer)

    return start


def test_an_export_is_asked_for_made_and_downloaded(people: People, work, tmp_path: Path) -> None:
    subject, _ = people.owner_of_new("Data Takers")
    page = people.enter(subject, DATA)
    page.get_by_role("button", name="Make an export").click()
    expect(page.get_by_text("The export is being made.")).to_be_visible()
    expect(page.get_by_role("button", name="Make an export")).to_be_disabled()
    work()  # or the minute's own tick was quicker
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()  # the page has looked again by itself
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        [row] = archive.read("rows/tenants.jsonl").splitlines()
    assert manifest["tenant"]["name"] == json.loads(row)["name"] == "Data Takers"
    assert path.name.startswith("promostack-")


def test_a_workspace_is_closed_by_its_name_and_kept_after_all(people: People) -> None:
    subject, _ = people.owner_of_new("Short Lived")
    page = people.enter(subject, DATA)
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog", name="Delete Short Lived?")
    page.keyboard.type("short lived")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("exactly as it stands here")).to_be_visible()
    dialog.get_by_label("Type Short Lived to go on").fill("Short Lived")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Short Lived is deleted in 1")).to_be_visible()
    page.evaluate("location.hash = '#/settings/members'")
    expect(page.get_by_role("heading", name="Short Lived is deleted in 1")).to_be_visible()
    assert problems_in_both_palettes(page) == []
    page.get_by_role("button", name="Keep it after all").click()
    expect(page.get_by_text("Short Lived stays.")).to_be_visible()
    expect(page.get_by_role("heading", name="People of Short Lived")).to_be_visible()


def test_the_platform_deletes_with_a_reason_and_takes_it_back(people: People) -> None:
    _, tenant = people.owner_of_new("Ended By Us")
    page = people.enter(PLATFORM, f"#/tenants/{tenant['id']}", host="admin")
    page.get_by_role("button", name="Delete…").click()
    page.get_by_label("Reason").fill("asked for by letter")
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Deleted for good on")).to_be_visible()
    page.get_by_role("button", name="Keep it after all").click()
    expect(page.get_by_text("Ended By Us stays.")).to_be_visible()
    expect(page.get_by_role("button", name="Suspend…")).to_be_visible()


def test_the_page_is_accessible_and_fits(people: People) -> None:
    page: Page = people.enter("user_demo_owner", DATA)
    expect(page.get_by_role("heading", name="Everything in one file")).to_be_visible()
    assert problems_at_each_size(page) == []


def test_an_admin_sees_who_could(people: People) -> None:
    page = people.enter("user_demo_admin", DATA)
    expect(page.get_by_text("Only the owner can take everything along")).to_be_visible()
    expect(page.get_by_role("button", name="Make an export")).to_have_count(0)
