"""Whatever a valid document holds, a picture comes out, and text stays in its box."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from promostack.rendering.qr import QrTooLong
from promostack.rendering.service import render
from tests.unit.rendering.builders import Assets, document, png, text_data

LENGTHS = st.one_of(st.sampled_from([0, 0.3, 1, 40]), st.floats(0, 300))
PLACES = st.floats(-200, 300)
COLOURS = st.sampled_from(["#000", "#FF000080", "#12345600"])
GRADIENTS = st.builds(
    lambda kind, angle, first, second: {
        "kind": kind,
        "angle": angle,
        "stops": [{"at": 0.2, "color": first}, {"at": 0.2, "color": second}, {"at": 1, "color": first}],
    },
    st.sampled_from(["linear", "radial"]),
    st.floats(-720, 720),
    COLOURS,
    COLOURS,
)
FILLS = st.one_of(COLOURS, GRADIENTS)
STROKES = st.none() | st.builds(lambda color, width: {"color": color, "width": width}, COLOURS, st.floats(0, 60))
SHADOWS = st.none() | st.builds(
    lambda dx, dy, blur, color: {"dx": dx, "dy": dy, "blur": blur, "color": color},
    st.floats(-40, 40),
    st.floats(-40, 40),
    st.floats(0, 40),
    COLOURS,
)
MASKS = st.none() | st.sampled_from(
    [{"kind": "ellipse"}, {"kind": "rect", "radius": 9}, {"kind": "asset", "asset": "a"}]
)
KINDS = {
    "rect": {"fill": FILLS, "stroke": STROKES, "shadow": SHADOWS, "radius": LENGTHS},
    "ellipse": {"fill": FILLS, "stroke": STROKES, "shadow": SHADOWS},
    "image": {"asset": st.just("a"), "fit": st.sampled_from(["cover", "contain"]), "radius": LENGTHS},
    "logo": {"shape": st.sampled_from(["free", "circle"])},
    "qr": {"data": st.sampled_from(["{link}", "{headline}", "x"]), "quiet": st.integers(0, 16), "radius": LENGTHS},
    "text": {
        "text": st.just("{headline}"),
        "fill": FILLS,
        "stroke": STROKES,
        "shadow": SHADOWS,
        "lines": st.integers(1, 3),
        "background": st.none()
        | st.builds(
            lambda color, fit, radius, padding: {"color": color, "fit": fit, "radius": radius, "padding": padding},
            FILLS,
            st.sampled_from(["box", "text"]),
            LENGTHS,
            LENGTHS,
        ),
    },
}


@st.composite
def layers(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    layer = {"id": "l", "type": kind, **{name: draw(values) for name, values in KINDS[kind].items()}}
    layer |= {"x": draw(PLACES), "y": draw(PLACES), "width": draw(LENGTHS), "height": draw(LENGTHS)}
    rotation = draw(st.sampled_from([0, 0, 33, -181.5]))
    return layer | {"rotation": rotation, "opacity": draw(st.sampled_from([0, 0.4, 1])), "mask": draw(MASKS)}


@settings(max_examples=200, deadline=None)
@given(layer=layers(), text=st.text(max_size=30), scale=st.sampled_from([1, 2]), clear=st.booleans())
def test_every_layer_can_be_drawn(layer, text, scale, clear):
    data = document(layer, width=160, height=120, background={"color": "#00000000" if clear else "#334455"})
    picture = render(
        data,
        format="square",
        fields={"headline": text},
        code="A",
        assets=Assets(a=png(7, 3)),
        output="png",
        scale=scale,
        logo=png(5, 9),
    )
    assert Image.open(io.BytesIO(picture.data)).size == (160 * scale, 120 * scale)


def test_halves_of_surrogate_pairs_are_left_out():
    picture = render(document(text_data()), format="square", fields={"headline": "A\ud83dB"}, code="A", assets=Assets())
    assert picture.report.texts[0].lines == ("AB",)


def test_a_qr_text_that_is_too_long_is_refused():
    layer = {"id": "q", "type": "qr", "x": 0, "y": 0, "width": 99, "height": 99, "level": "h", "data": "{link}"}
    with pytest.raises(QrTooLong):
        render(document(layer), format="square", fields={}, code="A", assets=Assets(), referral_link="x" * 1300)
