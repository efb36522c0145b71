#!/usr/bin/env python3
"""Draws docs/images/gallery.jpg: every seed template with a code in it, as the product renders them.

.venv/bin/python scripts/assets/build_readme_picture.py
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "shared"), str(ROOT / "scripts")]

from promo_pictures import DEMO_LINK, SEED, SeedAssets  # noqa: E402  # only importable now

from promostack.rendering.service import SAMPLE_CODE, render  # noqa: E402
from promostack.templates.document import parse_document  # noqa: E402

COLUMNS, TILE, GAP, ROUND = 6, (268, 335), 20, 14
NAVY = "#081028"
# Neighbours differ in colour.
ORDER = ("aurora", "sunburst", "gold-reserve", "citrus", "breakout", "papercut",
         "golden-hour", "ticket", "night-market", "broadsheet", "first-snow", "liftoff")  # fmt: skip


def tile(slug: str, logo: bytes) -> Image.Image:
    document = parse_document(json.loads((SEED / "templates" / f"{slug}.json").read_text(encoding="utf-8")))
    link = DEMO_LINK.replace("{code}", SAMPLE_CODE)
    picture = render(
        document,
        format="feed",
        fields={},
        code=SAMPLE_CODE,
        assets=SeedAssets(),
        output="png",
        logo=logo,
        referral_link=link,
    )
    return Image.open(io.BytesIO(picture.data)).convert("RGB").resize(TILE, Image.Resampling.LANCZOS)


def corners() -> Image.Image:
    width, height = TILE
    mask = Image.new("L", (width * 4, height * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), ROUND * 4, fill=255)
    return mask.resize(TILE, Image.Resampling.BOX)


def main() -> None:
    logo = next((SEED / "art").glob("logo-*")).read_bytes()
    rows = -(-len(ORDER) // COLUMNS)
    size = (GAP + COLUMNS * (TILE[0] + GAP), GAP + rows * (TILE[1] + GAP))
    sheet, mask = Image.new("RGB", size, NAVY), corners()
    for index, slug in enumerate(ORDER):
        row, column = divmod(index, COLUMNS)
        sheet.paste(tile(slug, logo), (GAP + column * (TILE[0] + GAP), GAP + row * (TILE[1] + GAP)), mask)
    out = ROOT / "docs" / "images" / "gallery.jpg"
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out, "JPEG", quality=86, optimize=True)
    print(f"{out.relative_to(ROOT)}  {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
