"""Seasonal, winter: a clear night above firs; the sky carries the text."""

from .parts import Layer, Shape, card, fields, headline, logo, subline

NAME = "First Snow"
ART = "first-snow"
FIELDS = fields("A winter gift for your trading", "Unwrap a better price on your next challenge.")


def layers(shape: Shape) -> list[Layer]:
    left, bottom, wide = shape.margin, shape.bottom, shape.inner
    side = shape.pick(104, 112, 128)
    head = shape.top + side + shape.pick(56, 80, 130)
    tall = shape.pick(280, 360, 460)
    shade = {"color": "#06143399", "blur": 24, "dx": 0, "dy": 2}
    return [
        logo(left, shape.top, side),
        headline(
            (left, head, wide, tall),
            size=shape.pick(128, 132, 116),
            font=("Noto Serif Display", 600),
            fill="#FFFFFF",
            stroke={"color": "#FFFFFF", "width": 2},  # the face's hairlines vanish on a phone
            align="left",
            valign="bottom",
            letter_spacing=-0.01,
            line_height=1.12,
            shadow=shade,
        ),
        subline(
            (left, head + tall + 22, shape.pick(760, 800, wide), 100),
            fill="#EAF3FF",
            align="left",
            valign="top",
            size=shape.pick(38, 40, 44),
            shadow=shade,
        ),
        *card((left, bottom - 156, wide, 156), fill="#FFFFFFF2", ink="#0A2450", quiet="#2F6DB3"),
    ]
