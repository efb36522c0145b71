"""Light and calm: cut paper around a clear middle, the logo on top."""

from .parts import Layer, Shape, code, fields, headline, label, logo, rect, subline

NAME = "Papercut"
ART = "papercut"
FIELDS = fields("Clear rules. Fair price.", "Everything you need to trade a funded account.")


def layers(shape: Shape) -> list[Layer]:
    side = shape.pick(116, 132, 148)
    top = shape.pick(208, 266, 450)
    head = top + side + shape.pick(14, 30, 50)
    tall = shape.pick(210, 300, 380)
    left, wide = shape.pick((210, 660), (210, 660), (236, 608))
    plate = head + tall + shape.pick(172, 190, 220)
    return [
        logo(540 - side / 2, top, side),
        headline(
            (left, head, wide, tall),
            size=shape.pick(100, 112, 100),
            font=("Inter", 800),
            fill="#1D1A5E",
            letter_spacing=-0.025,
        ),
        subline((left, head + tall + 20, wide, 84), fill="#4B4A86", size=32),
        label((left, plate - 48, wide, 32), fill="#4845C4"),
        rect("card", (left, plate - 8, wide, 104), "#2C2A8C", radius=52),
        code((left + 44, plate - 2, wide - 88, 92), size=54, fill="#FFFFFF", min_size=22),
    ]
