"""A font that a document brings along looks the same in the preview and in the server's picture."""

import base64
import io

from PIL import Image
from playwright.sync_api import Page

from promostack.rendering.service import render
from tests.parity import measure
from tests.parity.test_pictures import LEAST_SSIM, MOST_PIXELS_PER_CENT
from tests.unit.rendering.font_files import shipped

KEY = "uploads/somebody/font.ttf"
LAYER = {"id": "code", "type": "text", "x": 40, "y": 40, "width": 520, "height": 220, "lines": 2,
         "text": "Own font {code} ж", "max_size": 120, "fill": "#FFFFFF"}  # fmt: skip


class OneFont:
    def load(self, key: str) -> bytes:
        assert key == KEY
        return shipped("unbounded-800")


def document(family: str) -> dict:
    layer = {**LAYER, "font": {"family": family, "weight": 800}}
    shape = {"width": 600, "height": 300, "background": {"color": "#1A2B4C"}, "layers": [layer]}
    fonts = {"House": KEY} if family == "House" else {}
    return {"schema": 2, "slug": "own", "name": "Own", "fonts": fonts, "formats": {"only": shape}}


def test_a_font_of_the_document_is_used_by_preview_and_server_alike(page: Page) -> None:
    page.route("**/cdn/uploads/**", lambda route: route.fulfill(body=shipped("unbounded-800"), content_type="font/ttf"))
    draw = "([document, options]) => parity.draw(document, options)"
    told = page.evaluate(draw, [document("House"), {"format": "only", "code": "A-1"}])
    shown = Image.open(io.BytesIO(base64.b64decode(told))).convert("RGB")
    made = render(document("House"), format="only", fields={}, code="A-1", assets=OneFont(), output="png")
    server = Image.open(io.BytesIO(made.data)).convert("RGB")
    assert measure.ssim(server, shown) >= LEAST_SSIM
    assert 100 * measure.differing(server, shown).mean() <= MOST_PIXELS_PER_CENT
    other = render(document("Inter"), format="only", fields={}, code="A-1", assets=OneFont(), output="png")
    assert measure.ssim(server, Image.open(io.BytesIO(other.data)).convert("RGB")) < LEAST_SSIM
