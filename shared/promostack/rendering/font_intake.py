"""Fonts from strangers: looked at before anything reads them, and taken as they are or refused with the reason.

Packed forms (WOFF, WOFF2) are refused by their first bytes: nothing is ever unpacked, so that no bomb goes off.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from promostack.rendering.errors import PictureRefused

MOST_BYTES = 5_000_000
TAKEN = ("font/ttf", "font/otf")
# A template always sets a code.
NEEDED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
MOST_TABLES = 64
MOST_NAME = 60
_OUTLINES = {b"\0\1\0\0": ({b"glyf", b"loca"}, "font/ttf"), b"true": ({b"glyf", b"loca"}, "font/ttf"),
             b"OTTO": (set(), "font/otf")}  # fmt: skip
_TABLES = frozenset({b"cmap", b"head", b"hhea", b"hmtx", b"maxp", b"name", b"OS/2"})
_PACKED = {b"wOFF": "WOFF", b"wOF2": "WOFF2"}
# OpenType's OS/2.fsType: what the maker allows; without any of these bits everything.
_RESTRICTED, _ONLY_TO_READ, _ONLY_BITMAPS = 0x0002, 0x0004, 0x0200
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
_STANDARD_WEIGHT = 400


@dataclass(frozen=True)
class CleanFont:
    """A font that may be published: `weights` are the least and the most, equal for a font without an axis."""

    data: bytes
    media_type: str
    family: str
    weights: tuple[int, int]


def check(data: bytes) -> CleanFont:
    """The font in the file; raises PictureRefused with the reason."""
    if len(data) > MOST_BYTES:
        raise PictureRefused("it has more than 5 MB")
    tables = _tables(data)
    needed, media_type = _OUTLINES[data[:4]]
    lacking = sorted((_TABLES | needed) - set(tables))
    if lacking:
        raise PictureRefused(f"it is no whole font: its part {lacking[0].decode('ascii')} is missing")
    if media_type == "font/otf" and not {b"CFF ", b"CFF2"} & set(tables):
        raise PictureRefused("it is no whole font: its outlines are missing")
    _check_rights(data, tables[b"OS/2"])
    face = _face(data)
    _check_letters(face)
    return CleanFont(data, media_type, _family(face), _weights(face, data, tables[b"OS/2"]))


def _tables(data: bytes) -> dict[bytes, tuple[int, int]]:
    """Tag → (offset, length), each inside the file."""
    start = data[:4]
    if start in _PACKED:
        raise PictureRefused(f"it is packed as {_PACKED[start]}; send the font as TTF or OTF")
    if start == b"ttcf":
        raise PictureRefused("it holds several fonts; send one font as TTF or OTF")
    if start not in _OUTLINES or len(data) < 12:
        raise PictureRefused("it is no font; send one as TTF or OTF")
    count = struct.unpack_from(">H", data, 4)[0]
    if count > MOST_TABLES or len(data) < 12 + 16 * count:
        raise PictureRefused("it is damaged or cut off")
    found = {}
    for place in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack_from(">4sLLL", data, place)
        if offset + length > len(data):
            raise PictureRefused("it is damaged or cut off")
        found[tag] = (offset, length)
    return found


def _check_rights(data: bytes, os2: tuple[int, int]) -> None:
    offset, length = os2
    if length < 78:
        raise PictureRefused("it is damaged or cut off")
    rights = struct.unpack_from(">H", data, offset + 8)[0]
    if rights & _RESTRICTED:
        raise PictureRefused("its maker does not allow it to be embedded; ask for a licence that does")
    if rights & _ONLY_TO_READ:
        raise PictureRefused(
            "its maker allows it in documents to be read only; ask for a licence for editing or the web"
        )
    if rights & _ONLY_BITMAPS:
        raise PictureRefused("its maker allows only its bitmaps to be embedded; ask for a licence that allows outlines")


def _face(data: bytes) -> Any:
    import uharfbuzz as hb

    face = hb.Face(hb.Blob(data))
    if not face.upem or not face.glyph_count:
        raise PictureRefused("it is damaged: it holds no glyphs")
    return face


def _check_letters(face: Any) -> None:
    import uharfbuzz as hb

    font = hb.Font(face)
    known = face.unicodes
    lacking = [char for char in NEEDED if ord(char) not in known or not font.get_nominal_glyph(ord(char))]
    if lacking:
        raise PictureRefused(f"it lacks letters that codes are made of: {' '.join(lacking[:8])}")
    empty = [char for char in "A0" if font.get_glyph_extents(font.get_nominal_glyph(ord(char))) is None]
    if empty or not any(_has_ink(font, char) for char in "A0"):
        raise PictureRefused("its letters have no outlines")


def _has_ink(font: Any, char: str) -> bool:
    extents = font.get_glyph_extents(font.get_nominal_glyph(ord(char)))
    return bool(extents and extents.width and extents.height)


def _family(face: Any) -> str:
    for name_id in (_TYPOGRAPHIC_FAMILY, _FAMILY):
        told = face.get_name(name_id)
        plain = "".join(char for char in told or "" if char.isprintable() and char not in '."\\{}<>')
        if plain.strip():
            return " ".join(plain.split())[:MOST_NAME]
    raise PictureRefused("it has no name")


def _weights(face: Any, data: bytes, os2: tuple[int, int]) -> tuple[int, int]:
    for axis in face.axis_infos:
        if axis.tag == "wght":
            return round(axis.min_value), round(axis.max_value)
    weight = struct.unpack_from(">H", data, os2[0] + 4)[0]
    weight = weight if 1 <= weight <= 1000 else _STANDARD_WEIGHT
    return weight, weight
