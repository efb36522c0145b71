"""With QR: a paper ticket; the stub leads a phone to the referral link."""

from .parts import Layer, Shape, code, fields, headline, label, logo, place, subline

NAME = "Ticket"
ART = "ticket"
FIELDS = fields("Admit one: to the markets", "Scan the code or enter it at checkout.")
BOXES = {"square": (90, 150, 990, 930, 640), "feed": (90, 190, 990, 1160, 780), "story": (90, 330, 990, 1590, 1120)}


def layers(shape: Shape) -> list[Layer]:
    left, top, right, bottom, tear = BOXES[shape.name]
    pad, side = 60, shape.pick(96, 112, 132)
    x, wide = left + pad, right - left - 2 * pad
    stub = bottom - tear - 2 * shape.pick(44, 56, 70)
    beside = x + stub + 44
    room = right - pad - beside
    head = top + shape.pick(66, 80, 110) + side + shape.pick(14, 24, 40)
    foot = tear - shape.pick(30, 44, 60)
    return [
        logo(x, top + shape.pick(60, 76, 100), side),
        headline((x, head, wide, foot - 84 - head), size=shape.pick(84, 104, 128), font=("Inter", 800), fill="#06343F",
                 align="left", valign="middle"),
        subline((x, foot - 78, wide, 78), fill="#3B6670", align="left", size=shape.pick(32, 36, 40)),
        {"id": "qr", "type": "qr", **place((x, tear + (bottom - tear - stub) / 2, stub, stub)), "data": "{link}",
         "dark": "#06343F", "light": "#FFFFFF", "quiet": 4, "radius": 14},
        label((beside, tear + (bottom - tear - stub) / 2, room, 36), fill="#E2543A", align="left"),
        code((beside, tear + (bottom - tear - stub) / 2 + 44, room, stub - 44), size=64, fill="#06343F", align="left", valign="top",
             lines=4, min_size=22),
    ]  # fmt: skip
