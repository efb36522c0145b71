"""Typographic: one shout in condensed black on paper, rules and a red stamp of a code."""

from .parts import Layer, Shape, card, fields, headline, logo, rect, text

NAME = "Broadsheet"
ART = "broadsheet"
FIELDS = fields("The price just dropped", "Special edition for traders")


def layers(shape: Shape) -> list[Layer]:
    left, top, bottom, wide = shape.margin, shape.top, shape.bottom, shape.inner
    side = 88
    head = top + side + 44
    return [
        text(
            "subline",
            (left, top, wide - side - 40, side),
            "{subline}",
            max_size=34,
            min_size=22,
            lines=2,
            line_height=1.15,
            align="left",
            fill="#17130F",
            font=("Inter", 700),
        ),
        logo(shape.width - left - side, top, side),
        rect("rule", (left, top + side + 16, wide, 8), "#17130F"),
        headline(
            (left, head, wide, bottom - 156 - 40 - head),
            size=420,
            min_size=56,
            lines=4,
            font=("Anton", 900),
            fill="#17130F",
            align="left",
            valign="middle",
            case="upper",
            letter_spacing=-0.005,
            line_height=1.1,
        ),
        *card((left, bottom - 156, wide, 156), fill="#CC1F15", ink="#FFF8EC", quiet="#FFEDE6", radius=0),
    ]
