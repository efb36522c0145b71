"""Photo: a dandelion in evening light; a scrim carries the text at the foot."""

from .parts import Layer, Shape, code, fade, fields, headline, label, logo, rect, subline

NAME = "Golden Hour"
ART = "golden-hour"
FIELDS = fields("Small start. Serious growth.", "Plant your first account today and let it grow.")


def layers(shape: Shape) -> list[Layer]:
    left, bottom, wide = shape.margin, shape.bottom, shape.inner
    tall = shape.pick(230, 330, 420)
    head = bottom - 276 - tall
    shade = {"color": "#120A0499", "blur": 28, "dx": 0, "dy": 4}
    scrim = fade(180, (0, "#120A0400"), (0.42, "#120A04A6"), (1, "#120A04E6"))
    return [
        rect("scrim", (0, head - 130, shape.width, shape.height - head + 130), scrim),
        logo(left, shape.top, shape.pick(108, 116, 132)),
        headline(
            (left, head, wide, tall),
            size=shape.pick(124, 134, 124),
            font=("Inter", 700),
            fill="#FFFFFF",
            align="left",
            valign="bottom",
            shadow=shade,
        ),
        subline(
            (left, bottom - 258, wide, 92), fill="#F6E3C4", align="left", valign="top", size=shape.pick(36, 38, 42)
        ),
        label((left, bottom - 144, wide, 34), fill="#FFC861", align="left"),
        code(
            (left, bottom - 104, wide, 104),
            size=64,
            fill="#241303",
            align="left",
            background={"color": "#FFC861", "radius": 22, "padding": [32, 14], "fit": "text"},
        ),
    ]
