"""JPEG of quality 90, 4:4:4, in strips that are kept where a picture does not change from render to render.

Strips end at restart markers, so each is encoded without its neighbours: the bytes are those of Pillow's own encoder
for the whole picture with `restart_marker_rows`, whether a strip was kept or not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from promostack.rendering.strips import STRIP_PX, Rows, homes

_BLOCK_ROWS = STRIP_PX // 8  # 4:4:4 has blocks of 8 pixels
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_END = b"\xff\xd9"
# Above this share of changed strips one encode of everything is quicker than several of parts.
_MOST_CHANGED = 0.8


@dataclass
class KeptStrips:
    """Of pictures that have the strips in common: the header, and the strips by number."""

    header: bytes = b""
    strips: dict[int, bytes] = field(default_factory=dict)


def encode(image: Image.Image, held: Sequence[tuple[KeptStrips, Rows]] = ()) -> bytes:
    """The file. `held`: strips, and the rows that may differ from them."""
    if not held:
        return _pillow(image)
    first = held[0][0]
    found = homes([(kept.strips, touched) for kept, touched in held], image.height)
    wanted = [number for number, home in enumerate(found) if home is None or number not in home]
    if not first.header or len(wanted) > _MOST_CHANGED * len(found):
        data = _pillow(image)
        first.header, strips = _split(data)
        _keep(dict(enumerate(strips)), found)
        return data
    fresh: dict[int, bytes] = {}
    for start, last in _runs(wanted):
        rows = image.crop((0, start * STRIP_PX, image.width, min(image.height, (last + 1) * STRIP_PX)))
        fresh.update(zip(range(start, last + 1), _split(_pillow(rows))[1], strict=True))
    _keep(fresh, found)
    parts = [first.header]
    for number, home in enumerate(found):
        if number:
            parts.append(bytes((0xFF, 0xD0 + (number - 1) % 8)))
        parts.append(fresh[number] if home is None or number in fresh else home[number])
    return b"".join((*parts, _END))


def _keep(strips: dict[int, bytes], found: list[dict[int, bytes] | None]) -> None:
    for number, strip in strips.items():
        home = found[number]
        if home is not None:
            home[number] = strip


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
