"""The template editor, by input events only: mouse, touch, keyboard; two people at once; what the server says."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.web.conftest import PHONE, problems_at_each_size
from tests.web.lone_editor import Hands
from tests.web.signed_in import People, refusal

SHAPES = {"square": (1080, 1080), "story": (1080, 1920)}


def document(slug: str, **changes: Any) -> dict[str, Any]:
    """A template with a plate and a code on a plain ground, in two formats."""
    plate = {"id": "plate", "type": "rect", "x": 100, "y": 200, "width": 400, "height": 200, "fill": "#2A3D78"}
    code = {"id": "code", "type": "text", "x": 140, "y": 700, "width": 600, "height": 160, "text": "{code}",
            "max_size": 90, "min_size": 20, "lines": 2, "fill": "#FFFFFF", "align": "left"}  # fmt: skip
    formats = {
        name: {"width": width, "height": height, "background": {"color": "#0B1739"}, "layers": [plate, code]}
        for name, (width, height) in SHAPES.items()
    }
    fields = {"headline": {"sample": "Save now", "public": True, "max": 60}}
    return {"schema": 2, "slug": slug, "name": "Spring", "fields": fields, "formats": formats, **changes}


@dataclass
class Desk(Hands):
    """A workspace of its own with one template, published, and its owner at the editor."""

    people: People
    subject: str
    page: Page | None = None
    width: float = 1080
    touch: CDPSession | None = None

    ROUTE = "client/editor/spring"

    def open(self, **options: Any) -> Page:
        self.page = self.people.enter(self.subject, "#/promo/templates/spring/edit", **options)
        drawn(self.page)
        return self.page

    def draft(self) -> dict[str, Any]:
        return self.people.api(self.subject, "GET", self.ROUTE)

    def layer(self, layer_id: str, form: str = "square") -> dict[str, Any]:
        """As the server holds it, once everything is saved."""
        self.page.wait_for_selector(".editor[data-saving=saved]")
        layers = self.draft()["document"]["formats"][form]["layers"]
        return next(layer for layer in layers if layer["id"] == layer_id)


@pytest.fixture
def desk(people: People) -> Desk:
    subject, _ = people.owner_of_new("Editors")
    people.api(subject, "POST", "client/editor", {"document": document("spring")})
    people.api(subject, "POST", f"{Desk.ROUTE}/publish", {"revision": 1})
    return Desk(people, subject)


def drawn(page: Page) -> None:
    """Until the canvas and all formats show the template, in the place where they stay."""
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector('.stage-page canvas');
          const strip = [...document.querySelectorAll('canvas[data-strip]')];
          const isDrawn = (each) => each.getContext('2d').getImageData(3, 3, 1, 1).data[3] === 255;
          if (!canvas || !strip.length || ![canvas, ...strip].every(isDrawn)) return false;
          const { x, y, width } = canvas.getBoundingClientRect();
          const place = [x, y, width, document.fonts.status].join();
          const isSame = canvas.dataset.place === place;
          canvas.dataset.place = place;
          return isSame && document.fonts.status === 'loaded';
        }""",
        polling=150,
    )


def near(layer: dict[str, Any], **wanted: float) -> None:
    """What the mouse does is right to a pixel of the screen."""
    assert {key: layer[key] for key in wanted} == pytest.approx(wanted, abs=4)


def test_a_layer_is_drawn_moved_resized_and_turned_by_the_mouse(desk: Desk) -> None:
    page = desk.open()
    page.get_by_role("button", name="Add: Code").click()
    desk.drag((300, 450), (800, 620), keys="Control")
    expect(page.get_by_role("button", name="code-2 · {code}")).to_have_attribute("aria-pressed", "true")
    near(desk.layer("code-2"), x=300, y=450, width=500, height=170)
    desk.drag((550, 530), (590, 500), keys="Control")
    near(desk.layer("code-2"), x=340, y=420, width=500, height=170)
    desk.drag((840, 590), (900, 650), keys="Control")
    near(desk.layer("code-2"), x=340, y=420, width=560, height=230)
    desk.drag((620, 420 - 28 / desk.zoom()), (900, 535))
    assert desk.layer("code-2")["rotation"] == 90


@pytest.mark.long
def test_edges_catch_and_a_guide_shows_where(desk: Desk) -> None:
    page = desk.open()
    page.mouse.move(*desk.at(300, 300))
    page.mouse.down()
    page.mouse.move(*desk.at(320, 300))
    page.mouse.move(*desk.at(343, 302))
    expect(page.locator(".stage-over .guide").first).to_be_attached()
    page.mouse.up()
    expect(page.locator(".stage-over .guide")).to_have_count(0)
    # Its left edge lies on the code's.
    assert desk.layer("plate")["x"] == 140


@pytest.mark.long
def test_what_alt_drags_is_a_copy_and_escape_takes_a_drag_back(desk: Desk) -> None:
    page = desk.open()
    desk.drag((300, 300), (500, 520), keys="Alt")
    near(desk.layer("plate-2"), x=300, y=420)
    assert desk.layer("plate")["x"] == 100
    page.mouse.move(*desk.at(500, 520))
    page.mouse.down()
    page.mouse.move(*desk.at(700, 720))
    page.keyboard.press("Escape")
    page.mouse.up()
    near(desk.layer("plate-2"), x=300, y=420)


def test_the_keyboard_alone_adds_moves_resizes_turns_orders_edits_and_undoes(desk: Desk) -> None:
    page = desk.open()
    page.get_by_role("button", name="Add: Rectangle").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="rect", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="plate", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("application", name="Canvas").focus()
    for keys in ("ArrowRight", "Shift+ArrowDown", "Control+ArrowRight", "Control+Shift+ArrowDown", ".", "Shift+>"):
        page.keyboard.press(keys)
    page.keyboard.press("PageUp")
    held = desk.layer("plate")
    assert [held[key] for key in ("x", "y", "width", "height", "rotation")] == [101, 210, 401, 210, 16]
    assert [layer["id"] for layer in desk.draft()["document"]["formats"]["square"]["layers"]] == [
        "code",
        "plate",
        "rect",
    ]
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="plate", exact=True)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="plate", exact=True)).to_have_count(1)
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_role("button", name="plate", exact=True)).to_have_count(0)
    page.get_by_role("button", name="code · {code}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("application", name="Canvas").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_be_focused()
    page.keyboard.type("Use {code} today")
    assert desk.layer("code")["text"] == "Use {code} today"
    page.keyboard.press("Control+z")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_have_value("{code}")


@pytest.mark.long
def test_a_finger_moves_and_draws(desk: Desk) -> None:
    page = desk.open(viewport=PHONE, has_touch=True)
    desk.swipe(((300, 300), (600, 500)))
    near(desk.layer("plate"), x=400, y=400)
    expect(page.get_by_role("button", name="plate", exact=True)).to_have_attribute("aria-pressed", "true")
    desk.swipe(((100, 900), (500, 1000)))
    near(desk.layer("text"), x=100, y=900, width=400, height=100)


@pytest.mark.long
def test_properties_change_the_picture_and_zeros_stay(desk: Desk) -> None:
    page = desk.open()
    page.mouse.click(*desk.at(300, 300))
    page.get_by_role("textbox", name="Colour", exact=True).fill("#FF0000")
    page.wait_for_function(
        """([x, y]) => {
          const canvas = document.querySelector('.stage-page canvas');
          const box = canvas.getBoundingClientRect();
          const at = [(x - box.x) * canvas.width / box.width, (y - box.y) * canvas.height / box.height];
          return canvas.getContext('2d').getImageData(...at, 1, 1).data.join() === '255,0,0,255';
        }""",
        arg=list(desk.at(300, 300)),
    )
    page.get_by_role("spinbutton", name="X (px)").fill("0")
    page.get_by_role("spinbutton", name="Opacity").fill("0")
    page.get_by_role("switch", name="Outline").check()
    page.get_by_role("spinbutton", name="Width (px)").first.fill("0")
    page.get_by_role("combobox", name="Fill").select_option("Gradient")
    page.get_by_role("button", name="Add a colour").click()
    held = desk.layer("plate")
    assert (held["x"], held["opacity"], held["stroke"]["width"]) == (0, 0, 0)
    assert [stop["at"] for stop in held["fill"]["stops"]] == [0, 0.5, 1]
    page.reload()
    drawn(page)
    page.get_by_role("button", name="plate", exact=True).click()
    for name in ("X (px)", "Opacity"):
        expect(page.get_by_role("spinbutton", name=name)).to_have_value("0")


def test_a_fault_stands_at_its_field_and_nothing_is_lost(desk: Desk) -> None:
    page = desk.open()
    page.mouse.click(*desk.at(300, 780))
    page.get_by_role("spinbutton", name="Lines").fill("50")
    expect(page.get_by_text("Not saved: one problem")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Lines")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Input should be less than or equal to 20").first).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    page.get_by_role("button", name="story").click()
    page.get_by_role("button", name="formats.square.layers[1].lines").click()
    expect(page.get_by_role("spinbutton", name="Lines")).to_be_focused()
    page.get_by_role("spinbutton", name="Lines").fill("3")
    assert desk.layer("code")["lines"] == 3
    page.get_by_role("textbox", name="Text", exact=True).fill("{code} for {offer}")
    expect(page.get_by_text("there is no field 'offer'").first).to_be_visible()
    page.get_by_role("button", name="Make a field “offer”").click()
    assert desk.layer("code")["text"] == "{code} for {offer}"
    assert desk.draft()["document"]["fields"]["offer"]["public"]


def test_the_second_of_two_editors_sees_the_difference_and_chooses(desk: Desk) -> None:
    page = desk.open()
    theirs = document("spring", name="Theirs")
    theirs["formats"]["square"]["layers"][0] |= {"x": 500}
    desk.people.api(desk.subject, "PUT", desk.ROUTE, {"revision": desk.draft()["revision"], "document": theirs})
    page.mouse.click(*desk.at(300, 300))
    page.get_by_role("application", name="Canvas").press("ArrowRight")
    dialog = page.get_by_role("dialog", name="Somebody else has changed this template")
    expect(dialog.get_by_text("square, layer plate: position")).to_be_visible()
    expect(dialog.get_by_text("Name: “Spring” → “Theirs”")).to_be_visible()
    expect(dialog.get_by_role("img", name="Theirs")).to_be_visible()
    dialog.get_by_role("button", name="Keep mine").click()
    near(desk.layer("plate"), x=101)
    desk.people.api(desk.subject, "PUT", desk.ROUTE, {"revision": desk.draft()["revision"], "document": theirs})
    page.get_by_role("application", name="Canvas").press("ArrowRight")
    dialog.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_role("heading", name="Theirs")).to_be_visible()
    assert desk.draft()["document"] == theirs
    page.get_by_role("button", name="Undo").click()
    near(desk.layer("plate"), x=102)


def test_it_is_published_an_older_version_comes_back_and_changes_are_discarded(desk: Desk) -> None:
    page = desk.open()
    page.mouse.click(*desk.at(300, 300))
    page.get_by_role("application", name="Canvas").press("Shift+ArrowRight")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published. The gallery and the bot show it from now on.")).to_be_visible()
    expect(page.get_by_text("Version 2 is published, nothing is changed")).to_be_visible()
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Compare with version 1").click()
    expect(page.get_by_text("square, layer plate: position")).to_be_visible()
    page.get_by_role("button", name="Put version 1 into the draft").click()
    expect(page.get_by_text("Version 1 is in the draft.")).to_be_visible()
    near(desk.layer("plate"), x=100)
    page.get_by_role("button", name="Discard changes").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard changes").click()
    expect(page.get_by_text("Version 2 is published, nothing is changed")).to_be_visible()
    assert desk.draft()["document"]["formats"]["square"]["layers"][0]["x"] == 110


@pytest.mark.long
def test_without_a_connection_nothing_is_lost_and_a_warning_says_how_to_mend_it(desk: Desk) -> None:
    page = desk.open()
    is_down = True
    page.route(
        f"**/{desk.ROUTE}",
        lambda route: (
            route.fulfill(**refusal(503, "unavailable", "Later."))
            if is_down and route.request.method == "PUT"
            else route.continue_()
        ),
    )
    page.mouse.click(*desk.at(300, 780))
    page.get_by_role("textbox", name="Text", exact=True).fill("A code for everybody: {code}")
    page.get_by_role("spinbutton", name="Smallest (px)").fill("90")
    expect(page.get_by_text("Not saved.")).to_be_visible()
    expect(page.get_by_text("Enlarge the box, allow more lines").first).to_be_visible()
    is_down = False
    page.keyboard.press("Control+s")
    assert desk.layer("code")["min_size"] == 90


@pytest.mark.long
def test_a_member_looks_and_a_template_that_is_not_there_says_so(people: People) -> None:
    page = people.enter("user_demo_member", "#/promo/templates/aurora/edit")
    expect(page.get_by_text("You can look, but not change it")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    page.get_by_role("button", name="code · {code}").click()
    expect(page.get_by_role("spinbutton", name="X (px)")).to_be_disabled()
    page.evaluate("location.hash = '#/promo/templates/nowhere/edit'")
    expect(page.get_by_role("heading", name="The template could not be loaded")).to_be_visible()


def test_a_new_template_is_made_exported_imported_and_copied(people: People) -> None:
    subject, _ = people.owner_of_new("Beginners")
    page = people.enter(subject, "#/promo/templates")

    def make(name: str, file: str | None = None) -> None:
        page.get_by_role("button", name="New template").click()
        dialog = page.get_by_role("dialog", name="New template")
        if file:
            dialog.get_by_label("From an exported file").set_input_files(file)
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_role("button", name="Make it").click()

    make("Größe & Co")
    expect(page.get_by_text("Draft saved").or_(page.get_by_text("Draft, not published"))).to_be_visible()
    assert page.url.endswith("#/promo/templates/gro-e-co/edit")
    drawn(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    page.get_by_role("link", name="All templates").click()
    expect(page.locator("tr[data-key='gro-e-co']")).to_contain_text("Draft")
    page.get_by_role("button", name="New template").wait_for()
    make("Größe & Co", str(saved.value.path()))
    drawn(page)
    assert page.url.endswith("#/promo/templates/gro-e-co-2/edit")
    page.get_by_role("link", name="All templates").click()
    page.get_by_role("button", name="Duplicate Größe & Co").last.click()
    drawn(page)
    expect(page.get_by_role("heading", name="Größe & Co copy")).to_be_visible()
    held = {each["slug"] for each in people.api(subject, "GET", "client/templates")["items"]}
    assert held == {"gro-e-co", "gro-e-co-2", "gro-e-co-copy"}


def test_axe_finds_nothing_serious_in_the_editor(desk: Desk) -> None:
    page = desk.open()
    assert problems_at_each_size(page) == []
    page.mouse.click(*desk.at(300, 780))
    page.get_by_role("switch", name="Plate behind the text").check()
    page.get_by_role("switch", name="Shadow").check()
    assert problems_at_each_size(page) == []
