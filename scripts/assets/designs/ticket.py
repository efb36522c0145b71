"""With QR: a paper ticket; the stub leads a phone to the referral link. A stamp shows the discount, if one is given."""

from .parts import Layer, Shape, code, ellipse, field, fields, headline, label, logo, place, subline, text

NAME = "Ticket"
ART = "ticket"
FIELDS = fields("Admit one: to the markets", "Scan the code or enter it at checkout.") | {"discount": field("", 8)}
BOXES = {"square": (90, 120, 990, 960, 630), "feed": (90, 150, 990, 1200, 780), "story": (90, 330, 990, 1590, 1120)}


def stamp(x: float, y: float, side: float) -> list[Layer]:
    """A round stamp, slightly turned."""
    given = {"visible_if": {"field": "discount", "present": True}, "rotation": -10}
    inner, pad = side - 16, side * 0.15
    return [
        ellipse("stamp", (x, y, side, side), "#C03A21", **given),
        ellipse("stamp-ring", (x + 8, y + 8, inner, inner), None, stroke={"color": "#FFFFFF", "width": 2}, **given),
        text(
            "discount",
            (x + pad, y + pad, side - 2 * pad, side - 2 * pad),
            "{discount}",
            max_size=side * 0.34,
            min_size=18,
            font=("Inter", 800),
            letter_spacing=-0.02,
            **given,
        ),
    ]


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
    badge = shape.pick(140, 160, 196)
    sign = top + shape.pick(60, 76, 100)
    return [
        logo(x, sign, side),
        *stamp(right - pad - badge, sign + (side - badge) / 2, badge),
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
