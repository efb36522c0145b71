"""A colour glyph is painted whole, however its layer is turned."""

from io import BytesIO

import pytest
from PIL import Image

from promostack.rendering.service import render
from promostack.templates.document import parse_document
from tests.unit.rendering.builders import text_data


class NoAssets:
    def load(self, key: str) -> bytes:
        raise AssertionError(f"{key} is not needed")


def red_pixels(rotation: float) -> int:
    """How many pixels a red heart covers; the picture has nothing else that is red."""
    layer = text_data(text="❤️", max_size=200, x=300, y=300, width=480, height=480, rotation=rotation)
    document = parse_document(
        {
            "schema": 2,
            "slug": "heart",
            "name": "Heart",
            "fields": {},
            "formats": {
                "square": {"width": 1080, "height": 1080, "background": {"color": "#ffffff"}, "layers": [layer]}
            },
        }
    )
    picture = render(document, format="square", fields={}, code="A", assets=NoAssets(), output="png", show_logo=False)
    image = Image.open(BytesIO(picture.data)).convert("RGB")
    return sum(count for count, (red, green, blue) in image.getcolors(1 << 24) if red > 150 and green < 100 > blue)


@pytest.mark.parametrize("rotation", [-8, 20, 45, 90, 180])
def test_a_turned_emoji_has_as_much_ink_as_an_upright_one(rotation: float) -> None:
    upright = red_pixels(0)
    assert upright > 5_000
    assert red_pixels(rotation) == pytest.approx(upright, rel=0.03)
