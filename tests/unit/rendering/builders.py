"""Small documents and layers for the tests of rendering."""

from io import BytesIO

from PIL import Image

from promostack.rendering.assets import AssetMissing
from promostack.templates.document import TextLayer

HEADLINES = {
    "latin": "Get 30% off your next challenge",
    "cyrillic": "ЛЕТО −50 %",
    "arabic": "خصم ٢٠٪ حتى الجمعة",
    "japanese": "夏セール",
    "devanagari": "ग्रीष्म छूट",
    "thai": "ลดราคาฤดูร้อน",
    "hebrew": 'מבצע "קיץ" 25% (היום)',
    "emoji": "👨‍👩‍👧‍👦 family ❤️",
}
CODES = ("A", "WELCOME-30", "ABCDEFGHJKLMNPQRSTUVWXYZ23456789-SUMMER9", "W" * 64)


def text_data(**changes):
    return {
        "id": "t",
        "type": "text",
        "x": 90,
        "y": 100,
        "width": 900,
        "height": 300,
        "text": "{headline}",
        "max_size": 180,
        "lines": 2,
        "font": {"family": "Inter", "weight": 800},
        **changes,
    }


def text_layer(**changes):
    return TextLayer.model_validate(text_data(**changes))


def document(*layers, width=1080, height=1080, background=None, fields=("headline",)):
    return {
        "schema": 2,
        "slug": "test",
        "name": "Test",
        "fields": {name: {"sample": "", "public": True, "max": 500} for name in fields},
        "formats": {
            "square": {
                "width": width,
                "height": height,
                "background": background or {"color": "#203040"},
                "layers": list(layers),
            }
        },
    }


def png(width=64, height=64, colour=(255, 200, 0, 255)):
    buffer = BytesIO()
    Image.new("RGBA", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


class Assets(dict):
    """Assets by key, as the renderer asks for them."""

    def load(self, key):
        if key not in self:
            raise AssetMissing(key)
        return self[key]
