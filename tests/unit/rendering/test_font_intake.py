"""Fonts from strangers: what is taken, and what is refused with which reason."""

import pytest

from promostack.rendering.errors import PictureRefused
from promostack.rendering.font_intake import MOST_BYTES, check
from tests.unit.rendering.font_files import reaching_beyond, shipped, with_rights, without

# An entry of WOFF2's header says how large it unpacks: here to 4 GB.
BOMB = b"wOF2" + b"\0\1\0\0" + b"\0\0\0\x40" + b"\0\1\0\0" + b"\xff\xff\xff\xff" + bytes(44)


def test_a_font_is_taken_with_its_name_and_weights() -> None:
    plain, variable = check(shipped()), check(shipped("inter"))
    assert (plain.family, plain.weights, plain.media_type) == ("Anton", (400, 400), "font/ttf")
    assert variable.weights == (100, 900)
    assert plain.data == shipped()


@pytest.mark.parametrize("rights", [0x0000, 0x0008, 0x0100])
def test_what_may_be_embedded_for_editing_is_taken(rights: int) -> None:
    assert check(with_rights(rights)).family == "Anton"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no font at all", "it is no font"),
        (b"", "it is no font"),
        (BOMB, "it is packed as WOFF2; send the font as TTF or OTF"),
        (b"wOFF" + bytes(60), "it is packed as WOFF"),
        (b"ttcf" + bytes(60), "it holds several fonts"),
        (shipped()[:4000], "it is damaged or cut off"),
        (reaching_beyond(), "it is damaged or cut off"),
        (without(b"cmap"), "its part cmap is missing"),
        (without(b"glyf"), "its part glyf is missing"),
        (with_rights(0x0002), "does not allow it to be embedded"),
        (with_rights(0x0004), "to be read only"),
        (with_rights(0x0200), "only its bitmaps"),
        (shipped("noto-sans-hebrew"), "it lacks letters that codes are made of: A B C"),
        (shipped() + bytes(MOST_BYTES), "it has more than 5 MB"),
    ],
)
def test_what_is_refused_and_why(data: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        check(data)
    assert reason in refused.value.why


def test_bytes_turned_over_anywhere_are_refused_or_taken_and_nothing_else_happens() -> None:
    whole = shipped("jetbrains-mono")
    outcomes = set()
    for place in range(0, len(whole), 1511):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        try:
            check(bytes(broken))
            outcomes.add("taken")
        except PictureRefused:
            outcomes.add("refused")
    assert outcomes <= {"taken", "refused"}
    assert "taken" in outcomes
