"""The colours that a picture is made of."""

from __future__ import annotations

from PIL import Image

from promostack.rendering.decode import decode

_SIDE = 96
_COLOURS = 8
# What is nearly transparent is not seen.
_SOLID = 128


def main_colours(data: bytes) -> list[str]:
    """Up to eight colours as #RRGGBB, the most frequent first; raises AssetBroken."""
    image = decode(data, "logo").convert("RGBA")
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    pixels = image.tobytes()
    solid = bytes(value for at in range(0, len(pixels), 4) if pixels[at + 3] >= _SOLID for value in pixels[at : at + 3])
    if not solid:
        return []
    row = Image.frombytes("RGB", (len(solid) // 3, 1), solid).quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    table, used = bytes(row.getpalette() or ()), row.tobytes()
    by_count = sorted(set(used), key=lambda index: (-used.count(index), index))
    return [f"#{table[3 * index : 3 * index + 3].hex().upper()}" for index in by_count]
