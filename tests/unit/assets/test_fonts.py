"""The bundled fonts: complete, licensed, named by their content, and able to draw what they promise."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
import uharfbuzz as hb

FONTS = Path(__file__).resolve().parents[3] / "shared" / "assets" / "fonts"
MANIFEST: dict[str, Any] = json.loads((FONTS / "fonts.json").read_text(encoding="utf-8"))
FAMILIES: list[dict[str, Any]] = MANIFEST["families"]
SAMPLES = {
    "Inter": "AVATAR Größe ЛЕТО Ελλάδα Việt −50 % €",
    "Anton": "AVATAR −50 %",
    "Oswald": "ЛЕТО −50 % AVATAR",
    "Unbounded": "ЛЕТО AVATAR",
    "Noto Serif Display": "AVATAR ЛЕТО Ελλάδα",
    "JetBrains Mono": "WELCOME--30_AO0",
    "Noto Sans Arabic": "خصم ٢٠٪ حتى الجمعة",
    "Noto Sans Hebrew": "שָׁלוֹם",
    "Noto Sans Devanagari": "ग्रीष्म छूट",
    "Noto Sans Thai": "ลดราคาฤดูร้อน",
    "Noto Sans JP": "夏セール、今週末まで",
    "Noto Sans SC": "夏季促销优惠",
    "Noto Color Emoji": "🎉",
}


def shaped(
    family: dict[str, Any], text: str, *, weight: int | None = None, features: dict[str, bool] | None = None
) -> Any:
    """(font, glyph infos, positions) of the text."""
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / family["file"]))))
    if weight:
        font.set_variations({"wght": weight})
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, features or {})
    return font, buffer.glyph_infos, buffer.glyph_positions


def named(name: str) -> dict[str, Any]:
    return next(family for family in FAMILIES if family["family"] == name)


def width_em(family: dict[str, Any], text: str, **options: Any) -> float:
    font, _, positions = shaped(family, text, **options)
    return sum(p.x_advance for p in positions) / font.face.upem


def test_manifest_and_folder_hold_the_same_files() -> None:
    assert {family["file"] for family in FAMILIES} == {path.name for path in FONTS.glob("*.ttf")}


def test_every_fallback_is_a_bundled_family() -> None:
    assert set(MANIFEST["fallback"]) <= {family["family"] for family in FAMILIES}
    assert MANIFEST["fallback"][-1] == "Noto Color Emoji"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["family"])
def test_name_carries_the_hash_of_the_content(family: dict[str, Any]) -> None:
    digest = hashlib.sha256((FONTS / family["file"]).read_bytes()).hexdigest()
    assert family["file"].split(".")[-2] == digest[:8]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["family"])
def test_licence_lies_beside_the_file_and_its_source_is_recorded(family: dict[str, Any]) -> None:
    licence = (FONTS / family["licence"]).read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence.upper()
    assert family["file"] in (FONTS / "VENDORED.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["family"])
def test_sample_is_shaped_without_missing_glyphs_and_has_ink(family: dict[str, Any]) -> None:
    font, infos, _ = shaped(family, SAMPLES[family["family"]])
    assert all(info.codepoint for info in infos)
    inked = [e for info in infos if (e := font.get_glyph_extents(info.codepoint)) and e.width and e.height]
    assert inked


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["family"])
def test_unicode_range_is_a_superset_of_the_character_map(family: dict[str, Any]) -> None:
    spans = [part.removeprefix("U+").split("-") for part in family["unicode_range"].split(",")]
    ranges = [(int(span[0], 16), int(span[-1], 16)) for span in spans]
    face = hb.Face(hb.Blob.from_file_path(str(FONTS / family["file"])))
    outside = [hex(code) for code in face.unicodes if not any(low <= code <= high for low, high in ranges)]
    assert outside == []


@pytest.mark.parametrize("family", [f for f in FAMILIES if f["axes"]], ids=lambda family: family["family"])
def test_weight_axis_changes_the_outlines(family: dict[str, Any]) -> None:
    low, high = family["axes"]["wght"]
    inks = []
    for weight in (low, high):
        font, infos, _ = shaped(family, SAMPLES[family["family"]], weight=weight)
        inks.append([font.get_glyph_extents(info.codepoint) for info in infos])
    assert inks[0] != inks[1]


@pytest.mark.parametrize("name", ["Inter", "Anton", "Oswald", "Unbounded", "Noto Serif Display"])
def test_kerning_survived_the_cut(name: str) -> None:
    assert width_em(named(name), "AVATAR To") < width_em(named(name), "AVATAR To", features={"kern": False})


def test_codes_are_never_joined_by_ligatures() -> None:
    mono = named("JetBrains Mono")
    advances = {position.x_advance for position in shaped(mono, "A--B->C__D0O1I")[2]}
    assert len(advances) == 1
    assert len(shaped(mono, "A--B")[1]) == 4


@pytest.mark.parametrize(
    "emoji", ["👨‍👩‍👧‍👦", "👩🏽‍🚀", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥", "1️⃣"], ids=lambda emoji: "-".join(f"{ord(c):x}" for c in emoji)
)
def test_emoji_sequence_becomes_one_picture(emoji: str) -> None:
    _, infos, positions = shaped(named("Noto Color Emoji"), emoji)
    assert all(info.codepoint for info in infos)
    assert sum(1 for position in positions if position.x_advance) == 1


def test_east_asian_repertoires_are_as_documented() -> None:
    def codes(name: str) -> set[int]:
        return set(hb.Face(hb.Blob.from_file_path(str(FONTS / named(name)["file"]))).unicodes)

    def level_one(codec: str, last_row: int) -> set[int]:
        found = set()
        for row in range(16, last_row + 1):
            for cell in range(1, 95):
                try:
                    found.add(ord(bytes((row + 0xA0, cell + 0xA0)).decode(codec)))
                except UnicodeDecodeError:
                    continue
        return found

    kanji, hanzi = level_one("euc_jp", 47), level_one("gb2312", 55)
    assert (len(kanji), len(hanzi)) == (2965, 3755)
    assert kanji <= codes("Noto Sans JP")
    assert set(range(0x3041, 0x3094)) | set(range(0x30A1, 0x30F7)) <= codes("Noto Sans JP")
    assert hanzi <= codes("Noto Sans SC")


def test_ascent_and_descent_are_the_same_in_all_tables() -> None:
    from fontTools.ttLib import TTFont

    for family in FAMILIES:
        font = TTFont(FONTS / family["file"], lazy=True)
        hhea, os2 = font["hhea"], font["OS/2"]
        assert (hhea.ascent, hhea.descent, hhea.lineGap) == (os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap)
        assert (os2.usWinAscent, os2.usWinDescent) == (hhea.ascent, -hhea.descent)


def test_fonts_fit_into_a_function_beside_the_renderer() -> None:
    packed = sum(len(zlib.compress(path.read_bytes(), 6)) for path in FONTS.glob("*.ttf"))
    assert packed < 8 * 2**20
