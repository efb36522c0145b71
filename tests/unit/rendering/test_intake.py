"""Pictures from strangers: what is taken becomes plain pixels, what is not is refused with the reason in words."""

import base64
import io
import os
import re
import signal
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from promostack.rendering import intake, svg_process
from promostack.rendering.errors import PictureRefused
from promostack.rendering.intake import clean

SVG, PNG, JPEG, WEBP = "image/svg+xml", "image/png", "image/jpeg", "image/webp"
NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def svg(inside: str, attributes: str = 'viewBox="0 0 100 50"', before: str = "") -> bytes:
    return f"{before}<svg {NS} {attributes}>{inside}</svg>".encode()


def opened(data: bytes, media_type: str, longest_px: int = 1600) -> Image.Image:
    return Image.open(io.BytesIO(clean(data, media_type=media_type, longest_px=longest_px).data))


def refusal(data: bytes, media_type: str) -> str:
    with pytest.raises(PictureRefused) as refused:
        clean(data, media_type=media_type, longest_px=1600)
    return refused.value.why


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size, of very few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "media_type", "becomes"), [("PNG", PNG, PNG), ("JPEG", JPEG, JPEG), ("WEBP", WEBP, PNG)]
)
def test_a_good_picture_is_written_anew_and_always_alike(kind: str, media_type: str, becomes: str) -> None:
    data = picture(kind)
    first, second = (clean(data, media_type=media_type, longest_px=1600) for _ in range(2))
    assert first == second
    assert (first.media_type, first.width, first.height) == (becomes, 60, 40)
    assert first.data != data


def test_what_is_too_large_to_be_drawn_is_made_smaller() -> None:
    assert opened(picture(size=(400, 100)), PNG, longest_px=100).size == (100, 25)


def test_orientation_is_applied_and_metadata_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where I live"
    data = picture("JPEG", exif=exif, comment=b"canary")
    result = clean(data, media_type=JPEG, longest_px=1600)
    assert (result.width, result.height) == (40, 60)
    assert dict(Image.open(io.BytesIO(result.data)).getexif()) == {}
    assert b"where I live" not in result.data
    assert b"canary" not in result.data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_as_the_library_turns_it(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = picture(mode="RGBA", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert opened(data, PNG).tobytes() == upright.tobytes()


# The second one says how the picture lies, and holds a value that no writer of EXIF takes.
NO_EXIF = b"XXXXXXXXXXXXXXXXXX"
ODD_EXIF = struct.pack(">2sHLHHHLHHHHL4sL", b"MM", 42, 8, 2, 0x0112, 3, 1, 6, 0, 0x0128, 9, 1, b"\xff\xff\xff\xff", 0)


@pytest.mark.parametrize(("exif", "size"), [(NO_EXIF, (60, 40)), (ODD_EXIF, (40, 60))], ids=["none", "odd"])
@pytest.mark.parametrize(("kind", "media_type"), [("PNG", PNG), ("JPEG", JPEG), ("WEBP", WEBP)])
def test_exif_that_cannot_be_read_or_written_costs_no_picture(
    exif: bytes, size: tuple[int, int], kind: str, media_type: str
) -> None:
    data = picture(kind, exif=b"Exif\0\0" + exif)
    assert opened(data, media_type).size == size


def test_transparency_and_deep_greys_are_kept() -> None:
    assert opened(picture(mode="RGBA"), PNG).mode == "RGBA"
    grey = Image.new("I;16", (2, 1))
    grey.putpixel((0, 0), 0x8000)
    out = io.BytesIO()
    grey.save(out, "PNG")
    assert opened(out.getvalue(), PNG).getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("data", "media_type", "why"),
    [
        (picture("GIF"), PNG, "it is a GIF, and a PNG was announced"),
        (picture("JPEG"), PNG, "it is a JPEG, and a PNG was announced"),
        (picture(), SVG, "it is a PNG, and an SVG was announced"),
        (b"%PDF-1.7 and so on", PNG, "it is a PDF, and a PNG was announced"),
        (b"hello", JPEG, "it is a file of another kind, and a JPEG was announced"),
        (b"\x89PNG\r\n\x1a\n", PNG, "it is damaged or cut off"),
        (picture(size=(300, 300))[:-500], PNG, "it is damaged or cut off"),
        (picture("JPEG", (300, 300))[:-500], JPEG, "it is damaged or cut off"),
        (picture("WEBP", (300, 300))[:-100], WEBP, "it is damaged or cut off"),
        (png_header(60, 40), PNG, "it is damaged or cut off"),
        (png_header(20_000, 2_001), PNG, "it has more than 40 megapixels"),
        (png_header(2_000_000_000, 2_000_000_000), PNG, "it has more than 40 megapixels"),
        (picture() + bytes(10_000_000), PNG, "it has more than 10 MB"),
        (
            picture("PNG", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
            PNG,
            "it moves; a still picture is needed",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_words(data: bytes, media_type: str, why: str) -> None:
    assert refusal(data, media_type) == why


def test_a_picture_bomb_is_refused_before_it_is_decoded() -> None:
    """50 000 × 50 000 pixels in some kilobytes: decoding it would take 7 GB."""
    assert refusal(png_header(50_000, 50_000), PNG) == "it has more than 40 megapixels"


def with_scans(number: int, before: bytes = b"") -> bytes:
    """A progressive JPEG whose first scan is sent again and again: each time all of the picture is gone over."""
    data = picture("JPEG", (300, 200), progressive=True)
    start = data.index(b"\xff\xda")
    end = re.compile(rb"\xff[^\0]").search(data, start + 2).start()
    again = number - data.count(b"\xff\xda")
    return data[:end] + before + data[start:end] * again + data[end:]


def test_a_jpeg_has_so_many_scans_and_no_more() -> None:
    """Thousands of them fit into some kilobytes, and decode for minutes."""
    assert opened(with_scans(intake.MOST_SCANS), JPEG).size == (300, 200)
    assert refusal(with_scans(intake.MOST_SCANS + 1), JPEG).startswith("it is stored in more than 30 passes")
    hidden = with_scans(intake.MOST_SCANS + 1, before=b"\xff\x02\xff\xff")
    assert refusal(hidden, JPEG).startswith("it is stored in more than 30 passes")


PROFILE = chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(1 << 20)))
PNG_HEAD, JPEG_HEAD = 8 + 25, 2


@pytest.mark.parametrize(
    ("data", "head", "part", "media_type"),
    [
        (picture(), PNG_HEAD, PROFILE, PNG),
        (picture(), PNG_HEAD, chunk(b"abCd", b""), PNG),
        (picture("JPEG"), JPEG_HEAD, b"\xff\xe1\0\x0aExif\0\0aa", JPEG),
        (picture("JPEG"), JPEG_HEAD, b"\xff\xfe\0\2", JPEG),
    ],
    ids=["profiles", "chunks", "EXIF", "comments"],
)
def test_a_file_has_so_many_parts_and_no_more(data: bytes, head: int, part: bytes, media_type: str) -> None:
    """A profile of a kilobyte unpacks to a megabyte, and EXIF is copied again for each piece of it."""
    few, many = (data[:head] + part * number + data[head:] for number in (20, intake.MOST_PARTS))
    assert opened(few, media_type).size == (60, 40)
    assert refusal(many, media_type).startswith("it has more than 300 parts")


def test_a_png_may_keep_its_pixels_in_any_number_of_parts() -> None:
    data = picture()
    assert opened(data[:-12] + chunk(b"IDAT", b"") * 2 * intake.MOST_PARTS + data[-12:], PNG).size == (60, 40)


def test_bytes_between_the_parts_of_a_jpeg_are_few() -> None:
    data = picture("JPEG")
    few, many = (data[:JPEG_HEAD] + b"\xff" * number + data[JPEG_HEAD:] for number in (100, 100_000))
    assert opened(few, JPEG).size == (60, 40)
    assert refusal(many, JPEG) == "it is damaged or cut off"


def test_an_empty_picture_shows_nothing() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (9, 9)).save(out, "PNG")
    assert refusal(out.getvalue(), PNG) == "it shows nothing"


def zipped() -> bytes:
    """An archive of a fixed date: with the clock's, two collections of these tests would differ."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("payload.js"), "alert(1)")
    return out.getvalue()


def with_text(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text)
    return picture(pnginfo=info)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (picture() + zipped(), PNG),
        (picture("JPEG") + zipped(), JPEG),
        (picture("WEBP") + zipped(), WEBP),
        (picture("JPEG") + b"<html><script>alert(1)</script>", JPEG),
        (picture("JPEG", comment=b"<script>alert(1)</script>"), JPEG),
        (with_text("<?php system($_GET[0]); ?>"), PNG),
        (with_text("%PDF-1.4 1 0 obj"), PNG),
        (picture() + picture(), PNG),
    ],
)
def test_a_file_that_is_two_is_refused(data: bytes, media_type: str) -> None:
    assert refusal(data, media_type).startswith("another file is hidden in it")


def test_a_jpeg_with_a_thumbnail_and_restarts_is_one_file() -> None:
    exif = Image.Exif()
    exif[0x010E] = "x"
    data = picture("JPEG", (300, 200), restart_marker_rows=2, exif=exif.tobytes() + picture("JPEG", (16, 16)))
    assert opened(data, JPEG).size == (300, 200)
    assert opened(picture("JPEG", (300, 200), progressive=True), JPEG).size == (300, 200)


GOOD = {
    "shapes": '<rect width="100" height="50" fill="#123456"/><circle cx="50" cy="25" r="20" fill="gold"/>',
    "gradient": '<linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient><rect width="9" height="9"'
    ' fill="url(#g)"/>',
    "clip": '<clipPath id="c"><circle r="9"/></clipPath><rect width="99" height="9" clip-path="url(#c)"/>',
    "styles": "<style>.a{fill:#f00;opacity:.5}</style><path class='a' d='M0 0h10v10z'/>",
    "use": '<defs><path id="p" d="M0 0h10v10z"/></defs><use xlink:href="#p"/><use href="#p" x="20"/>',
    "an editor's notes": '<metadata><x xmlns="urn:x">note</x></metadata><title>Logo</title><path d="M0 0h10v10z"/>',
    "filter": '<filter id="f"><feOffset dx="2"/></filter><rect width="20" height="20" filter="url(#f)"/>',
    "names of layers": '<g id="Logo@2x" data-name="C:\\logo" aria-label="i@shop.example"><path d="M0 0h10v9z"/></g>',
    "a fill by a layer's name": '<linearGradient id="a@2x"><stop stop-color="red"/></linearGradient>'
    '<rect width="9" height="9" fill="url(#a@2x)"/>',
}


@pytest.mark.parametrize("inside", GOOD.values(), ids=GOOD)
def test_a_drawing_becomes_a_png_of_the_wanted_size(inside: str) -> None:
    result = clean(svg(inside), media_type=SVG, longest_px=200)
    assert (result.media_type, result.width, result.height) == (PNG, 200, 100)


def test_an_illustrators_head_is_taken() -> None:
    head = (
        '<?xml version="1.0" encoding="utf-8"?><!-- Generator -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    )
    attributes = 'width="40mm" height="20mm" xmlns:inkscape="urn:i" inkscape:version="1"'
    assert opened(svg(GOOD["shapes"], attributes, head), SVG, 100).size == (100, 50)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BAD = {
    "script": ("<script>alert(1)</script>", "it holds a script"),
    "handler": ('<rect onload="alert(1)"/>', "it holds a script (onload)"),
    "handler in capitals": ('<rect ONCLICK="alert(1)"/>', "it holds a script (ONCLICK)"),
    "script in the notes": ('<metadata><script xmlns="http://www.w3.org/1999/xhtml"/></metadata>', "it holds a script"),
    "html": ("<foreignObject><p>x</p></foreignObject>", "it holds content that is no drawing"),
    "picture from elsewhere": ('<image href="http://169.254.169.254/x.png"/>', "it refers to another picture"),
    "picture of this machine": ('<image xlink:href="file:///etc/passwd"/>', "it refers to another picture"),
    "picture inside": ('<image href="data:image/png;base64,AAAA"/>', "it refers to another picture"),
    "use from elsewhere": ('<use href="https://example.com/a.svg#x"/>', "it refers to something outside itself"),
    "style from elsewhere": ("<style>@import url(https://example.com/a.css);</style>", "its styles refer to something"),
    "fill from elsewhere": ('<rect fill="url(https://example.com/a.svg#g)"/>', "its styles refer to something"),
    "hidden address": (r'<rect style="fill:u\72l(http://example.com)"/>', "its styles refer to something"),
    "link": ('<a href="#x"><rect/></a>', "it holds a link"),
    "text": ("<text>Brand</text>", "it holds text, whose font we do not have"),
    "animation": ('<rect><animate attributeName="x"/></rect>', "it moves"),
    "unknown": ("<video/>", "it holds <video>, which is not taken"),
    "deep": ("<g>" * 5000 + "</g>" * 5000, "it is nested more than 60 deep"),
    "nothing drawn": ("<g/>", "it shows nothing"),
}


@pytest.mark.parametrize(("inside", "why"), BAD.values(), ids=BAD)
def test_a_drawing_that_is_more_than_a_drawing_is_refused(inside: str, why: str) -> None:
    assert refusal(svg(inside), SVG).startswith(why)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (svg("<g>&l9;</g>", before=f"<!DOCTYPE svg [<!ENTITY l0 'ha'>{LAUGHS}]>"), "it declares entities"),
        (svg("&x;", before="<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), "it declares entities"),
        (svg("<g/>", before="<!DOCTYPE svg [<!ATTLIST g a CDATA 'x'>]>"), "it declares attributes"),
        (svg(GOOD["shapes"])[:-9], "it is cut off or not well-formed"),
        (svg(GOOD["shapes"]) + zipped(), "it is cut off or not well-formed"),
        (svg(GOOD["shapes"], ""), "it does not state its size"),
        (svg(GOOD["shapes"], 'width="100%" height="100%"'), "it does not state its size"),
        (svg(GOOD["shapes"], 'viewBox="0 0 nan inf"'), "it does not state its size"),
        (svg(GOOD["shapes"], 'viewBox="0 0 1e300 1"'), "it is more than 50 times as long"),
        (svg(GOOD["shapes"], f'width="{"1" * 900_000}!" height="5"'), "it does not state its size"),
        (svg(GOOD["shapes"], f'width="1{" " * 900_000}!" height="5"'), "it does not state its size"),
        (svg("<g/>" * 300_000), "an SVG may have 1 MB at most"),
        (b"<html><svg/></html>", "it is no SVG drawing"),
    ],
)
def test_a_broken_or_swollen_drawing_is_refused(data: bytes, why: str) -> None:
    assert refusal(data, SVG).startswith(why)


def test_what_is_dropped_costs_no_more_behind_what_is_kept() -> None:
    """Each of the notes looked for its place among all the elements before it: hours for a megabyte."""
    result = clean(svg(GOOD["shapes"] + "<g/>" * 100_000 + "<desc/>" * 70_000), media_type=SVG, longest_px=50)
    assert (result.width, result.height) == (50, 25)


def test_a_drawing_that_wants_too_much_ends_by_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would abort the process for want of memory, or hold it for minutes."""
    monkeypatch.setattr(svg_process, "MOST_WALL_S", 2)
    large = '<rect x="-9000" y="-9000" width="90000" height="90000"/>'
    pattern = f'<pattern id="p" width="9000" height="9000" patternUnits="userSpaceOnUse">{large}</pattern>'
    for inside in (
        pattern + '<rect width="9" height="9" fill="url(#p)"/>',
        '<g opacity=".9">' * 50 + large + "</g>" * 50,
    ):
        assert refusal(svg(inside), SVG).startswith("it cannot be drawn in reasonable time")


@pytest.mark.parametrize(("greed", "status"), [("bytearray(1 << 30)", 1), ("sum(iter(int, 1))", -signal.SIGKILL)])
def test_the_drawing_process_has_bounds_of_its_own(greed: str, status: int) -> None:
    """A rasteriser that takes a gigabyte, or never ends, is stopped by the kernel."""
    program = (
        "import sys, types; from promostack.rendering import svg_process; svg_process.MOST_CPU_S = 1;"
        f"sys.modules['resvg_py'] = types.SimpleNamespace(svg_to_bytes=lambda **_: bytes({greed}));"
        "svg_process.main()"
    )
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], input=b"<svg/>", env=path, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (status, b"")


def test_the_drawing_process_gets_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    run = subprocess.run

    def watched(*arguments: object, **options: object) -> object:
        seen.update(options["env"])
        return run(*arguments, **options)

    monkeypatch.setenv("SECRETS_KEYS", "canary")
    monkeypatch.setattr(subprocess, "run", watched)
    assert opened(svg(GOOD["shapes"]), SVG, 40).size == (40, 20)
    assert set(seen) == {"PYTHONPATH"}


def test_what_reaches_the_rasteriser_names_no_other_place() -> None:
    note = base64.b64encode(b"x").decode()
    inside = f'<rect width="9" height="9" xmlns:e="urn:e" e:href="http://example.com/{note}" data-x="1"/>'
    assert opened(svg(inside), SVG, 50).size == (50, 25)
