"""The seed templates, and one of their layers drawn alone."""

import io
import json

from PIL import Image

from promostack.rendering import geometry, raster
from promostack.rendering.paint import box_of
from promostack.rendering.service import Picture, render
from promostack.templates.document import Document, TextLayer, parse_document
from scripts.promo_pictures import DEMO_LINK, SEED, SeedAssets


def load(slug: str) -> Document:
    return parse_document(json.loads((SEED / "templates" / f"{slug}.json").read_text(encoding="utf-8")))


SLUGS = sorted(path.stem for path in (SEED / "templates").glob("*.json"))
FORMATS = [(slug, name) for slug in SLUGS for name in load(slug).formats]


def texts_with(document: Document, name: str, field: str) -> list[TextLayer]:
    """The format's text layers that show a field."""
    return [
        layer
        for layer in document.formats[name].layers
        if isinstance(layer, TextLayer) and f"{{{field}}}" in layer.text + "".join(s.text for s in layer.spans or ())
    ]


def draw(document: Document, name: str, *, code: str = "WELCOME-30", fields=None, only=None, output="png") -> Picture:
    return render(
        document,
        format=name,
        fields=fields or {},
        code=code,
        assets=SeedAssets(),
        output=output,
        only=only,
        referral_link=DEMO_LINK.replace("{code}", code),
    )


def alpha(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data)).convert("RGBA").getchannel("A")


def outside(layer: TextLayer, size: tuple[int, int]) -> Image.Image:
    """255 where no part of a pixel belongs to the layer's (rotated) box."""
    to_canvas = geometry.rotated(box_of(layer), layer.rotation, 1)
    box = raster.fill(geometry.rounded_rect(box_of(layer), 0), to_canvas)
    image = Image.new("L", size, 255)
    if box:
        image.paste(box.image.point(lambda value: 255 * (value == 0)), (box.x, box.y))
    return image
