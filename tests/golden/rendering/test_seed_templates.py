"""Every seed template in every format: ink inside its box, codes and QR codes readable, nothing missing."""

import io
import os
import random
import re
import subprocess
from itertools import product

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageOps

from promostack.templates.document import QrLayer
from scripts.promo_pictures import DEMO_LINK
from tests.golden.rendering.seeds import FORMATS, SLUGS, alpha, draw, load, outside, texts_with
from tests.sampling import each_with_one, every

CODES = ("A", "WELCOME-30", "SUMMER-FUNDING-SEASON-2026-EXTRA-40CHARS", "WIDE-MMMM-" * 6 + "WWWW")
HEADLINES = ("ЛЕТО −50 %", "خصم ٢٠٪ حتى الجمعة", "夏セール", "ग्रीष्म छूट", "ลดราคาฤดูร้อน", "👨‍👩‍👧‍👦")
# 0 and O, 1 and I look alike in many faces; codes are read back without them.
READABLE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
WORDS = (
    *("SUMMER", "SALE", "BLACK", "TRADE", "SAVE", "EXTRA", "FUNDED", "MARKET", "ALPHA", "DEAL", "PLUS", "HAPPY"),
    *("WEEKEND", "MEMBER", "NEW", "25", "35", "72", "84"),
)


def assert_inside(document, name, layer, **values):
    picture = draw(document, name, only=[layer.id], **values)
    ink = alpha(picture)
    assert ink.getbbox() is not None, "nothing was drawn"
    assert ImageChops.multiply(ink, outside(layer, ink.size)).getbbox() is None
    assert picture.report.missing == ()


def test_there_are_at_least_eight_in_three_formats_each():
    assert len(SLUGS) >= 8
    assert all({"square", "story", "feed"} <= load(slug).formats.keys() for slug in SLUGS)
    assert all(load(slug).fields["headline"].public for slug in SLUGS)


@pytest.mark.parametrize(("slug", "name"), each_with_one(FORMATS))
def test_codes_stay_in_their_box(slug, name):
    document = load(slug)
    layers = texts_with(document, name, "code")
    assert layers
    assert [len(code) for code in CODES] == [1, 10, 40, 64]
    for layer in layers:
        for code in CODES:
            assert_inside(document, name, layer, code=code)


@pytest.mark.parametrize(("slug", "name"), each_with_one(FORMATS))
def test_headlines_of_every_script_stay_in_their_box(slug, name):
    document = load(slug)
    layers = texts_with(document, name, "headline")
    assert layers
    for layer in layers:
        for headline in HEADLINES:
            assert_inside(document, name, layer, fields={"headline": headline})


def read_text(picture):
    """What tesseract reads of a text layer drawn alone, black on white, brought to the height it reads best."""
    ink = alpha(picture)
    box = ink.getbbox()
    lines = len(picture.report.texts[0].lines)
    factor = (32 * lines + 20 * (lines - 1)) / (box[3] - box[1])
    shown = ImageOps.expand(ImageOps.invert(ink.crop(box)), 24, 255)
    shown = shown.resize((round(shown.width * factor), round(shown.height * factor)), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    shown.save(buffer, "PNG")
    layout = ["--psm", "7" if lines == 1 else "6"]
    command = ["tesseract", "-", "-", *layout, "-c", f"tessedit_char_whitelist={READABLE}-"]
    # Its threads wait for each other longer than they help on so small a picture.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=buffer.getvalue(), capture_output=True, check=True, env=environment)
    return re.sub(r"\s", "", done.stdout.decode())


def readable_code(length, seed=0):
    """Words and numbers, as codes are: among random letters tesseract reads what usually follows, not what is there."""
    source = random.Random(100 * seed + length)
    code = source.choice(WORDS[:15])
    while len(code) < length:
        code += "-" + source.choice(WORDS)
    return code[:length].removesuffix("-").ljust(length, "X")


def without_decoration(document, name, layer):
    """The same layer with nothing but its letters: same box, size and place."""
    plain = layer.model_copy(update={"background": None, "shadow": None, "stroke": None, "fill": "#000000"})
    shape = document.formats[name]
    changed = shape.model_copy(update={"layers": [plain]})
    return document.model_copy(update={"formats": {name: changed}})


@pytest.mark.parametrize(("slug", "length"), each_with_one(list(product(SLUGS, [8, 21, 40]))))
def test_tesseract_reads_the_code_back(slug, length):
    document = load(slug)
    layer = texts_with(document, "square", "code")[0]
    code = readable_code(length)
    plain = without_decoration(document, "square", layer)
    assert read_text(draw(plain, "square", code=code, only=[layer.id])) == code


@pytest.mark.parametrize("length", every(4, range(8, 41)))
def test_tesseract_reads_codes_of_every_length(length):
    document = load(SLUGS[0])
    layer = texts_with(document, "square", "code")[0]
    code = readable_code(length, seed=1)
    plain = without_decoration(document, "square", layer)
    assert read_text(draw(plain, "square", code=code, only=[layer.id])) == code


QR_FORMATS = [
    (slug, name)
    for slug, name in FORMATS
    if any(isinstance(layer, QrLayer) for layer in load(slug).formats[name].layers)
]


@pytest.mark.parametrize(("slug", "name"), each_with_one(QR_FORMATS))
def test_qr_codes_read_back_also_at_quality_75(slug, name):
    document = load(slug)
    for code in CODES:
        image = Image.open(io.BytesIO(draw(document, name, code=code).data)).convert("RGB")
        poor = io.BytesIO()
        image.save(poor, "JPEG", quality=75)
        link = DEMO_LINK.replace("{code}", code)
        assert [found.text for found in zxingcpp.read_barcodes(Image.open(poor))] == [link]


def test_some_template_has_a_qr_code():
    assert QR_FORMATS
