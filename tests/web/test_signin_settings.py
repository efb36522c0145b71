"""The account's settings on dash: the form, the logo, the people, the log; what a role may not do is not offered."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.conftest import problems_at_each_size
from tests.web.signed_in import People, refusal

Open = Callable[..., Page]


def test_the_form_says_in_words_what_is_wrong(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/general")
    for label, value, problem in [
        ("Name", " ", "Type a name."),
        ("Referral link", "http://x.example/{code}", "Start with https:// and type a whole address."),
        ("Referral link", "https://x.example/", "Write {code} once, where the code belongs."),
        ("Time zone", "Moon/Base", "Choose a zone from the list, like Europe/Berlin."),
        ("Support e-mail", "help", "Type an address like help@example.com."),
    ]:
        field = page.get_by_label(label, exact=label == "Name")
        field.fill(value)
        field.press("Enter")
        expect(page.get_by_text(problem)).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
        page.get_by_role("button", name="Discard").click()
        expect(page.get_by_text(problem)).to_have_count(0)


def test_saving_can_be_undone(people: People) -> None:
    subject, _ = people.owner_of_new("Second Thoughts")
    page = people.enter(subject, "#/settings/general")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Time zone").press("Enter")
    expect(page.get_by_text("Settings saved.")).to_be_visible()
    assert people.api(subject, "GET", "client/settings")["zone"] == "Europe/Berlin"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    assert people.api(subject, "GET", "client/settings")["zone"] == "UTC"


def test_undo_keeps_what_was_typed_since(people: People) -> None:
    subject, _ = people.owner_of_new("Third Thoughts")
    page = people.enter(subject, "#/settings/general")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Time zone").press("Enter")
    expect(page.get_by_text("Settings saved.")).to_be_visible()
    page.get_by_label("Support e-mail").fill("typed@since.example")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    expect(page.get_by_label("Support e-mail")).to_have_value("typed@since.example")
    expect(page.get_by_text("Not saved yet: Support e-mail")).to_be_visible()


def test_what_the_server_refuses_stands_beside_its_field(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/general")
    page.get_by_label("Support e-mail").fill("help@demo.example")
    answers = [
        refusal(422, "unprocessable", "Look at the fields again.", support_email="This domain takes no mail."),
        refusal(403, "not_allowed", "You are not allowed to do that; an owner of the account can."),
    ]
    page.route("**/client/settings", lambda route: route.fulfill(**answers.pop(0)), times=2)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This domain takes no mail.")).to_be_visible()
    expect(page.get_by_label("Support e-mail")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("an owner of the account can")).to_be_visible()
    expect(page.get_by_text("req-0123456789")).to_be_visible()
    page.get_by_role("button", name="Discard").click()


def test_leaving_with_unsaved_changes_asks_first(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/members")
    expect(page.get_by_role("heading", name="People of Northwind")).to_be_visible()
    page.get_by_role("link", name="General").click()
    page.get_by_label("Support e-mail").fill("soon@demo.example")
    dialog = page.get_by_role("dialog", name="Leave without saving?")

    page.get_by_role("link", name="Audit log").click()
    expect(dialog.get_by_text("Support e-mail")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(re.compile("#/settings/general$"))
    expect(page.get_by_label("Support e-mail")).to_have_value("soon@demo.example")

    page.go_back()
    dialog.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_label("Support e-mail")).to_have_count(0)


def test_a_member_looks_but_does_not_change(people: People) -> None:
    page = people.enter("user_demo_member", "#/settings/general")
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example) for the role of admin.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    expect(page.get_by_text("Choose a logo")).to_have_count(0)
    page.evaluate("location.hash = '#/settings/members'")
    expect(page.get_by_role("row", name="Mia Member (you)").get_by_role("button", name="Leave")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)


def test_a_logo_is_chosen_removed_and_brought_back(people: People) -> None:
    subject, _ = people.owner_of_new("Logo Makers")
    page = people.enter(subject, "#/settings/general")
    choose(page, "logo.png", "image/png", picture("#f28c28"))
    expect(page.get_by_role("img", name="The logo of this workspace")).to_be_visible()
    expect(page.get_by_text("The logo is changed.")).to_be_visible()

    page.get_by_role("button", name="Remove the logo").click()
    expect(page.get_by_role("img", name="The logo of this workspace")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("img", name="The logo of this workspace")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.logo-preview img').naturalWidth > 0")
    assert people.api(subject, "GET", "client/settings")["logo_url"]


def test_a_logo_is_removed_even_when_its_file_cannot_be_had(people: People) -> None:
    subject, _ = people.owner_of_new("Lost Logo")
    page = people.enter(subject, "#/settings/general")
    choose(page, "logo.png", "image/png", picture("#28f28c"))
    shown = page.get_by_role("img", name="The logo of this workspace")
    expect(shown).to_be_visible()
    # The first time the server only seems to remove it, so that there is one for the second time.
    page.route("**/client/settings/logo", lambda route: route.fulfill(json={}), times=1)
    for answer in ["new Response('', { status: 404 })", "Promise.reject(new TypeError('none'))"]:
        page.reload()
        expect(shown).to_be_visible()
        # In the page, because the browser would log a file that is missing as an error of ours.
        page.evaluate(
            f"""() => {{
              const ask = window.fetch;
              window.fetch = async (...call) => String(call[0]).includes('/logo.') ? {answer} : ask(...call);
            }}"""
        )
        page.get_by_role("button", name="Remove the logo").click()
        expect(page.get_by_text("The logo is removed.")).to_be_visible()
        expect(shown).to_have_count(0)
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert people.api(subject, "GET", "client/settings")["logo_url"] is None


def test_a_file_that_cannot_be_a_logo_is_not_sent(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/general")
    page.route("**/client/uploads", lambda route: pytest.fail("it was sent"))
    choose(page, "notes.txt", "text/plain", b"hello")
    expect(page.get_by_text("not a PNG, JPEG, WebP or SVG")).to_be_visible()
    choose(page, "none.png", "image/png", b"")
    expect(page.get_by_text("This file is empty")).to_be_visible()
    drop(page, "big.png", "image/png", "new Uint8Array(10_000_001)")
    expect(page.get_by_text("larger than 10 MB")).to_be_visible()


def test_a_refused_picture_says_why_and_the_old_one_stays(people: People) -> None:
    subject, _ = people.owner_of_new("Strange Files")
    page = people.enter(subject, "#/settings/general")
    choose(page, "fake.png", "image/png", b"this is no picture at all")
    refused = page.get_by_role("main").get_by_role("alert")
    expect(refused).to_contain_text("The file was refused: ")
    reason = refused.inner_text().partition("The file was refused: ")[2].partition(".")[0]
    assert refused.inner_text().count(reason) == 1
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    drop(page, "script.svg", "image/svg+xml", f"`{drawing}`")
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    assert people.api(subject, "GET", "client/settings")["logo_url"] is None


def test_roles_change_with_a_way_back_and_the_log_tells(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/members")
    role = page.get_by_label("Role of Bea Both")
    role.select_option("admin")
    expect(page.get_by_text("Bea Both is now an admin.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(role).to_have_value("member")
    page.get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("cell", name="Changed a role").first).to_be_visible()
    expect(page.get_by_role("cell", name="both@agency.example").first).to_be_visible()


def test_removing_and_leaving_name_who_and_what_goes(people: People) -> None:
    page = people.enter("user_demo_owner", "#/settings/members")
    page.get_by_role("button", name="Remove Mia Member").click()
    dialog = page.get_by_role("dialog", name="Remove Mia Member from Northwind?")
    expect(dialog.get_by_text("member@demo.example loses access at once.")).to_be_visible()
    answer = refusal(403, "not_allowed", "You are not allowed to do that; an owner of the account can.")
    page.route("**/client/settings/members/*", lambda route: route.fulfill(**answer), times=1)
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Ask Olivia Owner (owner@demo.example).")).to_be_visible()
    expect(page.get_by_role("row", name="Mia Member")).to_be_visible()

    page = people.enter("user_demo_admin", "#/settings/members")
    page.get_by_role("button", name="Leave").click()
    page.get_by_role("dialog", name="Leave Northwind?").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("row", name="Adam Admin (you)")).to_be_visible()


def test_axe_finds_nothing_serious_in_the_settings(people: People) -> None:
    page = people.enter("user_demo_owner")
    for path, headline in {
        "#/": "Northwind",
        "#/settings/general": "About this workspace",
        "#/settings/members": "People of Northwind",
        "#/settings/audit": "What was done here",
    }.items():
        page.evaluate("(path) => { location.hash = path; }", path)
        expect(page.get_by_role("heading", name=headline, exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert problems_at_each_size(page) == []


def choose(page: Page, name: str, media_type: str, data: bytes) -> None:
    """Chooses a file as the file dialog would."""
    page.locator("input[type=file]").set_input_files([{"name": name, "mimeType": media_type, "buffer": data}])


def drop(page: Page, name: str, media_type: str, content: str) -> None:
    """Drops a file onto the zone for it; `content` is an expression of the page's."""
    page.evaluate(
        f"""([name, type]) => {{
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([{content}], name, {{ type }}));
          const dropped = new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }});
          document.querySelector('.dropzone').dispatchEvent(dropped);
        }}""",
        [name, media_type],
    )


def picture(color: str) -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (240, 240), color).save(file, "PNG")
    return file.getvalue()
