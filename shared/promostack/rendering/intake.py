"""Pictures from strangers: looked at before they are decoded, decoded for real, and written anew by ourselves.

What is published is made of pixels only: no metadata, no second file behind it, the same bytes for the same file.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from promostack.rendering import svg
from promostack.rendering.decode import MAX_PIXELS, AssetBroken, decode
from promostack.rendering.encode import MEDIA_TYPES, Output, encode
from promostack.rendering.errors import PictureRefused

MOST_BYTES = 10_000_000
# Each of these multiplies the work that a file asks for. Encoders write a dozen scans, and parts of up to 64 kB.
MOST_SCANS = 30
MOST_PARTS = 300
_MOST_FILL = 10_000
_NAMES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/svg+xml": "SVG"}
TAKEN = tuple(_NAMES)
# What people send by mistake, by its first bytes.
_OTHERS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"%PDF": "PDF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"PK": "ZIP",
    b"\x1f\x8b": "gzip",
}
_FOREIGN = re.compile(rb"<script|<\?php |<!doctype html|<iframe", re.I)
# Those with a length. Of restarts and reserved ones a decoder looking for its next restart reads none.
_JPEG_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")
_ZIP_END = b"PK\x05\x06"
_LONGEST_ZIP_END = 22 + 65_535
_PDF_WITHIN = 1024


@dataclass(frozen=True)
class Clean:
    """A picture that may be published; sizes in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def clean(data: bytes, *, media_type: str, longest_px: int) -> Clean:
    """The picture, no side longer than `longest_px`, upright, in sRGB; `media_type` is what its sender says it is.

    A JPEG stays one, everything else becomes a PNG. Raises PictureRefused.
    """
    if len(data) > MOST_BYTES:
        raise PictureRefused("it has more than 10 MB")
    found = _type_of(data)
    if found != media_type:
        raise PictureRefused(
            f"it is {_article(_name_of(data, found))}, and {_article(_NAMES[media_type])} was announced"
        )
    if found == "image/svg+xml":
        data = svg.rasterise(data, longest_px=longest_px)
    else:
        _look_at(data, _NAMES[found].upper())
    try:
        image = decode(data, "upload", reduce_to=(longest_px, longest_px))
    except AssetBroken as error:
        raise PictureRefused("it is damaged or cut off") from error
    if image.mode == "RGBA" and not image.getchannel("A").getbbox():
        raise PictureRefused("it shows nothing")
    image.info.clear()  # comments, profiles and the like, which an encoder would write again
    image.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    output: Output = "jpeg" if found == "image/jpeg" else "png"
    return Clean(encode(image, output), MEDIA_TYPES[output], image.width, image.height)


def _look_at(data: bytes, kind: str) -> None:
    """Raises PictureRefused for what can be told from the file without decoding its pixels."""
    end = {"PNG": _end_of_png, "JPEG": _end_of_jpeg, "WEBP": _end_of_webp}[kind](data)
    if end is None:
        raise PictureRefused("it is damaged or cut off")
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureRefused("it has more than 40 megapixels")
            if getattr(image, "n_frames", 1) > 1:
                raise PictureRefused("it moves; a still picture is needed")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        is_bomb = isinstance(error, Image.DecompressionBombError)
        raise PictureRefused("it has more than 40 megapixels" if is_bomb else "it is damaged or cut off") from error
    if data[end:].strip(b"\0") or _is_zip(data) or b"%PDF-" in data[:_PDF_WITHIN] or _FOREIGN.search(data):
        raise PictureRefused("another file is hidden in it; save the picture anew and send that")


def _type_of(data: bytes) -> str | None:
    """The media type that the bytes show, None for none of ours."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    head = data[:4096].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    return "image/svg+xml" if head.startswith(b"<") and b"<svg" in head else None


def _name_of(data: bytes, media_type: str | None) -> str:
    if media_type:
        return _NAMES[media_type]
    return next((name for start, name in _OTHERS.items() if data.startswith(start)), "file of another kind")


def _article(name: str) -> str:
    return f"an {name}" if name == "SVG" else f"a {name}"


def _end_of_png(data: bytes) -> int | None:
    """Where the last chunk ends; raises PictureRefused for too many that hold no pixels."""
    at, parts = 8, 0
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, at = data[at + 4 : at + 8], at + 12 + length
        if kind == b"IEND":
            return at if at <= len(data) else None
        parts += kind != b"IDAT"
        _check_parts(parts)
    return None


def _end_of_jpeg(data: bytes) -> int | None:
    """Where the picture's own end marker ends; one of a thumbnail inside a segment is stepped over.

    Raises PictureRefused for too many segments or scans.
    """
    at, parts, scans, fill = 2, 0, 0, 0
    while found := _JPEG_MARKER.search(data, at):
        if found[0] == b"\xff\xd9":
            return found.end()
        parts, scans = parts + 1, scans + (found[0] == b"\xff\xda")
        fill += found.start() - at if scans == 0 else 0
        _check_parts(parts)
        if scans > MOST_SCANS:
            raise PictureRefused(f"it is stored in more than {MOST_SCANS} passes; save it as an ordinary JPEG")
        if fill > _MOST_FILL:
            return None
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return len(data) if data.endswith(b"\xff\xd9") else None


def _check_parts(number: int) -> None:
    if number > MOST_PARTS:
        raise PictureRefused(f"it has more than {MOST_PARTS} parts; save the picture anew and send that")


def _end_of_webp(data: bytes) -> int | None:
    size = int.from_bytes(data[4:8], "little")
    end = 8 + size + size % 2
    return end if end <= len(data) + size % 2 else None


def _is_zip(data: bytes) -> bool:
    """True when the file ends as an archive does: its directory's end and a comment of exactly the stated length."""
    at = data.rfind(_ZIP_END, max(0, len(data) - _LONGEST_ZIP_END))
    return at >= 0 and len(data) - at >= 22 and at + 22 + int.from_bytes(data[at + 20 : at + 22], "little") == len(data)
