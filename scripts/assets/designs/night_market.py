"""Dark: neon tubes on brick, for a sale that lasts a night."""

from .parts import Layer, Shape, code, fields, headline, label, logo, subline

NAME = "Night Market"
ART = "night-market"
FIELDS = fields("Black Friday is on", "One night. Every account size.")
FRAMES = {"square": (84, 868), "feed": (110, 1110), "story": (290, 1490)}


def layers(shape: Shape) -> list[Layer]:
    top, bottom = FRAMES[shape.name]
    side = shape.pick(92, 108, 128)
    head = top + shape.pick(56, 72, 90) + side + shape.pick(20, 40, 60)
    plate = bottom - shape.pick(216, 240, 290)
    return [
        logo(540 - side / 2, top + shape.pick(66, 80, 100), side),
        headline(
            (160, head, 760, plate - 104 - head),
            size=shape.pick(120, 130, 144),
            font=("Unbounded", 800),
            fill="#FFFFFF",
            case="upper",
            letter_spacing=-0.01,
            line_height=1.2,
            shadow={"color": "#FF2FA0", "blur": 36, "dx": 0, "dy": 0},
        ),
        subline((170, plate - 92, 740, 80), fill="#F6C9EA", size=shape.pick(32, 36, 40)),
        label((180, plate + 12, 720, 34), fill="#FF7CC6"),
        code(
            (160, plate + 46, 760, 118),
            size=76,
            fill="#8CF0FF",
            shadow={"color": "#22D3FF", "blur": 24, "dx": 0, "dy": 0},
        ),
    ]
