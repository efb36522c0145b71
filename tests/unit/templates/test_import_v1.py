"""Version 1 documents arrive whole."""

import copy

import pytest

from promostack.templates.document import InvalidDocument, parse_document
from promostack.templates.import_v1 import convert

BOX = {"leftPct": 10, "topPct": 62.5, "widthPct": 80, "heightPct": 12, "hAlign": "left", "vAlign": "bottom"}
VARIANT = {"imageUrl": "templates/gold-square.png", "box": BOX, "maxFontPx": 96, "fontColor": "#ffd700"}


def old(**changes):
    return {"name": "Gold Rush", "telegramEnabled": False, "square": VARIANT, **changes}


def test_the_box_becomes_pixels_of_its_format():
    layer = convert(old())["formats"]["square"]["layers"][0]
    assert (layer["x"], layer["y"], layer["width"], layer["height"]) == (108, 675, 864, pytest.approx(129.6))
    assert (layer["align"], layer["valign"], layer["max_size"], layer["fill"]) == ("left", "bottom", 96, "#ffd700")
    assert layer["text"] == "{code}"


def test_each_variant_becomes_a_format_of_its_size():
    formats = convert(old(story=VARIANT, feed=VARIANT))["formats"]
    sizes = {name: (shape["width"], shape["height"]) for name, shape in formats.items()}
    assert sizes == {"square": (1080, 1080), "story": (1080, 1920), "feed": (1080, 1350)}


@pytest.mark.parametrize(("given", "shown"), [({"telegramEnabled": False}, False), ({"telegramEnabled": True}, True)])
def test_telegram_visibility_is_carried(given, shown):
    assert convert(old(**given))["visibility"]["telegram"] is shown


def test_absent_telegram_visibility_means_shown():
    data = old()
    del data["telegramEnabled"]
    assert convert(data)["visibility"]["telegram"] is True


def test_the_older_form_with_one_box_was_square():
    made = convert({"name": "Old", "image": "old.png", "box": BOX, "maxFontPx": 50, "fontColor": "white", "owner": 7})
    assert made["formats"]["square"]["background"] == {"asset": "old.png"}
    assert made["formats"]["square"]["layers"][0]["max_size"] == 50
    assert made["origin"]["owner"] == 7


def test_keys_without_a_place_are_kept():
    data = old(id="t-17", tags=["a"], square={**VARIANT, "note": "x", "box": {**BOX, "locked": True}})
    origin = convert(data)["origin"]
    assert origin == {"schema": 1, "id": "t-17", "tags": ["a"], "square": {"note": "x", "box": {"locked": True}}}


def test_the_result_is_a_valid_document_and_the_input_is_untouched():
    data = old()
    before = copy.deepcopy(data)
    assert parse_document(convert(data)).slug == "gold-rush"
    assert data == before


def test_addresses_can_become_keys():
    made = convert(old(), asset_key=lambda address: f"uploads/{address}")
    assert made["formats"]["square"]["background"]["asset"] == "uploads/templates/gold-square.png"


@pytest.mark.parametrize(
    ("colour", "expected"), [("#abc", "#abc"), ("rgb(255, 0, 16)", "#FF0010"), ("rgba(0,0,0,.5)", "#00000080")]
)
def test_colours_are_understood(colour, expected):
    made = convert(old(square={**VARIANT, "fontColor": colour}))
    assert made["formats"]["square"]["layers"][0]["fill"] == expected


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"square": {**VARIANT, "imageUrl": None}}, "square.imageUrl"),
        ({"square": {**VARIANT, "maxFontPx": "big"}}, "square.maxFontPx"),
        ({"square": {**VARIANT, "maxFontPx": float("nan")}}, "square.maxFontPx"),
        ({"square": {**VARIANT, "fontColor": "bluish"}}, "square.fontColor"),
        ({"square": {**VARIANT, "box": {**BOX, "hAlign": "justify"}}}, "square.box.hAlign"),
        ({"square": {**VARIANT, "box": {}}}, "square.box.leftPct"),
        ({"square": {**VARIANT, "box": None}}, "square.box"),
        ({"telegramEnabled": "yes"}, "telegramEnabled"),
        ({"square": None}, "document"),
    ],
)
def test_what_cannot_be_understood_is_named(change, path):
    with pytest.raises(InvalidDocument) as caught:
        convert(old(**change))
    assert path in caught.value.fields
