"""Seasonal, summer: a printed poster whose sun carries everything."""

from .parts import Layer, Shape, code, fields, headline, label, logo, rect, subline

NAME = "Sunburst"
ART = "sunburst"
FIELDS = fields("Summer funding season", "Long days, short spreads, a lighter price.")


def layers(shape: Shape) -> list[Layer]:
    middle = shape.pick(513, 641, 960)
    side = 96
    return [
        logo(540 - side / 2, middle - 420, side),
        headline(
            (170, middle - 300, 740, 290),
            size=160,
            font=("Oswald", 700),
            fill="#D63A1E",
            case="upper",
            letter_spacing=-0.01,
            line_height=1.14,
        ),
        subline((190, middle + 4, 700, 84), fill="#7A3322", size=34),
        label((240, middle + 108, 600, 34), fill="#0B7A80"),
        rect("card", (220, middle + 148, 640, 112), "#0B7A80", radius=56),
        code((264, middle + 156, 552, 96), size=56, fill="#FFF3DC", min_size=22),
    ]
