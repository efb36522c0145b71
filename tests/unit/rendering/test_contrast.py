"""The report says how texts stand out and whether all of them is seen; on request they are made to."""

from typing import Any

import pytest

from promostack.rendering.service import TextReport, render
from promostack.templates.document import InvalidDocument

WHITE = {"color": "#FFFFFF"}
LIGHT_TO_DARK = {"gradient": {"stops": [{"at": 0, "color": "#FFFFFF"}, {"at": 1, "color": "#000000"}]}}


class NoAssets:
    def load(self, key: str) -> bytes:
        raise AssertionError(key)


def document(*layers: dict[str, Any], background: dict[str, Any]) -> dict[str, Any]:
    box = {"type": "text", "x": 40, "y": 100, "width": 520, "height": 200, "max_size": 90}
    shape = {
        "width": 600,
        "height": 400,
        "background": background,
        "layers": [layer if "type" in layer else {"id": f"text{i}", **box, **layer} for i, layer in enumerate(layers)],
    }
    return {"schema": 2, "slug": "one", "name": "One", "formats": {"only": shape}}


def reported(*layers: dict[str, Any], background: dict[str, Any] = WHITE, scale: int = 1) -> TextReport:
    picture = render(
        document(*layers, background=background), format="only", fields={}, code="A", assets=NoAssets(), scale=scale
    )
    return picture.report.texts[-1]


@pytest.mark.parametrize("text", ["Sale", "Sale {code}"], ids=["painted once", "painted anew"])
@pytest.mark.parametrize(
    ("fill", "ground", "ratio"),
    [("#777777", "#FFFFFF", 4.47), ("#767676", "#FFFFFF", 4.54), ("#000000", "#FFFFFF", 21.0), ("#FF0", "#FFF", 1.07)],
)
def test_the_ratio_is_wcags(text: str, fill: str, ground: str, ratio: float) -> None:
    assert reported({"text": text, "fill": fill}, background={"color": ground}).contrast == ratio


def test_its_own_pill_and_see_through_inks_count() -> None:
    pill = {"color": "#00000080"}

    assert reported({"text": "Sale", "fill": "#FFFFFF"}).contrast == 1.0
    assert reported({"text": "Sale", "fill": "#FFFFFF", "background": pill}).contrast == pytest.approx(3.98, abs=0.03)
    assert reported(
        {"text": "Sale", "fill": "#FFFFFF", "background": pill, "mask": {"kind": "rect"}}
    ).contrast == pytest.approx(3.98, abs=0.03)
    assert reported({"text": "Sale", "fill": "#00000080"}).contrast == pytest.approx(3.98, abs=0.03)


def test_the_worst_part_of_the_ground_and_of_the_ink_counts() -> None:
    inks = {"stops": [{"at": 0, "color": "#FFFFFF"}, {"at": 1, "color": "#000000"}]}

    low = {"height": 300, "lines": 3, "max_size": 96, "text": "Over all of it, from light to dark"}
    assert reported({**low, "fill": "#FFFFFF"}, background=LIGHT_TO_DARK).contrast < 2.5
    assert reported({"text": "Sale", "fill": inks}).contrast == 1.0


def test_a_text_over_a_changing_layer_is_measured_with_it() -> None:
    plate = {
        "id": "code",
        "type": "text",
        "text": "{code}",
        "fill": "#000",
        "x": 0,
        "y": 0,
        "width": 600,
        "height": 400,
    }
    plate["background"] = {"color": "#000000"}

    assert reported(plate, {"text": "Sale", "fill": "#FFFFFF"}).contrast == 21.0


def test_nothing_is_claimed_over_a_see_through_ground_or_for_emoji() -> None:
    assert reported({"text": "Sale"}, background={"color": "#00000080"}).contrast is None
    assert reported({"text": "🎉🎉"}).contrast is None


def test_an_outline_thick_enough_counts_as_the_ground() -> None:
    assert reported({"text": "Sale", "stroke": {"color": "#000000", "width": 12}}).contrast == 21.0
    assert reported({"text": "Sale", "stroke": {"color": "#000000", "width": 1}}).contrast == 1.0
    assert reported({"text": "Sale", "stroke": {"color": "#00000080", "width": 12}}).contrast == 1.0


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("fix", ["scrim", "stroke"])
def test_a_wanted_contrast_is_reached_with_little(fix: str, scale: int) -> None:
    weak = {"text": "Sale {code}", "fill": "#FFFFFF", "contrast": {"fix": fix}}

    found = reported(weak, scale=scale)

    assert found.corrected == fix
    assert found.contrast is not None
    assert 4.5 <= found.contrast <= (5.2 if fix == "scrim" else 21)


def test_what_stands_out_is_left_alone() -> None:
    strong = {"text": "Sale {code}", "fill": "#000000", "contrast": {"least": 7}}

    assert reported(strong) == reported({**strong, "contrast": None})
    assert reported(strong).corrected is None


def test_an_outline_that_may_be_needed_has_its_room() -> None:
    tight = {"text": "Sale", "max_size": 300, "height": 60}

    assert reported({**tight, "contrast": {"fix": "stroke", "width": 20}}).size < reported(tight).size


def test_two_outlines_are_refused() -> None:
    both = {"text": "Sale", "stroke": {"color": "#000", "width": 2}, "contrast": {"fix": "stroke"}}

    with pytest.raises(InvalidDocument, match="stroke already"):
        reported(both)


@pytest.mark.parametrize(
    ("layer", "clipped"),
    [
        ({"text": "Sale"}, False),
        ({"text": "A text too long for its box", "min_size": 90, "overflow": "ellipsis"}, True),
        ({"text": "Small, but whole, as it may shrink", "min_size": 90}, False),
        ({"text": "Sale", "width": 4, "background": {"color": "#000", "padding": 20}}, True),
        ({"text": "Beyond the edge", "x": 300}, True),
        ({"text": "SALES ALL OVER", "x": 0, "width": 600, "max_size": 300}, False),
        ({"text": "SALES ALL OVER", "x": 0, "width": 600, "max_size": 300, "rotation": 40}, True),
        ({"text": "{link}"}, False),
    ],
    ids=["whole", "ellipsis", "shrunk", "no room", "beyond the edge", "to the edges", "turned", "empty"],
)
def test_a_text_of_which_something_is_not_seen_is_clipped(layer: dict[str, Any], clipped: bool) -> None:
    assert reported(layer).clipped is clipped
