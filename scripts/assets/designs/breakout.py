"""Dark: a chart that breaks out, the code on dark glass."""

from .parts import Layer, Shape, card, fields, headline, logo, subline

NAME = "Breakout"
ART = "breakout"
FIELDS = fields("Your breakout starts here", "Get funded. Keep your edge.")


def layers(shape: Shape) -> list[Layer]:
    left, wide = shape.margin, shape.inner
    side = shape.pick(104, 112, 128)
    head = shape.top + side + shape.pick(34, 44, 56)
    tall = shape.pick(240, 310, 400)
    glass = shape.pick(shape.bottom - 156, shape.bottom - 156, head + tall + 160)
    return [
        logo(left, shape.top, side),
        headline(
            (left, head, shape.pick(760, 800, wide), tall),
            size=shape.pick(124, 136, 152),
            font=("Inter", 800),
            fill="#F4FBFF",
            align="left",
            valign="bottom",
        ),
        subline(
            (left, head + tall + 14, shape.pick(640, 700, wide), 92),
            fill="#6FF5BF",
            align="left",
            valign="top",
            size=shape.pick(36, 40, 44),
        ),
        *card(
            (left, glass, wide, 156),
            fill="#050A14EB",
            ink="#E9FFF6",
            quiet="#2EF2A0",
            stroke={"color": "#2EF2A0", "width": 2},
            radius=20,
        ),
    ]
