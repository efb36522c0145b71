"""Pieces that designs are put together from. All lengths are format pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Layer = dict[str, Any]
Box = tuple[float, float, float, float]  # x, y, width, height


@dataclass(frozen=True)
class Shape:
    """One format. `top` and `bottom` are where text may begin and must end: a story's first and last 250 px lie under
    the app's own controls."""

    name: str
    width: int
    height: int
    margin: int = 84

    @property
    def top(self) -> int:
        return 262 if self.name == "story" else self.margin

    @property
    def bottom(self) -> int:
        return self.height - (262 if self.name == "story" else self.margin)

    @property
    def inner(self) -> int:
        return self.width - 2 * self.margin

    def pick(self, square: Any, feed: Any, story: Any) -> Any:
        return {"square": square, "feed": feed, "story": story}[self.name]


SHAPES = (Shape("square", 1080, 1080), Shape("story", 1080, 1920), Shape("feed", 1080, 1350))


def place(box: Box) -> Layer:
    x, y, width, height = box
    return {"x": x, "y": y, "width": width, "height": height}


def text(name: str, box: Box, content: str, **style: Any) -> Layer:
    """A text layer. `font` may be (family, weight). A shadow takes room inside the box, so the box grows by it."""
    family, weight = style.pop("font", ("Inter", 500))
    if shadow := style.get("shadow"):
        reach, dx, dy = 1.5 * shadow["blur"], shadow["dx"], shadow["dy"]
        x, y, width, height = box
        box = (x - reach + dx, y - reach + dy, width + 2 * reach, height + 2 * reach)
    return {
        "id": name,
        "type": "text",
        **place(box),
        "text": content,
        "font": {"family": family, "weight": weight},
        **style,
    }


def rect(name: str, box: Box, fill: Any, **style: Any) -> Layer:
    return {"id": name, "type": "rect", **place(box), "fill": fill, **style}


def ellipse(name: str, box: Box, fill: Any, **style: Any) -> Layer:
    return {"id": name, "type": "ellipse", **place(box), "fill": fill, **style}


def logo(x: float, y: float, side: float) -> Layer:
    return {"id": "logo", "type": "logo", **place((x, y, side, side))}


def fade(angle: float, *stops: tuple[float, str]) -> Layer:
    return {"kind": "linear", "angle": angle, "stops": [{"at": at, "color": colour} for at, colour in stops]}


def headline(box: Box, *, size: float, **style: Any) -> Layer:
    """The hook: large, tight, at most three lines, never under 40 px."""
    tight = {"max_size": size, "min_size": 40, "lines": 3, "line_height": 1.06, "letter_spacing": -0.02}
    return text("headline", box, "{headline}", **{**tight, **style})


def subline(box: Box, *, size: float = 38, **style: Any) -> Layer:
    return text(
        "subline", box, "{subline}", **{"max_size": size, "min_size": 24, "lines": 2, "line_height": 1.28, **style}
    )


def code(box: Box, *, size: float, **style: Any) -> Layer:
    """The code in a face that tells 0 from O. From about 45 characters on it wraps rather than shrink further."""
    wrapping = {"max_size": size, "min_size": 26, "lines": 3, "line_height": 1.12, "font": ("JetBrains Mono", 700)}
    return text("code", box, "{code}", **{**wrapping, **style})


def label(box: Box, **style: Any) -> Layer:
    return text("label", box, "{label}", **{"max_size": 29, "min_size": 18, "font": ("Inter", 600), **style})


def card(box: Box, *, fill: Any, ink: str, quiet: str, align: str = "left", **style: Any) -> list[Layer]:
    """A plate with the label above the code."""
    x, y, width, height = box
    pad = 36
    return [
        rect("card", box, fill, **{"radius": 28, **style}),
        label((x + pad, y + 20, width - 2 * pad, 34), fill=quiet, align=align),
        code((x + pad, y + 54, width - 2 * pad, height - 72), size=74, fill=ink, align=align),
    ]


def field(sample: str, longest: int) -> dict[str, Any]:
    return {"sample": sample, "public": True, "max": longest}


def fields(headline: str, subline: str, label: str = "Use code") -> dict[str, Any]:
    return {"headline": field(headline, 60), "subline": field(subline, 90), "label": field(label, 24)}
