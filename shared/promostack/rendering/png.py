"""PNG in strips that are kept where a picture does not change from render to render.

Each strip of rows is deflated on its own and ends with a full flush, so that it needs nothing of its neighbours; the
checksum of all is put together from theirs. Rows are stored as differences from the row above, which the first row of
a strip takes from the picture, too: a kept strip therefore counts as changed with the row above it. Which strips those
are follows from the values alone, so that the bytes are the same whether a strip was kept or not.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageChops

from promostack.rendering.strips import STRIP_PX, Rows, homes

# Of strips that every render writes, and of those that are written once.
QUICK, THOROUGH = 3, 6
_UP = b"\x02"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPE = {"RGB": 2, "RGBA": 6}
_ADLER_BASE = 65521
# What begins a stream of deflate at a low level, and the empty block that ends it.
_BEGIN, _END = b"\x78\x5e", b"\x03\x00"


@dataclass(frozen=True)
class _Strip:
    deflated: bytes
    adler: int
    length: int


@dataclass
class KeptStrips:
    """Of pictures that have the strips in common, by number."""

    strips: dict[int, _Strip] = field(default_factory=dict)


def encode(image: Image.Image, held: Sequence[tuple[KeptStrips, Rows]] = ()) -> bytes:
    """The file of an RGB or RGBA picture, marked as sRGB. `held`: strips, and the rows that may differ from them; the
    first are written once for all values."""
    strips = []
    lasting = held[0][0].strips if held else None
    for number, home in enumerate(homes([(kept.strips, touched) for kept, touched in held], image.height, below=1)):
        strip = home.get(number) if home is not None else None
        if strip is None:
            strip = _deflate(image, number * STRIP_PX, THOROUGH if home is not None and home is lasting else QUICK)
            if home is not None:
                home[number] = strip
        strips.append(strip)
    return _file(image, strips)


def _deflate(image: Image.Image, top: int, level: int) -> _Strip:
    rows = image.crop((0, top, image.width, min(image.height, top + STRIP_PX)))
    above = Image.new(image.mode, rows.size)
    if top:
        above.paste(image.crop((0, top - 1, image.width, top)), (0, 0))
    above.paste(rows, (0, 1))
    data = ImageChops.subtract_modulo(rows, above).tobytes()
    stride = image.width * len(image.mode)
    filtered = b"".join(_UP + data[at : at + stride] for at in range(0, len(data), stride))
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    deflated = deflate.compress(filtered) + deflate.flush(zlib.Z_FULL_FLUSH)
    return _Strip(deflated, zlib.adler32(filtered), len(filtered))


def _file(image: Image.Image, strips: list[_Strip]) -> bytes:
    adler = 1
    for strip in strips:
        adler = _joined(adler, strip.adler, strip.length)
    data = b"".join((_BEGIN, *(strip.deflated for strip in strips), _END, struct.pack(">I", adler)))
    head = struct.pack(">IIBBBBB", image.width, image.height, 8, _COLOUR_TYPE[image.mode], 0, 0, 0)
    chunks = ((b"IHDR", head), (b"sRGB", b"\0"), (b"IDAT", data), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _joined(first: int, second: int, second_length: int) -> int:
    """The Adler-32 of two parts from the sums of each (zlib's adler32_combine)."""
    low = first & 0xFFFF
    a = (low + (second & 0xFFFF) - 1) % _ADLER_BASE
    b = ((first >> 16) + (second >> 16) + second_length * (low - 1)) % _ADLER_BASE
    return b << 16 | a


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
