#!/usr/bin/env python3
"""Writes shared/assets/seed/templates from the designs, with the hashed names of the art as it is now.

.venv/bin/python scripts/assets/build_templates.py
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import designs
from designs.parts import SHAPES, Shape

SEED = Path(__file__).resolve().parents[2] / "shared" / "assets" / "seed"


def background(design: ModuleType, shape: Shape) -> dict[str, Any]:
    """The design's own ground, or its art for this format."""
    if not hasattr(design, "ART"):
        return dict(design.BACKGROUND)
    (path,) = (SEED / "art").glob(f"{design.ART}-{shape.name}.*")
    return {"asset": f"seed/{path.name}"}


def document(slug: str, design: ModuleType) -> dict[str, Any]:
    """The template document, version 2."""
    formats = {
        shape.name: {
            "width": shape.width,
            "height": shape.height,
            "background": background(design, shape),
            "layers": [{k: v for k, v in layer.items() if v is not None} for layer in design.layers(shape)],
        }
        for shape in SHAPES
    }
    return {"schema": 2, "slug": slug, "name": design.NAME, "fields": design.FIELDS, "formats": formats}


def main() -> None:
    folder = SEED / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    for module in pkgutil.iter_modules(designs.__path__):
        if module.name == "parts":
            continue
        slug = module.name.replace("_", "-")
        data = document(slug, importlib.import_module(f"designs.{module.name}"))
        (folder / f"{slug}.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
