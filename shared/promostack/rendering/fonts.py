"""The bundled fonts: manifest, faces, and fonts set to a weight in 1/64 of a font unit."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from promostack.core.errors import PromoError
from promostack.rendering import outlines
from promostack.rendering.geometry import Path as Outline
from promostack.rendering.outlines import Ink

# `assets` lies beside the library, in the repository as in a function's folder.
FONT_FOLDER = Path(__file__).parents[2] / "assets" / "fonts"
SUBUNITS = 64


class UnknownFont(PromoError):
    """The document names a family that is not in the manifest."""

    status = 422
    code = "unknown_font"


@dataclass(frozen=True)
class Metrics:
    """Of a face, in em: ascender and (positive) descender from hhea, cap height from OS/2."""

    ascender: float
    descender: float
    cap_height: float


@dataclass(eq=False)
class Font:
    """A family at a weight. `units` = 64 · upem positions make one em."""

    family: str
    weight: int | None
    face: Any
    hb: Any
    units: int
    colour: bool
    _outlines: dict[int, Outline] = field(default_factory=dict)
    _extents: dict[int, Ink | None] = field(default_factory=dict)
    _covered: dict[int, bool] = field(default_factory=dict)

    def has(self, char: int) -> bool:
        if char not in self._covered:
            self._covered[char] = self.hb.get_nominal_glyph(char) is not None
        return self._covered[char]

    def outline(self, glyph: int) -> Outline:
        """The glyph's contours in units, y up."""
        if glyph not in self._outlines:
            self._outlines[glyph] = outlines.read(self.hb, glyph)
        return self._outlines[glyph]

    def extents(self, glyph: int) -> Ink | None:
        """Left, right, top, bottom of the glyph's ink in units, y up; None for a glyph without ink and for glyph 0."""
        if glyph not in self._extents:
            self._extents[glyph] = self._read_extents(glyph) if glyph else None
        return self._extents[glyph]

    def _read_extents(self, glyph: int) -> Ink | None:
        if not self.colour:
            return outlines.ink(self.outline(glyph))
        box = self.hb.get_glyph_extents(glyph)
        if box is None or not box.width or not box.height:
            return None
        left, top = box.x_bearing, box.y_bearing
        # HarfBuzz rounds to whole units of the font.
        return left - SUBUNITS, left + box.width + SUBUNITS, top + SUBUNITS, top + box.height - SUBUNITS


class FontLibrary:
    """Faces are opened when first needed and kept; fonts are kept per (family, weight)."""

    def __init__(self, folder: Path = FONT_FOLDER) -> None:
        manifest = json.loads((folder / "fonts.json").read_text(encoding="utf-8"))
        self._folder = folder
        self._families: dict[str, dict[str, Any]] = {entry["family"]: entry for entry in manifest["families"]}
        self._fallback: tuple[str, ...] = tuple(manifest["fallback"])
        self._emoji = tuple(name for name in self._fallback if "Zsye" in self._families[name]["scripts"])
        self._faces: dict[str, Any] = {}
        self._fonts: dict[tuple[str, int | None], Font] = {}
        self._metrics: dict[str, Metrics] = {}

    def families(self) -> tuple[str, ...]:
        return tuple(self._families)

    def chain(self, family: str, *, emoji: bool = False) -> Iterable[str]:
        """Families in the order in which they are asked for a grapheme."""
        if family not in self._families:
            raise UnknownFont(f"There is no font family '{family}'; use one of {', '.join(self._families)}")
        return dict.fromkeys((*(self._emoji if emoji else ()), family, *self._fallback))

    def font(self, family: str, weight: int) -> Font:
        """The family at a weight clamped to its axis; one font for all weights where there is no axis."""
        axis = self._families[family]["axes"].get("wght")
        clamped = int(min(max(weight, axis[0]), axis[1])) if axis else None
        font = self._fonts.get((family, clamped))
        if font is None:
            font = self._fonts[family, clamped] = self._open(family, clamped)
        return font

    def metrics(self, family: str) -> Metrics:
        if family not in self._metrics:
            self._metrics[family] = _read_metrics(self._face(family))
        return self._metrics[family]

    def _face(self, family: str) -> Any:
        if family not in self._faces:
            import uharfbuzz as hb

            path = self._folder / self._families[family]["file"]
            self._faces[family] = hb.Face(hb.Blob.from_file_path(str(path)))
        return self._faces[family]

    def _open(self, family: str, weight: int | None) -> Font:
        import uharfbuzz as hb

        face = self._face(family)
        font = hb.Font(face)
        units = SUBUNITS * face.upem
        font.scale = (units, units)
        if weight is not None:
            font.set_variations({"wght": weight})
        return Font(family, weight, face, font, units, bool(face.has_color_paint or face.has_color_layers))


def _read_metrics(face: Any) -> Metrics:
    ascender, descender = struct.unpack_from(">hh", face.reference_table("hhea").data, 4)
    os2 = face.reference_table("OS/2").data
    cap_height = struct.unpack_from(">h", os2, 88)[0] if len(os2) >= 90 and os2[1] >= 2 else 0
    return Metrics(ascender / face.upem, -descender / face.upem, cap_height / face.upem if cap_height else 0.7)


@lru_cache(maxsize=1)
def bundled() -> FontLibrary:
    return FontLibrary()
