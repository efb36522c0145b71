"""Luxury: gold engraving above and below, a serif headline in gold, the code in a hairline frame."""

from .parts import Layer, Shape, code, fade, fields, headline, label, logo, rect, subline

NAME = "Gold Reserve"
ART = "gold-reserve"
FIELDS = fields("A private offer, reserved for you", "Preferred terms on every funded account.", "Your private code")
GOLD = fade(100, (0, "#F9E7B2"), (0.45, "#D9A441"), (0.62, "#FFF3CF"), (1, "#C08A2B"))


def layers(shape: Shape) -> list[Layer]:
    head, tall = shape.pick((284, 262), (372, 330), (600, 420))
    rule = head + tall + 30
    frame = shape.pick(738, 940, 1340)
    side = shape.pick(92, 104, 124)
    return [
        logo(540 - side / 2, shape.pick(168, 236, 420), side),
        headline(
            (130, head, 820, tall),
            size=shape.pick(110, 112, 100),
            font=("Noto Serif Display", 600),
            fill=GOLD,
            stroke={"color": "#C9963A", "width": 2},  # the face's hairlines vanish on a phone
            line_height=1.14,
            letter_spacing=0,
        ),
        rect("rule", (490, rule, 100, 2), "#D9A441"),
        subline((170, rule + 22, 740, 92), fill="#E9DDC3", size=34, font=("Inter", 400)),
        rect("frame", (160, frame, 760, 152), "#0A0806B3", stroke={"color": "#D9A441", "width": 2}),
        rect("inner", (170, frame + 10, 740, 132), None, stroke={"color": "#D9A44166", "width": 1}),
        label((200, frame + 22, 680, 32), fill="#D9A441", letter_spacing=0.14, case="upper", max_size=22, min_size=14),
        code((200, frame + 58, 680, 76), size=60, fill="#FFF3CF", letter_spacing=0.04, font=("JetBrains Mono", 500)),
    ]
