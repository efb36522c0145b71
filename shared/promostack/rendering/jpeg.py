"""JPEG of quality 90, 4:4:4, in strips that are kept where a picture does not change from render to render.

Strips end at restart markers, so each is encoded without its neighbours: the bytes are those of Pillow's own encoder
for the whole picture with `restart_marker_rows`, whether a strip was kept or not.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from PIL import Image

STRIP_PX = 64
_BLOCK_ROWS = STRIP_PX // 8  # 4:4:4 has blocks of 8 pixels
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_END = b"\xff\xd9"
# Above this share of changed strips one encode of everything is quicker than several of parts.
_MOST_CHANGED = 0.8


@dataclass
class KeptStrips:
    """Of one compiled format: the header, and the strips that nothing changing has ever touched."""

    header: bytes = b""
    strips: dict[int, bytes] = field(default_factory=dict)


def encode(image: Image.Image, touched: list[tuple[int, int]] | None = None, kept: KeptStrips | None = None) -> bytes:
    """The file. `touched`: ranges of rows that may differ from the kept strips; all without `kept`."""
    if kept is None or touched is None:
        return _pillow(image)
    count = -(-image.height // STRIP_PX)
    changed = {
        strip
        for top, bottom in touched
        for strip in range(max(0, top) // STRIP_PX, -(-min(bottom, image.height) // STRIP_PX))
    }
    wanted = [strip for strip in range(count) if strip in changed or strip not in kept.strips]
    if not kept.header or len(wanted) > _MOST_CHANGED * count:
        data = _pillow(image)
        kept.header, strips = _split(data)
        kept.strips.update((number, strip) for number, strip in enumerate(strips) if number not in changed)
        return data
    fresh: dict[int, bytes] = {}
    for first, last in _runs(wanted):
        rows = image.crop((0, first * STRIP_PX, image.width, min(image.height, (last + 1) * STRIP_PX)))
        fresh.update(zip(range(first, last + 1), _split(_pillow(rows))[1], strict=True))
    kept.strips.update((number, strip) for number, strip in fresh.items() if number not in changed)
    parts = [kept.header]
    for number in range(count):
        if number:
            parts.append(bytes((0xFF, 0xD0 + (number - 1) % 8)))
        parts.append(fresh[number] if number in fresh else kept.strips[number])
    return b"".join((*parts, _END))


def _pillow(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90, subsampling=0, restart_marker_rows=_BLOCK_ROWS)
    return buffer.getvalue()


def _split(data: bytes) -> tuple[bytes, list[bytes]]:
    """Header up to the end of the scan's header, and the strips between the restart markers."""
    scan = data.index(b"\xff\xda")
    start = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    return data[:start], _RESTART.split(data[start : -len(_END)])


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers joined to (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
