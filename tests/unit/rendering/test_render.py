"""Finished pictures: ink inside its box, readable codes, equal bytes, and errors that name the asset."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageOps, ImageStat

from promostack.rendering import service
from promostack.rendering.assets import AssetMissing
from promostack.rendering.compiled import default_logo_layer
from promostack.rendering.decode import AssetBroken
from promostack.rendering.encode import encode
from promostack.rendering.service import UnknownFormat, render
from promostack.templates.document import parse_document
from tests.unit.rendering.builders import CODES, HEADLINES, Assets, document, png, text_data

ROOT = Path(__file__).resolve().parents[3]
LINK = "https://prop.funderpro.com/buy-challenge/?promo=WELCOME-30"


def draw(data, *, code="WELCOME-30", headline="Sale", output="png", assets=None, **options):
    fields = {"headline": headline}
    return render(data, format="square", fields=fields, code=code, assets=assets or Assets(), output=output, **options)


def pixels(picture):
    return Image.open(io.BytesIO(picture.data))


def ink_box(picture):
    return pixels(picture).convert("RGBA").getchannel("A").getbbox()


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("text", [*HEADLINES.values(), *CODES])
@pytest.mark.parametrize(
    "style",
    [
        {"line_height": 0.9},
        {"stroke": {"color": "#000000", "width": 14}},
        {"shadow": {"dx": 6, "dy": 10, "blur": 12, "color": "#000000"}, "valign": "bottom", "align": "left"},
    ],
)
def test_no_ink_outside_the_box(text, style, scale):
    picture = draw(document(text_data(text="{headline}", **style)), headline=text, only=["t"], scale=scale)
    left, top, right, bottom = ink_box(picture)
    assert min(left - 90 * scale, top - 100 * scale, 990 * scale - right, 400 * scale - bottom) >= 0


def test_equal_input_gives_equal_bytes_in_another_process():
    script = (
        "from tests.unit.rendering.test_render import *;"
        "print(*[draw(document(text_data()), headline='夏セール', output=o).sha256 for o in ('png', 'jpeg', 'webp')])"
    )
    command = [sys.executable, "-c", script]
    environment = {"PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}", "PATH": ""}
    there = subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.split()
    here = [draw(document(text_data()), headline="夏セール", output=o).sha256 for o in ("png", "jpeg", "webp")]
    assert there == here


def test_kept_strips_do_not_change_the_bytes():
    data = parse_document(document(text_data(text="{code}", background={"color": "#FF0000", "radius": 20})))
    warm = [draw(data, code=code, output="jpeg").data for code in ("FIRST", "SECOND", "THIRD")]
    service._kept.clear()
    assert draw(data, code="THIRD", output="jpeg").data == warm[2]
    full = io.BytesIO()
    pixels(draw(data, code="THIRD")).save(full, "JPEG", quality=90, subsampling=0)
    assert ImageChops.difference(Image.open(full), Image.open(io.BytesIO(warm[2]))).getbbox() is None


@pytest.mark.parametrize("ground", ["#334455", "#00000000"], ids=["opaque", "clear"])
def test_kept_strips_of_a_png_change_neither_bytes_nor_pixels(ground, monkeypatch):
    layer = text_data(text="{code}", y=500, height=200, background={"color": "#FF0000", "radius": 20})
    data = parse_document(document(layer, background={"color": ground}))
    warm = [draw(data, code=code).data for code in ("FIRST", "SECOND-ONE", "THIRD")]
    service._kept.clear()
    assert draw(data, code="THIRD").data == warm[2]
    monkeypatch.setattr("promostack.rendering.png.encode", lambda image, *_: encode(image, "png"))
    whole = pixels(draw(data, code="THIRD"))
    assert whole.mode == Image.open(io.BytesIO(warm[2])).mode == ("RGB" if ground == "#334455" else "RGBA")
    assert whole.tobytes() == Image.open(io.BytesIO(warm[2])).tobytes()


def test_outputs_are_what_they_say():
    data = document(text_data())
    shown = {output: draw(data, output=output, scale=2) for output in ("png", "jpeg", "webp")}
    assert {output: pixels(picture).format for output, picture in shown.items()} == {
        "png": "PNG",
        "jpeg": "JPEG",
        "webp": "WEBP",
    }
    assert {(picture.width, picture.height, pixels(picture).size) for picture in shown.values()} == {
        (2160, 2160, (2160, 2160))
    }
    assert [layer[1:3] for layer in pixels(shown["jpeg"]).layer] == [(1, 1)] * 3
    assert b"sRGB" in shown["png"].data[:100]


def test_a_clear_background_stays_clear_in_png_and_turns_white_in_jpeg():
    data = document(text_data(), background={"color": "#00000000"})
    assert pixels(draw(data)).getpixel((2, 2)) == (0, 0, 0, 0)
    assert pixels(draw(data, output="jpeg")).getpixel((2, 2)) == (255, 255, 255)


@pytest.mark.parametrize("output", ["png", "jpeg"])
def test_a_qr_code_reads_back_also_at_quality_75(output):
    data = document({"id": "q", "type": "qr", "x": 700.4, "y": 700, "width": 220, "height": 260, "radius": 12})
    image = pixels(draw(data, output=output, referral_link=LINK)).convert("RGB")
    poor = io.BytesIO()
    image.save(poor, "JPEG", quality=75)
    for shown in (image, Image.open(poor)):
        assert [found.text for found in zxingcpp.read_barcodes(shown)] == [LINK]


def test_a_rotated_qr_code_reads_back():
    data = document({"id": "q", "type": "qr", "x": 300, "y": 300, "width": 400, "height": 400, "rotation": 17})
    assert zxingcpp.read_barcodes(pixels(draw(data, referral_link=LINK)))[0].text == LINK


def test_a_qr_code_without_a_link_is_left_out():
    data = document({"id": "q", "type": "qr", "x": 300, "y": 300, "width": 400, "height": 400})
    assert ink_box(draw(data, only=["q"])) is None


def test_the_default_logo_is_a_circle_top_left():
    layer = default_logo_layer(1080, 1350)
    assert (layer.x, layer.y, layer.width, layer.height) == (43.2, 43.2, 129.6, 129.6)
    assert (default_logo_layer(200, 200).x, default_logo_layer(200, 200).width) == (20, 32)
    shown = pixels(draw(document(), logo=png())).convert("RGB")
    assert shown.getpixel((108, 108)) == (255, 200, 0)
    assert shown.getpixel((46, 46)) == (0x20, 0x30, 0x40)


def test_the_logo_can_be_switched_off_and_follows_the_templates_own_place():
    own = {"id": "brand", "type": "logo", "x": 500, "y": 500, "width": 100, "height": 50}
    shown = pixels(draw(document(own), logo="logo", assets=Assets(logo=png()))).convert("RGB")
    assert shown.getpixel((550, 525)) == (255, 200, 0)
    assert shown.getpixel((510, 525)) == (0x20, 0x30, 0x40)
    assert shown.getpixel((108, 108)) == (0x20, 0x30, 0x40)
    without = draw(document(own), logo=png(), show_logo=False)
    assert pixels(without).convert("RGB").getpixel((550, 525)) == (0x20, 0x30, 0x40)


def test_conditional_layers_follow_their_field():
    shape = {"id": "r", "type": "rect", "x": 0, "y": 0, "width": 10, "height": 10, "fill": "#FFFFFF"}
    filled = document({**shape, "visible_if": {"field": "headline", "present": True}})
    equal = document({**shape, "visible_if": {"field": "headline", "equals": "VIP"}})
    white = {
        (name, headline): pixels(draw(data, headline=headline)).convert("RGB").getpixel((5, 5)) == (255, 255, 255)
        for name, data in (("filled", filled), ("equal", equal))
        for headline in ("", "x", "VIP")
    }
    assert [key for key, shown in white.items() if shown] == [("filled", "x"), ("filled", "VIP"), ("equal", "VIP")]


def test_an_absent_field_shows_its_sample_and_an_empty_one_nothing():
    data = document(text_data())
    data["fields"]["headline"]["sample"] = "Sample"
    picture = render(data, format="square", fields={}, code="A", assets=Assets())
    assert picture.report.texts[0].lines == ("Sample",)
    assert draw(data, headline="").report.texts[0].outcome == "nothing"


def test_masks_opacity_and_gradients_reach_the_pixels():
    rect = {"id": "r", "type": "rect", "x": 0, "y": 0, "width": 100, "height": 100, "fill": "#FFFFFF"}
    gradient = {"angle": 90, "stops": [{"at": 0, "color": "#000000"}, {"at": 1, "color": "#FFFFFF"}]}
    masked = pixels(draw(document({**rect, "mask": {"kind": "ellipse"}, "opacity": 0.5}), only=["r"]))
    assert masked.getpixel((50, 50)) == (255, 255, 255, 128)
    assert masked.getpixel((2, 2))[3] == 0
    across = pixels(draw(document({**rect, "fill": gradient}), only=["r"]))
    assert [across.getpixel((x, 50))[0] for x in (0, 49, 99)] == pytest.approx([1, 127, 254], abs=1)


def test_text_on_top_of_its_stroke_and_pill():
    pill = {"color": "#0000FF", "radius": 30, "padding": 20, "stroke": {"color": "#00FF00", "width": 6}}
    layer = text_data(text="I", fill="#FFFFFF", stroke={"color": "#FF0000", "width": 12}, background=pill)
    shown = pixels(draw(document(layer), only=["t"])).convert("RGB")
    row = [shown.getpixel((x, 250)) for x in range(90, 541)]
    assert list(dict.fromkeys(colour for colour in row if max(colour) == 255 and sum(colour) in (255, 765))) == [
        (0, 255, 0),
        (0, 0, 255),
        (255, 0, 0),
        (255, 255, 255),
    ]


def test_an_emoji_is_drawn_whole():
    layer = text_data(x=500, width=300, text="❤️", lines=1)
    alpha = pixels(draw(document(layer), only=["t"])).getchannel("A")
    heart = alpha.crop(alpha.getbbox()).point(lambda value: 255 * (value > 127))
    differing = ImageChops.difference(heart, ImageOps.mirror(heart))
    assert ImageStat.Stat(differing).mean[0] < 4


def test_a_missing_glyph_is_in_the_report():
    assert draw(document(text_data()), headline="A\U0001342e").report.missing == ("\U0001342e",)


def test_a_missing_asset_and_a_broken_one_are_named():
    data = document(background={"asset": "seed/photo.jpg"})
    with pytest.raises(AssetMissing) as missing:
        draw(data)
    assert missing.value.key == "seed/photo.jpg"
    for damaged in (b"", b"not a picture", png()[:60]):
        with pytest.raises(AssetBroken) as broken:
            draw(data, assets=Assets({"seed/photo.jpg": damaged}))
        assert broken.value.key == "seed/photo.jpg"


def test_an_unknown_format_is_named():
    with pytest.raises(UnknownFormat) as caught:
        render(document(), format="banner", fields={}, code="A", assets=Assets())
    assert "square" in caught.value.message


def test_a_field_can_bring_the_picture():
    data = document(
        {"id": "i", "type": "image", "field": "photo", "x": 0, "y": 0, "width": 100, "height": 100}, fields=("photo",)
    )
    data["fields"]["photo"]["kind"] = "image"
    shown = render(data, format="square", fields={"photo": "k"}, code="A", assets=Assets(k=png()), output="png")
    assert pixels(shown).convert("RGB").getpixel((50, 50)) == (255, 200, 0)
