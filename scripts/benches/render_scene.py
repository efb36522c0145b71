"""The scene of the `render` bench, for us and every peer.

1080×1080, photo, headline in two fitted lines, a code in a pill with a stroke, a logo with alpha.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ART = ROOT / "shared" / "assets" / "seed" / "art"
FONTS = ROOT / "shared" / "assets" / "fonts"
SIDE = 1080
HEADLINE = "Get 30% off your next challenge"
HEADLINE_BOX = (90, 190, 900, 300)
CODE_BOX = (190, 640, 700, 150)
LOGO_BOX = (60, 60, 150, 150)
LOGO_SIZE = 150
MAX_HEADLINE, MAX_CODE = 120, 84
WEIGHT = 800
PILL = {"color": "#FFD54A", "radius": 75, "stroke": {"color": "#FFFFFF", "width": 6}}


def photo() -> Path:
    """The largest square of the seed art: of all, the one with the most detail."""
    return max(ART.glob("*-square.*.jpg"), key=lambda path: path.stat().st_size)


def logo() -> Path:
    return next(iter(sorted(ART.glob("*logo*.png"))))


def font() -> Path:
    manifest = json.loads((FONTS / "fonts.json").read_text(encoding="utf-8"))
    return FONTS / next(family["file"] for family in manifest["families"] if family["family"] == "Inter")


def document() -> dict[str, Any]:
    """The scene as one of our documents."""
    style = {"type": "text", "font": {"family": "Inter", "weight": WEIGHT}, "min_size": 12, "line_height": 1.15}
    layers = [
        {"id": "headline", "text": "{headline}", "lines": 2, "max_size": MAX_HEADLINE, **_box(HEADLINE_BOX), **style},
        {
            "id": "code",
            "text": "{code}",
            "max_size": MAX_CODE,
            "fill": "#081028",
            "background": {**PILL, "padding": [40, 20]},
            **_box(CODE_BOX),
            **style,
        },
        {"id": "brand", "type": "logo", **_box(LOGO_BOX)},
    ]
    shape = {"width": SIDE, "height": SIDE, "background": {"asset": photo().name}, "layers": layers}
    return {
        "schema": 2,
        "slug": "bench",
        "name": "Bench",
        "fields": {"headline": {"sample": HEADLINE, "public": True, "max": 80}},
        "formats": {"square": shape},
    }


def code(number: int) -> str:
    """A code that no iteration before this one has drawn."""
    return f"SAVE-{number:06d}"


def _box(box: tuple[int, int, int, int]) -> dict[str, int]:
    return dict(zip(("x", "y", "width", "height"), box, strict=True))
