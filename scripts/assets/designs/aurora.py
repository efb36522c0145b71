"""Gradient: silk of light above, the message at the lower left."""

from .parts import Layer, Shape, card, fields, headline, logo, subline

NAME = "Aurora"
ART = "aurora"
FIELDS = fields("Trade bigger. Start for less.", "Your next challenge costs less with this code.")


def layers(shape: Shape) -> list[Layer]:
    left, bottom, wide = shape.margin, shape.bottom, shape.inner
    tall = shape.pick(290, 370, 460)
    return [
        logo(left, shape.top, shape.pick(108, 116, 132)),
        headline(
            (left, bottom - 290 - tall, wide, tall),
            size=shape.pick(136, 148, 160),
            font=("Inter", 800),
            fill="#FFFFFF",
            align="left",
            valign="bottom",
        ),
        subline(
            (left, bottom - 272, wide, 96), fill="#D9D0FF", align="left", valign="top", size=shape.pick(36, 38, 42)
        ),
        *card((left, bottom - 156, wide, 156), fill="#FFFFFF", ink="#1A0B52", quiet="#6A4BD8"),
    ]
