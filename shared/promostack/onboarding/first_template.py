"""The first template: made of the workspace's name and two colours, so that the first picture is its own.

Pure: colours in, a version 2 document out. Lengths are format pixels.
"""

import colorsys
from dataclasses import dataclass
from typing import Any

from promostack.core.errors import Unprocessable
from promostack.onboarding import contrast

SLUG = "first-coupon"
_SHAPES = {"square": (1080, 1080), "story": (1080, 1920), "feed": (1080, 1350)}
_MARGIN = 84
# A story's first and last 250 px lie under the app's own controls.
_STORY_MARGIN = 262
# Where no logo tells: calm pairs that anybody can start with.
DEFAULTS = (("#0B1739", "#8B7BFF"), ("#10352A", "#FFD83D"), ("#FFFFFF", "#C2185B"))


class ColoursRefused(Unprocessable):
    """Text in these colours could not be read."""

    code = "colours_refused"


@dataclass(frozen=True)
class Colours:
    """#RRGGBB: the ground, and what stands out from it."""

    background: str
    accent: str


def palettes(found: list[str]) -> list[Colours]:
    """Pairs made of a logo's colours, the most frequent first, each readable; the defaults where it has none."""
    grounds = sorted(found, key=_vividness, reverse=True)[:3] or []
    pairs = [Colours(ground, _partner(ground, found)) for ground in grounds]
    pairs += [Colours(*each) for each in DEFAULTS]
    return [Colours(each.background, _readable(each)) for each in pairs][:4]


def check(colours: Colours) -> None:
    """Raises ColoursRefused when the accent cannot be read on the ground."""
    reached = contrast.ratio(colours.accent, colours.background)
    if reached < contrast.LEAST:
        why = f"text in it reaches {reached:.1f}:1 on the background, and {contrast.LEAST}:1 is needed to be read"
        raise ColoursRefused(f"Choose another accent: {why}.", fields={"accent": why})


def document(name: str, colours: Colours) -> dict[str, Any]:
    """The template; raises ColoursRefused."""
    check(colours)
    formats = {shape: _format(shape, width, height, colours) for shape, (width, height) in _SHAPES.items()}
    fields = {
        "headline": {"sample": f"A gift from {name}"[:60], "public": True, "max": 60},
        "label": {"sample": "Use code", "public": True, "max": 24},
    }
    return {"schema": 2, "slug": SLUG, "name": "First coupon", "fields": fields, "formats": formats}


def _format(shape: str, width: int, height: int, colours: Colours) -> dict[str, Any]:
    top = _STORY_MARGIN if shape == "story" else _MARGIN
    bottom, wide = height - top, width - 2 * _MARGIN
    plate = {"x": _MARGIN, "y": bottom - 230, "width": wide, "height": 230}
    on_plate = contrast.readable_on(colours.accent)
    ink = contrast.readable_on(colours.background)
    inner = {"x": _MARGIN + 40, "width": wide - 80}
    layers = [
        {"id": "logo", "type": "logo", "x": _MARGIN, "y": top, "width": 130, "height": 130},
        _text("headline", "{headline}", {"x": _MARGIN, "y": top + 170, "width": wide, "height": bottom - top - 440},
              {"family": "Inter", "weight": 800}, 150, 40, 4, ink),
        {"id": "plate", "type": "rect", **plate, "fill": colours.accent, "radius": 32},
        _text("label", "{label}", {**inner, "y": bottom - 202, "height": 46},
              {"family": "Inter", "weight": 600}, 36, 18, 1, on_plate),
        _text("code", "{code}", {**inner, "y": bottom - 150, "height": 126},
              {"family": "JetBrains Mono", "weight": 700}, 104, 26, 2, on_plate),
    ]  # fmt: skip
    return {"width": width, "height": height, "background": {"color": colours.background}, "layers": layers}


def _text(
    name: str,
    content: str,
    box: dict[str, int],
    font: dict[str, Any],
    largest: int,
    smallest: int,
    lines: int,
    fill: str,
) -> dict[str, Any]:
    style = {"max_size": largest, "min_size": smallest, "lines": lines, "fill": fill, "align": "left"}
    return {"id": name, "type": "text", **box, "text": content, "font": font, "valign": "middle", **style}


def _readable(colours: Colours) -> str:
    return contrast.moved_until_readable(colours.accent, colours.background)


def _partner(ground: str, found: list[str]) -> str:
    """The logo's colour that stands out most from the ground."""
    return max(found, key=lambda each: contrast.ratio(each, ground))


def _vividness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    _, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return saturation * (1 - abs(2 * lightness - 1))
