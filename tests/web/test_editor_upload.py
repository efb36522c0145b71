"""From a file of one's own to a picture in gallery and bot: uploaded, drawn on, published; and equal to the canvas."""

import base64
import io
import json
import time
import urllib.error
import urllib.request
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Stack
from tests.parity import measure
from tests.parity.test_pictures import LEAST_SSIM, MOST_PIXELS_PER_CENT
from tests.unit.rendering.font_files import shipped, with_rights
from tests.web.signed_in import People
from tests.web.test_bots_page import DEADLINE_S, Owner
from tests.web.test_editor_page import Desk, document, drawn

CODE = "WELCOME-30"
# The bot's picture is a JPEG of the canvas's pixels.
LEAST_SSIM_SENT = 0.98


def jpeg(width: int = 1600, height: int = 1200) -> bytes:
    """Something like a photo: soft shapes in many colours."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / 97 + y / 131), np.cos(x / 173 - y / 89), np.sin((x + 2 * y) / 211)]
    pixels = np.stack([(110 + 90 * wave).astype(np.uint8) for wave in waves], axis=-1)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=92)
    return out.getvalue()


@pytest.fixture
def owner(stack: Stack, people: People) -> Owner:
    subject, tenant = people.owner_of_new("Own pictures")
    return Owner(stack, json.loads((stack.data_dir / "run.json").read_text()), people, subject, tenant)


@pytest.fixture
def shop(people: People, owner: Owner) -> tuple[Desk, str]:
    """A workspace that sells by a code of its own, with one published template; and its slug."""
    subject, tenant = owner.subject, owner.tenant
    people.api(subject, "PUT", "client/coupons/providers", {"providers": ["local"]})
    people.api(subject, "POST", "client/coupons", {"code": CODE})
    people.api(subject, "POST", "client/editor", {"document": document("spring")})
    people.api(subject, "POST", f"{Desk.ROUTE}/publish", {"revision": 1})
    return Desk(people, subject), tenant["slug"]


def public(stack: Stack, path: str, body: dict[str, Any] | None = None) -> Any:
    """What a visitor is answered."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{stack.base}/api/public/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def send(page: Page, library: Locator, name: str, data: bytes, media_type: str = "image/jpeg") -> None:
    """Through the button that opens the system's own window."""
    with page.expect_file_chooser() as opened:
        library.get_by_text("Upload a picture").click()
    opened.value.set_files({"name": name, "mimeType": media_type, "buffer": data})


def on_canvas(page: Page) -> Image.Image:
    """What the editor shows at 100 %, pixel by pixel."""
    page.get_by_role("button", name="100 %", exact=True).click()
    page.wait_for_function("() => document.querySelector('.stage-page canvas').width === 1080")
    url = page.evaluate("() => document.querySelector('.stage-page canvas').toDataURL()")
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")


def rendered(stack: Stack, tenant: str) -> Image.Image:
    order = {"tenant": tenant, "template": "spring", "format": "square", "code": CODE, "fields": {}, "output": "png"}
    made = public(stack, "render-coupon", {**order, "scale": 1, "delivery": "url"})
    with urllib.request.urlopen(made["url"], timeout=60) as answer:
        return Image.open(io.BytesIO(answer.read())).convert("RGB")


def bot_says(owner: Owner, text: str) -> dict[str, Any]:
    """The bot's first message after somebody wrote that."""
    newest = max(each["message"]["message_id"] for each in _chat(owner))
    owner.telegram("POST", "/send", bot=owner.username, user=owner.user, text=text)
    return _next_after(owner, newest)


def bot_makes(owner: Owner, gallery: dict[str, Any], button: str) -> Image.Image:
    """The picture after a tap on a button of the gallery."""
    newest = gallery["message"]["message_id"]
    owner.telegram("POST", "/press", bot=owner.username, user=owner.user, message_id=newest, text=button)
    address = f"{owner.run['telegram']}/{_next_after(owner, newest)['original_url']}"
    with urllib.request.urlopen(address, timeout=60) as answer:
        return Image.open(io.BytesIO(answer.read())).convert("RGB")


def _next_after(owner: Owner, newest: int) -> dict[str, Any]:
    deadline = time.monotonic() + DEADLINE_S
    while True:
        for each in _chat(owner):
            if each["message"]["message_id"] > newest and each["message"]["from"]["is_bot"]:
                return each
        assert time.monotonic() < deadline, "the bot says nothing"
        time.sleep(0.05)  # between two looks at the chat


def _chat(owner: Owner) -> list[dict[str, Any]]:
    return owner.telegram("GET", f"/messages?bot={owner.username}&user={owner.user}")["messages"]


def test_his_own_jpeg_becomes_a_picture_that_is_what_the_editor_showed(
    stack: Stack, shop: tuple[Desk, str], owner: Owner
) -> None:
    """Gallery and bot have both answered before, and show each change with the first thing that they say after it."""
    desk, tenant = shop
    owner.connect()
    assert "Spring" in bot_says(owner, CODE)["message"]["caption"]
    assert rendered(stack, tenant).getpixel((5, 5)) == (11, 23, 57), "every container is warm"
    page = desk.open()
    page.get_by_role("combobox", name="Background is").select_option("A picture")
    library = page.get_by_role("dialog", name="Choose a picture")
    expect(library.get_by_text("No picture yet.")).to_be_visible()
    send(page, library, "bomb.jpg", b"\xff\xd8\xff" + b"no picture " * 40)
    expect(library.get_by_role("alert")).to_contain_text("The file was refused: it is damaged or cut off")
    send(page, library, "photo.jpg", jpeg())
    expect(library).to_have_count(0)
    expect(page.get_by_role("img", name="The background")).to_be_visible()
    page.get_by_role("button", name="Add: Code").click()
    desk.drag((240, 460), (900, 640))
    page.wait_for_selector(".editor[data-saving=saved]")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published.").first).to_be_visible()
    asset = public(stack, f"templates/spring?tenant={tenant}")["formats"]["square"]["background"]["asset"]
    assert asset.startswith("uploads/")
    assert asset.endswith(".jpg")

    shown, made = on_canvas(page), rendered(stack, tenant)
    assert measure.ssim(made, shown) >= LEAST_SSIM
    assert 100 * measure.differing(made, shown).mean() <= MOST_PIXELS_PER_CENT
    sent = bot_makes(owner, bot_says(owner, "/generate"), "Square")
    assert measure.ssim(sent, shown) >= LEAST_SSIM_SENT

    page.goto(f"{stack.host('dash')}/#/promo/templates")
    page.get_by_role("button", name="Archive Spring", exact=True).click()
    expect(page.locator("ps-table tr[data-key=spring]")).to_contain_text("Archived")
    assert public(stack, f"templates?tenant={tenant}")["items"] == []
    assert "There is no template to choose yet." in bot_says(owner, "/generate")["message"]["text"]
    page.get_by_role("button", name="Bring Spring back", exact=True).click()
    expect(page.locator("ps-table tr[data-key=spring]")).to_contain_text("Shown")
    assert [each["slug"] for each in public(stack, f"templates?tenant={tenant}")["items"]] == ["spring"]
    assert "Spring" in bot_says(owner, "/generate")["message"]["caption"]


@pytest.mark.long
def test_a_text_is_set_in_a_font_of_the_workspace(shop: tuple[Desk, str]) -> None:
    desk, _ = shop
    page = desk.open()
    page.get_by_role("button", name="code · {code}").click()
    page.get_by_role("button", name="Add a font").click()
    dialog = page.get_by_role("dialog", name="Add a font")
    field = dialog.get_by_label("Choose a file")
    field.set_input_files({"name": "house.ttf", "mimeType": "font/ttf", "buffer": with_rights(0x0002)})
    expect(dialog.get_by_role("alert")).to_contain_text("its maker does not allow it to be embedded")
    field.set_input_files({"name": "house.ttf", "mimeType": "font/ttf", "buffer": shipped()})
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("combobox", name="Font")).to_have_value("Anton 2")
    assert desk.layer("code")["font"] == {"family": "Anton 2", "weight": 400}
    assert list(desk.draft()["document"]["fonts"]) == ["Anton 2"]
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published.").first).to_be_visible()
    page.get_by_role("combobox", name="Font").select_option("Inter")
    desk.layer("code")
    assert "fonts" not in desk.draft()["document"]

    def remove() -> None:
        dialog.get_by_role("button", name="Remove Anton 2").click()
        page.get_by_role("dialog", name="Remove the font “Anton 2”?").get_by_role("button", name="Remove").click()

    page.get_by_role("button", name="Add a font").click()
    remove()
    expect(dialog.get_by_role("alert")).to_contain_text("Anton 2 is used by “Spring”.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 3 is published.").first).to_be_visible()
    page.get_by_role("button", name="Add a font").click()
    remove()
    expect(dialog.get_by_role("list", name="Fonts of this workspace")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Font").locator("option", has_text="Anton 2")).to_have_count(0)


@pytest.mark.long
def test_the_library_is_the_workspaces_own(people: People, shop: tuple[Desk, str]) -> None:
    desk, _ = shop
    page = desk.open()
    page.get_by_role("button", name="Add: Picture").click()
    library = page.get_by_role("dialog", name="Choose a picture")
    send(page, library, "photo.jpg", jpeg(300, 200))
    expect(library).to_have_count(0)
    expect(page.get_by_role("button", name="picture", exact=True)).to_have_attribute("aria-pressed", "true")
    held = desk.layer("picture")
    page.get_by_role("button", name="Choose another picture").click()
    expect(library.get_by_role("button", name="Picture of 300 × 200 pixels")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Shows").select_option("What a picture lets through")
    library.get_by_role("button", name="Picture of 300 × 200 pixels").click()
    expect(page.get_by_role("img", name="The mask")).to_be_visible()
    held = desk.layer("picture")
    assert held["mask"] == {"kind": "asset", "asset": held["asset"]}
    stranger, _ = people.owner_of_new("Strangers")
    assert people.api(stranger, "GET", "client/uploads/pictures")["items"] == []
    taken = document("taken")
    taken["formats"]["square"]["layers"].append(held)
    with pytest.raises(urllib.error.HTTPError, match="422"):
        people.api(stranger, "POST", "client/editor", {"document": taken})
    drawn(page)
