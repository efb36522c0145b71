"""Every verb of the template editor by the mouse, by a finger, and by the keyboard alone; each at another width."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.parity.site import ROOT, served
from tests.web.conftest import BUSY_MS, DESKTOP, PHONE
from tests.web.lone_editor import LoneEditor, mount

NARROW = {"width": 1280, "height": 800}
SIDE = 1080
CODE = {"id": "code", "type": "text", "x": 140, "y": 700, "width": 600, "height": 160, "text": "{code}",
        "max_size": 90, "min_size": 20, "lines": 2, "fill": "#FFFFFF", "align": "left"}  # fmt: skip
PLATE = {"id": "plate", "type": "rect", "x": 620, "y": 120, "width": 300, "height": 120, "fill": "#2A3D78"}
# As near as a line catches on a phone, where a pixel of the screen is five of the format.
NEAR = 36
TABS = 160
SEEDS = ROOT / "shared/assets/seed/templates"


def document() -> dict[str, Any]:
    ground = {"color": "#0B1739"}
    formats = {
        name: {"width": SIDE, "height": height, "background": ground, "layers": [PLATE, CODE]}
        for name, height in (("square", SIDE), ("story", 1920))
    }
    return {"schema": 2, "slug": "lone", "name": "Lone", "fields": {}, "formats": formats}


@pytest.fixture
def open_editor(browser: Browser) -> Iterator[Callable[..., LoneEditor]]:
    """Afterwards no page may have logged an error."""
    problems: list[str] = []
    pages: list[Page] = []
    with served() as base:

        def open_one(viewport: dict[str, int], **options: Any) -> LoneEditor:
            page = browser.new_page(viewport=viewport, locale="en-GB", reduced_motion="reduce", **options)
            page.set_default_timeout(BUSY_MS)
            page.on("pageerror", lambda error: problems.append(str(error)))
            pages.append(page)
            return mount(page, base, document())

        yield open_one
        for page in pages:
            page.close()
    assert problems == []


class Hand(Protocol):
    """What the two kinds of pointer have in common."""

    def press(self, place: Locator) -> None: ...

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None: ...


class Mouse:
    def __init__(self, editor: LoneEditor) -> None:
        self.drag = editor.drag

    def press(self, place: Locator) -> None:
        place.click()


class Finger:
    def __init__(self, editor: LoneEditor) -> None:
        self._editor = editor

    def press(self, place: Locator) -> None:
        self._editor.press(place)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._editor.swipe((start, end))


def by_mouse(open_editor: Callable[..., LoneEditor]) -> tuple[LoneEditor, Hand]:
    editor = open_editor(DESKTOP)
    return editor, Mouse(editor)


def by_finger(open_editor: Callable[..., LoneEditor]) -> tuple[LoneEditor, Hand]:
    editor = open_editor(PHONE, has_touch=True)
    return editor, Finger(editor)


HANDS = [pytest.param(by_mouse, id="mouse"), pytest.param(by_finger, id="finger", marks=pytest.mark.long)]


def near(layer: dict[str, Any], **wanted: float) -> None:
    assert {key: layer[key] for key in wanted} == pytest.approx(wanted, abs=NEAR)


@pytest.mark.parametrize("hand_of", HANDS)
def test_a_hand_draws_moves_resizes_turns_snaps_and_takes_back(
    open_editor: Callable[..., LoneEditor], hand_of: Callable[..., tuple[LoneEditor, Hand]]
) -> None:
    editor, hand = hand_of(open_editor)
    page = editor.page
    hand.press(page.get_by_role("button", name="Add: Rectangle"))
    hand.drag((330, 330), (700, 560))
    near(editor.layers()["rect"], x=330, y=330, width=370, height=230)
    # Its left edge comes near that of the code, and lies on it.
    box = editor.layers()["rect"]
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hand.drag(middle, (140 + box["width"] / 2 + 8, middle[1] + 60))
    assert editor.layers()["rect"]["x"] == 140
    box = editor.layers()["rect"]
    corner = (box["x"] + box["width"], box["y"] + box["height"])
    hand.drag(corner, (corner[0] + 90, corner[1] + 50))
    near(editor.layers()["rect"], x=140, width=box["width"] + 90, height=box["height"] + 50)
    box = editor.layers()["rect"]
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hand.drag((middle[0], box["y"] - 28 / editor.zoom()), (middle[0] + 330, middle[1]))
    assert editor.layers()["rect"]["rotation"] == 90
    hand.press(page.get_by_role("button", name="Undo"))
    assert "rotation" not in editor.layers()["rect"]
    hand.press(page.get_by_role("button", name="Redo"))
    assert editor.layers()["rect"]["rotation"] == 90


@pytest.mark.parametrize("hand_of", HANDS)
def test_a_hand_chooses_colour_and_font_publishes_and_restores(
    open_editor: Callable[..., LoneEditor], hand_of: Callable[..., tuple[LoneEditor, Hand]]
) -> None:
    editor, hand = hand_of(open_editor)
    page = editor.page
    hand.press(page.get_by_role("button", name="code · {code}"))
    hand.press(page.get_by_role("textbox", name="Colour", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type("#FFD83D")
    hand.press(page.get_by_role("combobox", name="Font"))
    page.keyboard.type("Anton")
    page.keyboard.press("Enter")
    held = editor.layers()["code"]
    assert (held["fill"], held["font"]) == ("#FFD83D", {"family": "Anton", "weight": 400})
    hand.press(page.get_by_role("button", name="Publish"))
    expect(page.get_by_text("Version 2 is published, nothing is changed")).to_be_visible()
    hand.press(page.get_by_role("button", name="Versions"))
    hand.press(page.get_by_role("button", name="Compare with version 1"))
    expect(page.get_by_text("square, layer code: fill, font")).to_be_visible()
    hand.press(page.get_by_role("button", name="Put version 1 into the draft"))
    expect(page.get_by_text("Version 1 is in the draft.")).to_be_visible()
    assert editor.layers()["code"] == CODE


@pytest.mark.long
def test_the_keyboard_alone_does_all_of_it(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(NARROW)
    page, press = editor.page, editor.page.keyboard.press

    def go_to(place: Locator) -> None:
        """By the Tab key, however far it is."""
        for _ in range(TABS):
            if place.evaluate("(element) => element === document.activeElement"):
                return
            press("Tab")
        raise AssertionError("the Tab key does not lead there")

    canvas = page.get_by_role("application", name="Canvas")
    go_to(page.get_by_role("button", name="Add: Rectangle"))
    press("Enter")
    drawn = editor.layers()["rect"]
    go_to(canvas)
    for keys in ("ArrowRight", "Shift+ArrowDown", "Control+ArrowRight", ".", "Shift+>"):
        press(keys)
    moved = editor.layers()["rect"]
    assert [moved[key] - drawn[key] for key in ("x", "y", "width")] == [1, 10, 1]
    assert moved["rotation"] == 16
    press("Control+z")
    assert "rotation" not in editor.layers()["rect"]
    press("Delete")
    assert "rect" not in editor.layers()
    go_to(page.get_by_role("button", name="plate", exact=True))
    press("Enter")
    go_to(canvas)
    # From line to line: its middle to the format's, its left edge on that, its right edge on the code's left.
    places = []
    for _ in range(3):
        press("Alt+ArrowLeft")
        places.append(editor.layers()["plate"]["x"])
    assert places == [590, 540, 440]
    press("Enter")
    go_to(page.get_by_role("textbox", name="Colour", exact=True))
    press("Control+a")
    page.keyboard.type("#00FF00")
    go_to(page.get_by_role("button", name="code · {code}"))
    press("Enter")
    go_to(page.get_by_role("combobox", name="Font"))
    page.keyboard.type("Anton")
    assert editor.layers()["code"]["font"]["family"] == "Anton"
    assert editor.layers()["plate"]["fill"] == "#00FF00"
    go_to(page.get_by_role("button", name="Publish"))
    press("Enter")
    expect(page.get_by_text("Version 2 is published, nothing is changed")).to_be_visible()
    go_to(page.get_by_role("button", name="Versions"))
    press("Enter")
    go_to(page.get_by_role("button", name="Compare with version 1"))
    press("Enter")
    go_to(page.get_by_role("button", name="Put version 1 into the draft"))
    press("Enter")
    expect(page.get_by_text("Version 1 is in the draft.")).to_be_visible()
    assert list(editor.layers().values()) == [PLATE, CODE]


def test_several_are_chosen_moved_lined_up_and_taken_away_together(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(DESKTOP)
    page = editor.page
    editor.drag((60, 60), (1000, 900), keys="Shift")
    expect(page.get_by_role("heading", name="2 layers")).to_be_visible()
    editor.drag((700, 180), (740, 220), keys="Control")
    near(editor.layers()["plate"], x=660, y=160)
    near(editor.layers()["code"], x=180, y=740)
    page.get_by_role("button", name="Left", exact=True).click()
    held = editor.layers()
    assert held["plate"]["x"] == held["code"]["x"]
    page.mouse.click(*editor.at(300, 800), button="left")
    expect(page.get_by_role("heading", name="2 layers")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="plate", exact=True).click(modifiers=["Shift"])
    page.get_by_role("button", name="code · {code}").click(modifiers=["Shift"])
    page.get_by_role("application", name="Canvas").press("Control+d")
    assert set(editor.layers()) == {"plate", "code", "plate-2", "code-2"}
    page.get_by_role("application", name="Canvas").press("Delete")
    assert set(editor.layers()) == {"plate", "code"}


@pytest.mark.long
def test_two_fingers_zoom_and_taps_choose_several(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(PHONE, has_touch=True)
    page, before = editor.page, editor.zoom()
    editor.swipe(((440, 540), (240, 540)), ((640, 540), (840, 540)))
    expect(page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "false")
    assert editor.zoom() == pytest.approx(3 * before, rel=0.1)
    assert set(page.evaluate("() => window.kept.document.formats.square.layers.map(({ id }) => id)")) == {
        "plate",
        "code",
    }
    editor.press(page.get_by_role("button", name="Fit"))
    expect(page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
    editor.press(page.get_by_role("button", name="Choose several layers"))
    expect(page.get_by_role("button", name="Choose several layers")).to_have_attribute("aria-pressed", "true")
    editor.tap(700, 180)
    expect(page.get_by_role("button", name="plate", exact=True)).to_have_attribute("aria-pressed", "true")
    editor.tap(300, 780)
    expect(page.get_by_role("heading", name="2 layers")).to_be_visible()
    editor.press(page.get_by_role("button", name="Bottom", exact=True))
    held = editor.layers()
    assert held["plate"]["y"] + held["plate"]["height"] == held["code"]["y"] + held["code"]["height"] == 860


def test_a_finger_whose_end_was_never_told_does_not_stop_the_next_one(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(PHONE, has_touch=True)
    page = editor.page
    page.evaluate("""() => {
      const keep = (event) => event.stopPropagation();
      for (const kind of ['pointerup', 'pointercancel']) addEventListener(kind, keep, { capture: true });
      window.tellAgain = () => {
        for (const kind of ['pointerup', 'pointercancel']) removeEventListener(kind, keep, { capture: true });
      };
    }""")
    editor.swipe(((440, 540), (340, 540)), ((640, 540), (740, 540)))
    page.evaluate("() => window.tellAgain()")
    editor.press(page.get_by_role("button", name="Fit"))
    expect(page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
    editor.tap(700, 180)
    expect(page.get_by_role("button", name="plate", exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.long
def test_the_picture_stays_where_it_is_under_the_finger_that_changes_it(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(PHONE, has_touch=True)
    before = editor.at(0, 0)
    editor.swipe(((700, 180), (600, 300)))
    expect(editor.page.get_by_text("Saving the draft").or_(editor.page.get_by_text("Draft saved"))).to_be_visible()
    assert editor.at(0, 0) == before
    near(editor.layers()["plate"], x=520, y=240)
    assert editor.at(0, 0) == before


COLOUR_AT = """([x, y]) => {
  const canvas = document.querySelector('.stage-page canvas');
  const share = canvas.width / 1080;
  return [...canvas.getContext('2d').getImageData(x * share, y * share, 1, 1).data].slice(0, 3).join();
}"""


def test_a_layer_is_shown_through_a_mask(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(DESKTOP)
    page = editor.page
    page.get_by_role("button", name="plate", exact=True).click()
    shows = page.get_by_role("combobox", name="Shows")

    def expect_corner(is_shown: bool) -> None:
        page.wait_for_function(f"(isShown) => (({COLOUR_AT})([625, 125]) !== '11,23,57') === isShown", arg=is_shown)

    expect_corner(True)
    shows.select_option("An ellipse")
    expect_corner(False)
    shows.select_option("What a gradient lets through")
    expect_corner(True)
    page.get_by_role("textbox", name="Colour 1", exact=True).fill("#00000000")
    expect_corner(False)
    page.get_by_role("combobox", name="Fades").select_option("From a point")
    page.get_by_role("spinbutton", name="Centre across").fill("0")
    held = editor.layers()["plate"]["mask"]
    assert held["gradient"]["kind"] == "radial"
    assert held["gradient"]["center"] == [0, 0.5]
    assert [stop["color"] for stop in held["gradient"]["stops"]] == ["#00000000", "#00000000"]
    shows.select_option("The whole layer")
    expect_corner(True)
    assert "mask" not in editor.layers()["plate"]


def test_rulers_say_where_the_format_begins_and_how_large_it_is_shown(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(DESKTOP)
    page = editor.page
    page.get_by_role("button", name="100 %", exact=True).click()
    for way, axis in (("across", "x"), ("down", "y")):
        places = page.evaluate(
            """([way, axis]) => {
              const origin = document.querySelector('.stage-page').getBoundingClientRect()[axis];
              const lines = [...document.querySelectorAll(`.ruler[data-way=${way}] line`)];
              return Object.fromEntries(lines.map((line) => [
                line.nextElementSibling.textContent, line.getBoundingClientRect()[axis] - origin]));
            }""",
            [way, axis],
        )
        assert len(places) > 3
        assert all(place == pytest.approx(int(label), abs=1) for label, place in places.items())


SIZES = [(1080, 1920), (1080, 1350), (1200, 630), (1920, 1080), (1500, 500), (320, 320)]
STRIP_IS_DRAWN = """(count) => {
  const strip = [...document.querySelectorAll('canvas[data-strip]')];
  const isDrawn = (each) => each.getContext('2d').getImageData(9, 9, 1, 1).data[3] === 255;
  return strip.length === count && strip.every(isDrawn);
}"""
MADE = """async ([documents, sizes]) => {
  const { formatOf } = await import('/dash/editor/new-format.js');
  const made = ({ square }) => sizes.map(([width, height]) => [square, formatOf(square, { width, height })]);
  return documents.flatMap(({ formats }) => made(formats));
}"""


def test_a_new_format_is_made_of_the_one_that_is_shown(open_editor: Callable[..., LoneEditor]) -> None:
    editor = open_editor(DESKTOP)
    page = editor.page
    page.get_by_role("button", name="New format").click()
    dialog = page.get_by_role("dialog", name="New format")
    dialog.get_by_label("Size").select_option("link")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("1,200 × 630")).to_be_visible()
    held = editor.layers("link")
    # Scaled by 630 of 1080; the plate keeps to the right edge, the code to the left one.
    assert held["plate"]["x"] == pytest.approx(1200 - (SIDE - PLATE["x"]) * 630 / SIDE, abs=0.1)
    assert held["code"]["x"] == pytest.approx(CODE["x"] * 630 / SIDE, abs=0.1)
    page.wait_for_function(STRIP_IS_DRAWN, arg=3)
    page.get_by_role("button", name="Remove this format").click()
    expect(page.get_by_role("button", name="link", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="link", exact=True)).to_be_visible()


def test_of_every_shipped_template_nothing_is_lost_or_distorted_in_a_new_format(
    open_editor: Callable[..., LoneEditor],
) -> None:
    seeds = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.json"))]
    made = open_editor(DESKTOP).page.evaluate(MADE, [seeds, SIZES])
    assert len(made) == len(seeds) * len(SIZES)
    for old, new in made:
        for before, after in zip(old["layers"], new["layers"], strict=True):
            is_inside = before["x"] >= 0 and before["x"] + before["width"] <= old["width"]
            is_inside = is_inside and before["y"] >= 0 and before["y"] + before["height"] <= old["height"]
            if not is_inside:
                continue
            assert min(after["x"], after["y"]) >= -1, (before, after)
            assert after["x"] + after["width"] <= new["width"] + 1, (before, after)
            assert after["y"] + after["height"] <= new["height"] + 1, (before, after)
            if before["type"] in ("qr", "logo", "ellipse"):
                assert after["width"] / after["height"] == pytest.approx(before["width"] / before["height"], rel=0.02)
            assert after.get("min_size", 1) <= after.get("max_size", 2048)
