"""Pictures for templates are looked at as logos are: what is no picture, or a bomb, leaves nothing behind."""

import struct
import zlib

import pytest
import requests

from tests.integration.uploads.conftest import logo


def png_of(width: int, height: int) -> bytes:
    """A head that announces so many pixels, and a kilobyte that would unpack to a megabyte of them."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1 << 20)))]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [*parts, (b"IEND", b"")]
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("data", "media_type", "words"),
    [
        (png_of(50_000, 50_000), "image/png", "40 megapixels"),
        (png_of(6_000, 6_000), "image/png", "damaged or cut off"),
        (b"OTTO" + bytes(200), "image/png", "it is a file of another kind"),
        (b"wOF2" + bytes(200), "image/png", "it is a file of another kind"),
        (logo(kind="JPEG") + b"PK\x03\x04more", "image/jpeg", "another file is hidden"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "image/svg+xml", "it holds a script"),
    ],
    ids=["bomb", "torn bomb", "font", "web font", "polyglot", "script"],
)
def test_a_bad_picture_is_refused_in_words(house, objects, data: bytes, media_type: str, words: str) -> None:
    before = objects()
    asked = {"purpose": "picture", "media_type": media_type, "bytes": len(data)}
    ticket = house.owner.caller.post("client/uploads", asked).json
    requests.put(ticket["url"], data=data, headers=ticket["headers"], timeout=60).raise_for_status()
    answer = house.owner.caller.post(f"client/uploads/{ticket['id']}/finish")
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["file"])
    assert words in answer.json["error"]["message"]
    assert objects() == before
    assert house.member.caller.get("client/uploads/pictures").json["items"] == []
