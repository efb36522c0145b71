"""Font files for tests: a shipped one, changed in one respect."""

import struct
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "shared/assets/fonts"


def shipped(name: str = "anton") -> bytes:
    return next(FOLDER.glob(f"{name}.*.ttf")).read_bytes()


def table(data: bytes, tag: bytes) -> int:
    """Where the table's entry stands."""
    count = struct.unpack_from(">H", data, 4)[0]
    return next(place for place in range(12, 12 + 16 * count, 16) if data[place : place + 4] == tag)


def with_rights(rights: int, data: bytes | None = None) -> bytes:
    """Another OS/2.fsType."""
    font = bytearray(data or shipped())
    offset = struct.unpack_from(">L", font, table(bytes(font), b"OS/2") + 8)[0]
    struct.pack_into(">H", font, offset + 8, rights)
    return bytes(font)


def without(tag: bytes) -> bytes:
    """A table under a name that nobody knows."""
    font = bytearray(shipped())
    place = table(bytes(font), tag)
    font[place : place + 4] = b"XXXX"
    return bytes(font)


def reaching_beyond() -> bytes:
    """A table that ends behind the file."""
    font = bytearray(shipped())
    struct.pack_into(">L", font, table(bytes(font), b"glyf") + 12, 2**31)
    return bytes(font)
