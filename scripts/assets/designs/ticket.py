"""With QR: a paper ticket; the stub leads a phone to the referral link."""

from .parts import Layer, Shape, code, fields, headline, label, logo, place, subline

NAME = "Ticket"
ART = "ticket"
FIELDS = fields("Admit one: to the markets", "Scan the code or enter it at checkout.")
BOXES = {"square": (90, 120, 990, 960, 630), "feed": (90, 150, 990, 1200, 780), "story": (90, 330, 990, 1590, 1120)}


def layers(shape: Shape) -> list[Layer]:
    left, top, right, bottom, tear = BOXES[shape.name]
    pad, side = 60, shape.pick(96, 112, 132)
    x, wide = left + pad, right - left - 2 * pad
    stub = bottom - tear - 2 * shape.pick(40, 50, 64)
    beside = x + stub + 44
    room = right - pad - beside
    middle = (tear + bottom) / 2
    head = top + shape.pick(66, 80, 110) + side + shape.pick(14, 24, 40)
    foot = tear - shape.pick(30, 44, 60)
    return [
        logo(x, top + shape.pick(60, 76, 100), side),
        headline(
            (x, head, wide, foot - 84 - head),
            size=shape.pick(104, 124, 148),
            font=("Inter", 800),
            fill="#06343F",
            align="left",
            valign="middle",
        ),
        subline((x, foot - 78, wide, 78), fill="#3B6670", align="left", size=shape.pick(32, 36, 40)),
        {
            "id": "qr",
            "type": "qr",
            **place((x, tear + (bottom - tear - stub) / 2, stub, stub)),
            "data": "{link}",
            "dark": "#06343F",
            "light": "#FFFFFF",
            "quiet": 2,
            "radius": 14,
        },
        label((beside, middle - 74, room, 36), fill="#C03A21", align="left"),
        code(
            (beside, middle - 34, room, stub / 2 + 34),
            size=64,
            fill="#06343F",
            align="left",
            valign="top",
            lines=5,
            min_size=22,
        ),
    ]
