"""One golden picture per script and per kind of drawing, looked at by people when it changes.

`PYTHONPATH=shared:. .venv/bin/python -m tests.golden.rendering.test_scripts` writes them anew.
"""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from promostack.rendering.service import render
from tests.unit.rendering.builders import HEADLINES, Assets, document, png, text_data

FOLDER = Path(__file__).with_name("scripts")
# Processors may round the last bit of a coverage differently.
TOLERANCE = 2
GOLD = {"angle": 90, "stops": [{"at": 0, "color": "#F6D365"}, {"at": 1, "color": "#FDA085"}]}
MORE = {
    "greek": "Η ΤΕΛΕΥΤΑΊΑ μέρα της προσφοράς",
    "chinese": "今天就开始，优惠码当日有效！",
    "vietnamese": "Ưu đãi KẾT THÚC hôm nay",
}
STYLED = {
    "fill": GOLD,
    "stroke": {"color": "#081028", "width": 10},
    "shadow": {"dx": 0, "dy": 8, "blur": 12, "color": "#000000A0"},
    "background": {"color": "#1B2A57", "radius": 48, "padding": [28, 16], "stroke": {"color": "#F6D365", "width": 4}},
    "rotation": -4,
    "letter_spacing": 0.04,
    "case": "upper",
}
SHAPES = (
    {
        "id": "r",
        "type": "rect",
        "x": 24.5,
        "y": 24,
        "width": 150,
        "height": 190,
        "radius": 24,
        "fill": GOLD,
        "rotation": 8,
    },
    {"id": "e", "type": "ellipse", "x": 200, "y": 40, "width": 160, "height": 160, "fill": "#3B82F680"}
    | {"stroke": {"color": "#FFFFFF", "width": 8}, "shadow": {"dx": 6, "dy": 6, "blur": 10}},
    {"id": "i", "type": "image", "asset": "logo", "x": 380, "y": 60, "width": 120, "height": 120, "rotation": 20}
    | {
        "mask": {
            "kind": "gradient",
            "gradient": {"stops": [{"at": 0, "color": "#FFF"}, {"at": 1, "color": "#FFFFFF00"}]},
        }
    },
    {
        "id": "q",
        "type": "qr",
        "data": "{code}",
        "x": 512,
        "y": 70,
        "width": 110,
        "height": 110,
        "quiet": 2,
        "radius": 8,
    },
)


def scenes():
    box = {"x": 24, "y": 20, "width": 592, "height": 200, "max_size": 96}
    found = {name: [text_data(**box, text=text)] for name, text in (HEADLINES | MORE).items()}
    return found | {"styled": [text_data(**box, text="{code}", **STYLED)], "shapes": list(SHAPES)}


def draw(layers):
    data = document(*layers, width=640, height=240, background={"color": "#102042"})
    picture = render(data, format="square", fields={}, code="WELCOME-30", assets=Assets(logo=png()), output="png")
    return Image.open(io.BytesIO(picture.data)).convert("RGB")


@pytest.mark.parametrize("name", scenes())
def test_the_picture_is_the_golden_one(name):
    golden = Image.open(FOLDER / f"{name}.png").convert("RGB")
    difference = ImageChops.difference(draw(scenes()[name]), golden)
    assert max(high for _, high in difference.getextrema()) <= TOLERANCE


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for scene, layers in scenes().items():
        draw(layers).save(FOLDER / f"{scene}.png", optimize=True)
