"""What is kept of the picture before: pictures in any order have the bytes they have when drawn from nothing."""

import pytest

from promostack.rendering import compose, service
from promostack.rendering.compiled import Cache
from promostack.rendering.service import render
from promostack.templates.document import parse_document

WIDTH, HEIGHT = 240, 330


def text(name, what, top, **changes):
    box = {"id": name, "type": "text", "text": what, "x": 10, "y": top, "width": 180, "height": 44}
    return {**box, "max_size": 30, "min_size": 6, **changes}


def square(name, top, fill, **changes):
    return {"id": name, "type": "rect", "x": 150, "y": top, "width": 50, "height": 60, "fill": fill, **changes}


GRADIENT = {"gradient": {"angle": 120, "stops": [{"at": 0, "color": "#102040"}, {"at": 1, "color": "#E0C060"}]}}
FORMATS = {
    # The code on top, and above it what looks at a field again.
    "top": [
        text("headline", "{headline}", 5, size_group="one", background={"color": "#FF000080", "fit": "text"}),
        square("plate", 30, "#FFFFFF90"),
        text("small", "{note}", 60, visible_if={"field": "note", "present": True}, contrast={"least": 7}),
        text("code", "{code}", 130, background={"color": "#FFD54A", "radius": 9}),
        square("over", 120, "#00FF0060"),
        text("after", "{note}!", 200, rotation=9),
        text("last", "fixed", 270),
    ],
    # A text below the code whose size follows the code's.
    "grouped": [
        text("note", "{note}", 10, stroke={"color": "#000000", "width": 3}),
        text("headline", "{headline}", 70, size_group="one"),
        text("code", "{code}", 140, size_group="one"),
    ],
    "linked": [
        text("headline", "{headline}", 5, visible_if={"field": "note", "equals": "b"}),
        {"id": "qr", "type": "qr", "x": 60, "y": 80, "width": 120, "height": 120},
        text("code", "{code}", 250, visible_if={"field": "link", "present": True}),
    ],
    "without": [text("headline", "{headline} {note}", 40, lines=2)],
}
FIELDS = {name: {"sample": "", "public": True, "max": 60} for name in ("headline", "note")}


def document(ground):
    shapes = {
        name: {"width": WIDTH, "height": HEIGHT, "background": ground, "layers": layers}
        for name, layers in FORMATS.items()
    }
    return parse_document({"schema": 2, "slug": "test", "name": "Test", "fields": FIELDS, "formats": shapes})


DOCUMENTS = {"opaque": document(GRADIENT), "clear": document({"color": "#10204040"})}


class NoAssets:
    def load(self, key):
        raise AssertionError(key)


def drawn(ground, name, output, headline, note, code, link):
    return render(
        DOCUMENTS[ground],
        format=name,
        fields={"headline": headline, "note": note},
        code=code,
        assets=NoAssets(),
        output=output,
        referral_link=link,
    )


LINK, LONG = "https://example.com/1", "W" * 30
ORDERS = [
    *(("Summer", "b", code, link) for link in (None, LINK) for code in ("A", LONG, "WELCOME-30")),
    *(("A longer headline", "b", code, LINK) for code in ("A", LONG, "A")),
    *(("Summer", "", code, None) for code in (LONG, "A", LONG)),
]


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(("ground", "output"), [("opaque", "png"), ("opaque", "jpeg"), ("clear", "png")])
def test_pictures_one_after_the_other_are_those_drawn_from_nothing(ground, name, output):
    service._kept.clear()
    warm = [drawn(ground, name, output, *order) for order in ORDERS]
    for order, found in zip(ORDERS, warm, strict=True):
        service._kept.clear()
        alone = drawn(ground, name, output, *order)
        assert (alone.sha256, alone.report) == (found.sha256, found.report), order


def test_from_the_third_picture_on_only_what_follows_the_code_is_painted(monkeypatch):
    painted = []

    def noted(canvas, layer, *args, **changes):
        painted.append(layer.id)
        paint(canvas, layer, *args, **changes)

    paint = compose.layers.paint
    service._kept.clear()
    drawn("opaque", "top", "jpeg", "Summer", "b", "A", None)
    monkeypatch.setattr(compose.layers, "paint", noted)
    for code in ("B", "C"):
        drawn("opaque", "top", "jpeg", "Summer", "b", code, None)
    assert painted == ["headline", "small", "code", "after", "code", "after"]


def kept_in(room, monkeypatch):
    """Names of the formats kept when a third one is asked for, and whether their stages are."""
    cache = Cache(room)
    monkeypatch.setattr(service, "_kept", [cache])
    for name in ("top", "grouped", "linked"):
        for code in ("A", "B"):
            drawn("opaque", name, "png", "Summer", "b", code, None)
    drawn("opaque", "grouped", "png", "Summer", "b", "C", None)
    assert sum(compiled.size for compiled in cache._kept.values()) <= room
    return {key[1]: compiled.stages.last is not None for key, compiled in cache._kept.items()}


def test_stages_go_before_formats_when_room_is_short(monkeypatch):
    assert kept_in(1_500_000, monkeypatch) == {"top": False, "linked": False, "grouped": True}
    assert kept_in(1_000_000, monkeypatch) == {"linked": True, "grouped": False}
