"""Documents that show each kind of layer and paint once."""

from __future__ import annotations

from typing import Any

BOX = {"id": "one", "x": 140, "y": 140.5, "width": 700, "height": 500}
TWO = [{"at": 0, "color": "#FF8800"}, {"at": 1, "color": "#0088FF"}]
SEE_THROUGH = [{"at": 0, "color": "#000000"}, {"at": 1, "color": "#00000000"}]
SHADOW = {"dx": 12, "dy": 20, "blur": 40}
LIGHT_STROKE = {"color": "#FFFFFF", "width": 20}


def documents(photo: str, stencil: str) -> dict[str, dict[str, Any]]:
    """By what they show; `photo` and `stencil` (partly see-through) are keys of assets."""
    # At half pixels photos differ a little more: the browser's and Pillow's bicubic filters are not the same.
    picture = {"type": "image", "asset": photo, "y": 140}
    plate = {
        "type": "rect",
        "fill": {"angle": 60, "stops": TWO},
        "radius": 50,
        "stroke": LIGHT_STROKE,
        "shadow": SHADOW,
    }
    layers: dict[str, dict[str, Any]] = {
        "plate": plate,
        "turned-plate": {**plate, "rotation": 33, "opacity": 0.8},
        "ellipse": {"type": "ellipse", "fill": {"kind": "radial", "stops": TWO}, "stroke": LIGHT_STROKE},
        "photo": {**picture, "radius": 60},
        "turned-photo": {**picture, "fit": "contain", "rotation": 12, "opacity": 0.7},
        "faded-photo": {**picture, "mask": {"kind": "gradient", "gradient": {"stops": SEE_THROUGH}}},
        "stencilled": {"type": "rect", "fill": {"stops": TWO}, "mask": {"kind": "asset", "asset": stencil}, "y": 140},
        "masked": {"type": "rect", "fill": "#FF8800", "mask": {"kind": "ellipse"}, "rotation": 10},
        "qr": {"type": "qr", "data": "https://example.com/?promo={code}", "radius": 30},
        "turned-qr": {"type": "qr", "light": None, "dark": "#FFFFFF", "level": "h", "rotation": 20},
        "pill": {
            "type": "text",
            "text": "Gradient 30%",
            "lines": 2,
            "max_size": 300,
            "font": {"family": "Unbounded", "weight": 800},
            "fill": {"kind": "radial", "stops": [{"at": 0, "color": "#FFF"}, {"at": 1, "color": "#F08"}]},
            "background": {
                "color": "#202020",
                "radius": 200,
                "padding": 40,
                "fit": "text",
                "stroke": {"color": "#FFFFFF80", "width": 5},
            },
        },
        "outlined": {
            "type": "text",
            "text": "Shadow & stroke",
            "lines": 2,
            "max_size": 300,
            "font": {"family": "Anton"},
            "stroke": {"color": "#000", "width": 12},
            "shadow": {"dx": 12, "dy": 12, "blur": 24},
            "rotation": -5,
            "opacity": 0.9,
        },
        # Dots smaller than the pen, in one colour and see-through.
        "dots": {
            "type": "text",
            "text": "אַיִל fi; ü…",
            "max_size": 300,
            "font": {"family": "Inter", "weight": 100},
            "stroke": {"color": "#FF880090", "width": 48},
            "shadow": SHADOW,
            "rotation": 4,
        },
        "styles": {
            "type": "text",
            "spans": [
                {"text": "Only "},
                {"text": "30%", "font": {"family": "Anton"}, "fill": {"angle": 60, "stops": TWO}},
                {"text": " off 🎁 and ", "font": {"family": "Inter", "weight": 250}},
                {"text": "nothing else", "fill": "#FFD54A80"},
            ],
            "lines": 3,
            "max_size": 300,
            "stroke": {"color": "#000000", "width": 8},
        },
    }
    return {name: _document({**BOX, **layer}) for name, layer in layers.items()}


def _document(layer: dict[str, Any]) -> dict[str, Any]:
    shape = {"width": 1080, "height": 800, "background": {"color": "#1A2B4C"}, "layers": [layer]}
    return {"schema": 2, "slug": "shape", "name": "Shape", "formats": {"only": shape}}
