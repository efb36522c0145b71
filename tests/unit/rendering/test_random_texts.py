"""Random documents × random texts: nothing crashes, no ink leaves a text's box, and the same bytes come out twice."""

import io
import math

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from promostack.rendering import service
from promostack.rendering.service import render
from tests.unit.rendering.builders import HEADLINES, Assets, document, text_data

WIDTH, HEIGHT = 240, 200
FAMILIES = ["Inter", "Anton", "Unbounded", "Noto Serif Display", "Noto Sans Arabic", "Noto Sans Devanagari"]
WORDS = [*HEADLINES.values(), "Ẫ", "W" * 40, "\u202eabc", "\u0e33\u0e49", "क्\u200d", "a\u0301" * 9, "\u200b", "🏴‍☠️ 1/2"]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=4).map(" ".join)
# A blurred edge may be seen one pixel farther than three sigma.
BLURRED_PX = 1


@st.composite
def text_layers(draw, name):
    x, y = draw(st.sampled_from([0, 10.25, 37])), draw(st.sampled_from([0, 8.5, 60]))
    layer = text_data(
        id=name,
        text=draw(st.sampled_from(["{headline}", "{headline}\n{code}", "{code}"])),
        font={"family": draw(st.sampled_from(FAMILIES)), "weight": draw(st.sampled_from([100, 450, 900]))},
        x=x,
        y=y,
        width=draw(st.floats(12, WIDTH - x)),
        height=draw(st.floats(12, HEIGHT - y)),
        lines=draw(st.integers(1, 4)),
        min_size=draw(st.sampled_from([6, 14])),
        max_size=draw(st.sampled_from([14, 60, 200])),
        line_height=draw(st.sampled_from([0.8, 1.15])),
        overflow=draw(st.sampled_from(["shrink", "ellipsis"])),
        align=draw(st.sampled_from(["left", "center", "right"])),
        valign=draw(st.sampled_from(["top", "middle", "bottom"])),
        letter_spacing=draw(st.sampled_from([0, 0, -0.03, 0.1])),
        case=draw(st.sampled_from(["none", "upper"])),
    )
    if draw(st.booleans()):
        layer["stroke"] = {"color": "#000", "width": draw(st.sampled_from([1, 5]))}
    if draw(st.booleans()):
        layer["shadow"] = {"dx": 2, "dy": -3, "blur": draw(st.sampled_from([0, 6])), "color": "#000000"}
    if draw(st.booleans()):
        layer["background"] = {"color": "#A00", "padding": [4, 2], "fit": draw(st.sampled_from(["box", "text"]))}
    return layer


@settings(max_examples=80, deadline=None)
@given(layers=st.tuples(text_layers("first"), text_layers("second")), text=TEXTS, scale=st.sampled_from([1, 1, 2]))
def test_texts_stay_in_their_boxes_and_bytes_stay_the_same(layers, text, scale):
    def drawn(**options):
        return render(
            document(*layers, width=WIDTH, height=HEIGHT),
            format="square",
            fields={"headline": text},
            code="WELCOME-30",
            assets=Assets(),
            output="png",
            scale=scale,
            **options,
        )

    first = drawn()
    service._cache().clear()
    assert drawn().data == first.data
    for layer in layers:
        ink = Image.open(io.BytesIO(drawn(only=[layer["id"]]).data)).getchannel("A").getbbox()
        assert ink is None or is_inside(ink, layer, scale)


def is_inside(ink, layer, scale):
    rim = BLURRED_PX if layer.get("shadow", {}).get("blur") else 0
    left, top = math.floor(layer["x"] * scale) - rim, math.floor(layer["y"] * scale) - rim
    right = math.ceil((layer["x"] + layer["width"]) * scale) + rim
    bottom = math.ceil((layer["y"] + layer["height"]) * scale) + rim
    return left <= ink[0] and top <= ink[1] and ink[2] <= right and ink[3] <= bottom
