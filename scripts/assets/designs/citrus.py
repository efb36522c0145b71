"""Flat: no picture at all, a slice of orange built from shapes."""

from .parts import Layer, Shape, card, ellipse, fields, headline, logo, rect, subline

NAME = "Citrus"
BACKGROUND = {"color": "#FFD83D"}
FIELDS = fields("Fresh account. Fresh start.", "A little zest off the price of your challenge.")


def slice_of_orange(x: float, y: float, radius: float) -> list[Layer]:
    """Rind, pith, flesh, and four cuts that make eight segments, centred at (x, y)."""

    def disc(name: str, share: float, colour: str) -> Layer:
        r = radius * share
        return ellipse(name, (x - r, y - r, 2 * r, 2 * r), colour)

    long, thin = radius * 1.72, radius * 0.035
    cuts = [
        rect(f"cut-{turn}", (x - long / 2, y - thin / 2, long, thin), "#FFF3D1", rotation=turn, radius=thin / 2)
        for turn in (12, 57, 102, 147)
    ]
    return [
        disc("rind", 1, "#FF6A1F"),
        disc("pith", 0.925, "#FFF3D1"),
        disc("flesh", 0.865, "#FF8F2E"),
        disc("glow", 0.6, "#FFA445"),
        *cuts,
        disc("heart", 0.075, "#FFF3D1"),
    ]


def layers(shape: Shape) -> list[Layer]:
    left, bottom, wide = shape.margin, shape.bottom, shape.inner
    x, y, radius = shape.pick((860, 130, 330), (810, 235, 400), (760, 440, 480))
    tall = shape.pick(250, 330, 420)
    return [
        *slice_of_orange(x, y, radius),
        logo(left, shape.top, shape.pick(108, 116, 132)),
        headline(
            (left, bottom - 276 - tall, wide, tall),
            size=shape.pick(136, 142, 128),
            font=("Inter", 900),
            fill="#10352A",
            align="left",
            valign="bottom",
            letter_spacing=-0.035,
            line_height=1.0,
        ),
        subline(
            (left, bottom - 258, wide, 88), fill="#10352A", align="left", valign="top", size=shape.pick(36, 38, 42)
        ),
        *card((left, bottom - 152, wide, 152), fill="#10352A", ink="#FFD83D", quiet="#9BE7B0"),
    ]
