"""Photo as print: an engraved rocket on a vermilion sky under a poster headline."""

from .parts import Layer, Shape, card, fields, headline, logo, text

NAME = "Liftoff"
ART = "liftoff"
FIELDS = fields("Ready for liftoff?", "Next launch window: your trading account.")


def layers(shape: Shape) -> list[Layer]:
    left, top, wide = shape.margin, shape.top, shape.inner
    side = shape.pick(104, 112, 128)
    return [
        text(
            "subline",
            (left, top, wide - side - 40, side),
            "{subline}",
            max_size=shape.pick(36, 40, 44),
            min_size=24,
            lines=2,
            line_height=1.2,
            align="left",
            fill="#FFF1DA",
            font=("Inter", 600),
        ),
        logo(shape.width - left - side, top, side),
        headline(
            (left, top + side + 36, 640, shape.pick(330, 470, 640)),
            size=shape.pick(210, 240, 280),
            lines=3,
            font=("Anton", 900),
            fill="#FFF6E6",
            align="left",
            valign="top",
            case="upper",
            letter_spacing=0,
            line_height=1.12,
        ),
        *card((left, shape.bottom - 156, wide, 156), fill="#171444", ink="#FFE9C2", quiet="#FF9A5C", radius=10),
    ]
