#!/usr/bin/env python3
"""Builds shared/assets/fonts from published packages: plain TrueType files, fonts.json, licences, VENDORED.md.

    .venv/bin/python scripts/assets/build_fonts.py            # installs the pinned packages under .local/, then builds
    .venv/bin/python scripts/assets/build_fonts.py --check    # compares with what is committed instead of writing

The same packages give the same bytes: nothing of the clock or of the machine enters a file.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from font_sources import FALLBACK, SOURCES, FontSource
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / ".local" / "font-sources"
OUT = ROOT / "shared" / "assets" / "fonts"
logging.getLogger("fontTools").setLevel(logging.ERROR)

# Vertical writing, hinting, a second copy of the emoji as SVG, and metrics that move with the weight: not drawn here.
UNUSED_TABLES = ("SVG ", "vhea", "vmtx", "VORG", "VVAR", "BASE", "DSIG", "MVAR", "gasp", "prep", "fpgm", "cvt ", "meta")
KEPT_FEATURES = ("tnum", "lnum", "zero", "case", "salt")
VENDORED = """\
# Fonts

Built by `scripts/assets/build_fonts.py` from the packages below; all are under the SIL Open Font License 1.1. Changed
against the originals: subset, hinting and vertical writing removed, ascent and descent made equal in all tables,
Inter's optical size fixed at 28. The one reserved name, "Source", is not used.

| File | Family | Source | Version | Copyright | Licence |
|---|---|---|---|---|---|
{rows}

Repertoires: Noto Sans JP holds the signs and kana of JIS X 0208 and its level 1 kanji (2 965); Noto Sans SC the signs
of GB 2312 and its level 1 hanzi (3 755). Other ideographs and Korean are reported as missing, never drawn as boxes.
`unicode_range` in `fonts.json` is a superset that tells which file may hold a character; the file's own map decides.
"""
KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 13, 14)


def jis_row_cells(codec: str, rows: range) -> set[int]:
    """Code points of the given rows (1–94) of a 94 × 94 character set in its EUC form."""
    found: set[int] = set()
    for row in rows:
        for cell in range(1, 95):
            try:
                found.update(map(ord, bytes((row + 0xA0, cell + 0xA0)).decode(codec)))
            except UnicodeDecodeError:
                continue
    return found


def repertoire(charset: str) -> set[int]:
    """Japanese: JIS X 0208 signs, kana and level 1 kanji. Chinese: GB 2312 signs and level 1 hanzi. Both with half- and
    full-width forms of ASCII."""
    wide = set(range(0x3000, 0x3020)) | set(range(0xFF01, 0xFF61)) | {0x20, 0xA0}
    if charset == "japanese":
        signs = jis_row_cells("euc_jp", range(1, 3)) | jis_row_cells("euc_jp", range(4, 6))
        return (
            wide
            | signs
            | set(range(0x30A0, 0x3100))
            | set(range(0x3220, 0x3244))
            | jis_row_cells("euc_jp", range(16, 48))
        )
    if charset == "simplified-chinese":
        return wide | jis_row_cells("gb2312", range(1, 2)) | jis_row_cells("gb2312", range(16, 56))
    raise ValueError(f"no such repertoire: {charset}")


def wanted(source: FontSource, available: Iterable[int]) -> set[int]:
    """Code points of `available` that the product bundles. Controls have no glyph worth carrying."""
    visible = {code for code in available if code >= 0x20}
    if source.charset:
        return visible & repertoire(source.charset)
    if source.ranges is None:
        return visible
    return {code for code in visible if any(low <= code <= high for low, high in source.ranges)}


def drop(font: TTFont, tables: Iterable[str]) -> None:
    for table in tables:
        if table in font:
            del font[table]


def cut(font: TTFont, source: FontSource, codes: set[int]) -> TTFont:
    """Subsets in place, keeping kerning, marks and substitutions among the kept characters."""
    drop(font, UNUSED_TABLES)
    options = subset.Options(
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        name_IDs=list(KEPT_NAMES),
        name_languages=[0x409],
        layout_features=[
            f for f in (*subset.Options._layout_features_default, *KEPT_FEATURES) if f not in source.without
        ],
        recalc_timestamp=False,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def join(paths: list[Path], source: FontSource) -> TTFont:
    """One variable font of the wanted glyphs of many slices, in code point order, without layout tables.

    Every slice carries the same axes and metrics, so outlines and their variations can be moved as they are.
    HVAR is dropped: engines then take the widths' variations from the outlines' phantom points, which are equal.
    """
    owner: dict[int, TTFont] = {}
    for path in paths:
        piece = TTFont(path, recalcTimestamp=False)
        for code in wanted(source, piece.getBestCmap()):
            owner.setdefault(code, piece)
    base = TTFont(paths[0], recalcTimestamp=False)
    notdef = base.getGlyphOrder()[0]
    glyphs, metrics, variations = {}, {}, {}
    take = [(notdef, base, notdef)] + [(f"u{c:05X}", owner[c], owner[c].getBestCmap()[c]) for c in sorted(owner)]
    for name, piece, original in take:
        glyph = piece["glyf"][original]
        if glyph.isComposite():
            raise ValueError(f"{source.family}: {name} is a composite; its parts would be lost")
        glyphs[name], metrics[name] = glyph, piece["hmtx"][original]
        variations[name] = piece["gvar"].variations.get(original, [])
    drop(base, ("GSUB", "GPOS", "GDEF", "HVAR", "STAT", *UNUSED_TABLES))
    order = list(glyphs)
    base.setGlyphOrder(order)
    base["glyf"].glyphs, base["glyf"].glyphOrder = glyphs, order
    base["hmtx"].metrics, base["gvar"].variations = metrics, variations
    for table in base["cmap"].tables:
        table.cmap = {c: f"u{c:05X}" for c in owner if table.format == 12 or c <= 0xFFFF}
    return base


def even_metrics(font: TTFont) -> None:
    """One answer for ascent and descent, whichever of the three places an engine reads."""
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.lineGap = os2.sTypoLineGap = 0
    os2.sTypoAscender, os2.sTypoDescender = hhea.ascent, hhea.descent
    os2.usWinAscent, os2.usWinDescent = hhea.ascent, -hhea.descent
    if os2.version >= 4:
        os2.fsSelection |= 1 << 7


def build(source: FontSource, packages: Path) -> bytes:
    """The finished file of one family."""
    folder = packages / "node_modules" / source.package
    if "*" in source.files:
        font = join(sorted(folder.glob(source.files)), source)
    else:
        font = TTFont(folder / source.files, recalcTimestamp=False)
        font.flavor = None
        cut(font, source, wanted(source, font.getBestCmap()))
    if source.pinned:
        font = instancer.instantiateVariableFont(font, dict(source.pinned))
    font.flavor = None
    even_metrics(font)
    font["post"].formatType = 3.0
    font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def coarse_ranges(codes: Iterable[int]) -> str:
    """Ranges in the form of CSS `unicode-range` that contain every code point; small gaps are closed, ideographs are
    one range. It tells a browser which file may help; the file's own character map decides."""
    spans: list[list[int]] = []
    for code in sorted(codes):
        gap = 0x6000 if 0x3400 <= code <= 0x9FFF and spans and spans[-1][1] >= 0x3400 else 16
        if spans and code - spans[-1][1] <= gap:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in spans)


def describe(source: FontSource, data: bytes) -> dict[str, object]:
    """The manifest's entry of one file."""
    font = TTFont(io.BytesIO(data), lazy=True)
    axes = {a.axisTag: [int(a.minValue), int(a.maxValue)] for a in font["fvar"].axes} if "fvar" in font else {}
    entry: dict[str, object] = {
        "family": source.family,
        "file": f"{source.name}.{hashlib.sha256(data).hexdigest()[:8]}.ttf",
        "axes": axes,
        "scripts": list(source.scripts),
        "unicode_range": coarse_ranges(font.getBestCmap()),
        "characters": len(font.getBestCmap()),
        "bytes": len(data),
        "licence": f"licences/{source.name}.txt",
    }
    if source.weight:
        entry["weight"] = source.weight
    return entry


def vendored(entries: list[dict[str, object]], versions: dict[str, str]) -> str:
    """The table that says where every file comes from."""
    rows = "\n".join(
        f"| `{e['file']}` | {e['family']} | npm `{s.package}` | {versions[s.package]} | © {s.copyright} | "
        f"[OFL 1.1]({e['licence']}) |"
        for s, e in zip(SOURCES, entries, strict=True)
    )
    return VENDORED.format(rows=rows)


def outputs(packages: Path) -> dict[str, bytes]:
    """Every generated file, by its path under shared/assets/fonts."""
    files: dict[str, bytes] = {}
    entries = []
    versions = {}
    for source in SOURCES:
        data = build(source, packages)
        entry = describe(source, data)
        entries.append(entry)
        folder = packages / "node_modules" / source.package
        versions[source.package] = json.loads((folder / "package.json").read_text())["version"]
        files[str(entry["file"])] = data
        files[str(entry["licence"])] = (folder / source.licence).read_bytes().replace(b"\r\n", b"\n")
        print(f"{entry['file']:44} {len(data):>9,} bytes  {entry['characters']:>5} characters", file=sys.stderr)
    manifest = {"families": entries, "fallback": list(FALLBACK)}
    files["fonts.json"] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    files["VENDORED.md"] = vendored(entries, versions).encode()
    return files


def install() -> Path:
    """Puts the pinned packages under .local/ (outside the repository's files)."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("package.json"), PACKAGES)
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    subprocess.run(command, cwd=PACKAGES, check=True)
    return PACKAGES


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing")
    arguments = parser.parse_args()
    files = outputs(install())
    if arguments.check:
        stale = [n for n, data in files.items() if not (OUT / n).is_file() or (OUT / n).read_bytes() != data]
        print("\n".join(f"differs: {name}" for name in stale) or "fonts are as built")
        return 1 if stale else 0
    for old in OUT.glob("*.ttf"):
        old.unlink()
    for name, data in files.items():
        (OUT / name).parent.mkdir(parents=True, exist_ok=True)
        (OUT / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
