"""Version 1 documents to version 2, losing nothing.

Version 1 holds an object per variant (`square`, `story`, `feed`) with `imageUrl`, `box` in percent of the picture,
`maxFontPx` and `fontColor`, beside them `name` and `telegramEnabled` (absent means true). Older ones have a single
top-level `box` and `image` and were square. Keys that version 2 has no place for are kept under `origin`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from promostack.templates.document import InvalidDocument, parse_document

SIZES = {"square": (1080, 1080), "story": (1080, 1920), "feed": (1080, 1350)}
# Version 1 shrank in steps down to this.
_SMALLEST_PX = 8
_LARGEST_PX = 120
_ALIGN = {"left": "left", "center": "center", "right": "right"}
_VALIGN = {"top": "top", "middle": "middle", "bottom": "bottom"}
_NAMED = {"white": "#FFFFFF", "black": "#000000", "red": "#FF0000", "gold": "#FFD700", "yellow": "#FFFF00"}
_TOP = {"slug", "id", "name", "telegramEnabled", "schema", "version", *SIZES}
_VARIANT = {"imageUrl", "image", "box", "maxFontPx", "fontColor"}
_BOX = {"leftPct", "topPct", "widthPct", "heightPct", "hAlign", "vAlign"}
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*(\d*\.?\d+)\s*)?\)")


def convert(data: Mapping[str, Any], *, asset_key: Callable[[str], str] = lambda address: address) -> dict[str, Any]:
    """The version 2 document (checked). `asset_key` turns a picture's address into its key in the store.

    Raises InvalidDocument naming what in the version 1 document cannot be understood.
    """
    faults: dict[str, str] = {}
    variants = _variants(data)
    if not variants:
        faults["document"] = "neither a variant (square, story, feed) nor a top-level box with an image"
    formats = {name: _format(name, variant, path, asset_key, faults) for name, (path, variant) in variants.items()}
    telegram = data.get("telegramEnabled", True)
    if not isinstance(telegram, bool):
        faults["telegramEnabled"] = "must be true or false"
    name = str(data.get("name") or "Imported template").strip()[:80]
    if faults:
        path, fault = next(iter(faults.items()))
        raise InvalidDocument(f"This version 1 document cannot be imported: {path}: {fault}", fields=faults)
    document: dict[str, Any] = {
        "schema": 2,
        "slug": _slug(str(data.get("slug") or data.get("id") or name)),
        "name": name,
        "fields": {},
        "formats": formats,
        "visibility": {"web": True, "telegram": telegram, "archived": False},
        "origin": {"schema": 1, **_unknown(data, variants)},
    }
    parse_document(document)
    return document


def _variants(data: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Format → (path in the old document, its object)."""
    found = {name: (name, data[name]) for name in SIZES if isinstance(data.get(name), Mapping)}
    if not found and isinstance(data.get("box"), Mapping):
        return {"square": ("", data)}
    return found


def _format(
    name: str, variant: Mapping[str, Any], path: str, asset_key: Callable[[str], str], faults: dict[str, str]
) -> dict[str, Any]:
    width, height = SIZES[name]
    address = variant.get("imageUrl") or variant.get("image")
    if not isinstance(address, str) or not address:
        faults[_join(path, "imageUrl")] = "must be the picture's address"
        address = "missing"
    size = _number(variant.get("maxFontPx", _LARGEST_PX), _join(path, "maxFontPx"), faults)
    layer = {
        "id": "code",
        "type": "text",
        "text": "{code}",
        "font": {"family": "Inter", "weight": 700},
        "max_size": min(max(size, 1), 2048),
        "min_size": min(max(size, 1), _SMALLEST_PX),
        "lines": 1,
        "fill": _colour(variant.get("fontColor", "#000000"), _join(path, "fontColor"), faults),
        **_box(variant.get("box"), width, height, _join(path, "box"), faults),
    }
    return {"width": width, "height": height, "background": {"asset": asset_key(address)}, "layers": [layer]}


def _box(box: Any, width: int, height: int, path: str, faults: dict[str, str]) -> dict[str, Any]:
    if not isinstance(box, Mapping):
        faults[path] = "must be an object with leftPct, topPct, widthPct and heightPct"
        return {}
    sides = {
        key: _number(box.get(old), f"{path}.{old}", faults) * whole / 100
        for key, old, whole in (
            ("x", "leftPct", width),
            ("y", "topPct", height),
            ("width", "widthPct", width),
            ("height", "heightPct", height),
        )
    }
    return {
        **sides,
        "align": _choice(box.get("hAlign", "center"), _ALIGN, f"{path}.hAlign", faults),
        "valign": _choice(box.get("vAlign", "middle"), _VALIGN, f"{path}.vAlign", faults),
    }


def _number(value: Any, path: str, faults: dict[str, str]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 16384:
        faults[path] = "must be a number"
        return 1.0
    return float(value)


def _choice(value: Any, choices: Mapping[str, str], path: str, faults: dict[str, str]) -> str:
    if value not in choices:
        faults[path] = f"must be one of {', '.join(choices)}"
        return next(iter(choices.values()))
    return choices[value]


def _colour(value: Any, path: str, faults: dict[str, str]) -> str:
    text = str(value).strip()
    if re.fullmatch(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})", text):
        return text
    if text.lower() in _NAMED:
        return _NAMED[text.lower()]
    if match := _RGB.fullmatch(text):
        channels = [min(int(part), 255) for part in match.groups()[:3]]
        alpha = round(min(float(match[4]), 1.0) * 255) if match[4] else 255
        return "#" + "".join(f"{value:02X}" for value in (*channels, *([alpha] if alpha < 255 else [])))
    faults[path] = "must be a colour: #RRGGBB, rgb(…) or a basic name"
    return "#000000"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-") or "imported"


def _unknown(data: Mapping[str, Any], variants: Mapping[str, tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """What has no place in version 2, at the paths where it stood."""
    single = any(path == "" for path, _ in variants.values())
    kept = {key: value for key, value in data.items() if key not in (_TOP | _VARIANT if single else _TOP)}
    kept.update({key: data[key] for key in ("id", "slug") if key in data})
    for path, variant in variants.values():
        rest = {} if single else {key: value for key, value in variant.items() if key not in _VARIANT}
        box = variant.get("box")
        if isinstance(box, Mapping) and (beyond := {key: box[key] for key in box if key not in _BOX}):
            rest["box"] = beyond
        if rest:
            kept.update(rest if single else {path: rest})
    return kept


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
