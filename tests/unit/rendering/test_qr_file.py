"""A link's QR code as a file of its own."""

import io

import pytest
import zxingcpp
from PIL import Image

from promostack.rendering.qr import QrTooLong, as_png

LINK = "https://shop.example.com/?promo=WELCOME-30&x=1"


@pytest.mark.parametrize("text", [LINK, "A", "https://shop.example.com/?promo=" + "X" * 900, "Straße ü"])
def test_it_reads_back_as_a_jpeg_that_somebody_made_smaller(text: str) -> None:
    data, side_px = as_png(text)
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (side_px, side_px)
    file = io.BytesIO()
    picture.convert("RGB").resize((480, 480)).save(file, "JPEG", quality=75)
    assert zxingcpp.read_barcode(Image.open(file)).text == text


def test_the_same_link_gives_the_same_bytes() -> None:
    assert as_png(LINK) == as_png(LINK)


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(QrTooLong):
        as_png("x" * 3_000)
