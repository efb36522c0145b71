"""A layout as plain JSON values, for the tests that compare it with the browser's.

`python -m promostack.rendering.layout_dump < CASES.json` reads `[{"layer": {...}, "values": {...}}, ...]` and prints
the list of layouts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from promostack.rendering.fonts import FontLibrary, bundled
from promostack.rendering.layout import TextLayout, lay_out_alone
from promostack.templates.document import TextLayer


def dump(layout: TextLayout) -> dict[str, Any]:
    """`{size, outcome, missing, lines: [{text, x, baseline, advance, left, right, top, bottom, glyphs}]}`, glyphs as
    `[family, glyph id, x, y]` in format pixels."""
    return {
        "size": layout.size,
        "outcome": layout.outcome,
        "missing": list(layout.missing),
        "ink": list(layout.ink),
        "lines": [
            {
                "text": placed.text,
                "x": placed.x,
                "baseline": placed.baseline,
                "advance": placed.line.advance,
                "left": placed.line.left,
                "right": placed.line.right,
                "top": placed.line.top,
                "bottom": placed.line.bottom,
                "glyphs": [
                    [
                        glyph.font.family,
                        glyph.id,
                        placed.x + glyph.x * layout.size,
                        placed.baseline - glyph.y * layout.size,
                    ]
                    for glyph in placed.line.glyphs
                ],
            }
            for placed in layout.lines
        ],
    }


def layout_dump(
    layer: Mapping[str, Any], values: Mapping[str, str], library: FontLibrary | None = None
) -> dict[str, Any]:
    """Lays out one text layer (its JSON form) and dumps it."""
    return dump(lay_out_alone(TextLayer.model_validate(layer), values, library or bundled()))


def main() -> None:
    cases = json.load(sys.stdin)
    json.dump([layout_dump(case["layer"], case.get("values", {})) for case in cases], sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
