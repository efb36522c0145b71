"""Colours that can be told apart: relative luminance and contrast as WCAG 2.2 defines them (1.4.3)."""

# Text of any size.
LEAST = 4.5


def ratio(one: str, other: str) -> float:
    """1 to 21; colours are #RRGGBB."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(background: str) -> str:
    """White or black, whichever is easier to read there: one of them reaches 4.58 on any colour."""
    return max(("#FFFFFF", "#000000"), key=lambda ink: ratio(ink, background))


def moved_until_readable(colour: str, background: str) -> str:
    """The colour, mixed with white or black as little as it takes to be read on the background."""
    towards = readable_on(background)
    for share in range(11):
        mixed = _mix(colour, towards, share / 10)
        if ratio(mixed, background) >= LEAST:
            return mixed
    return towards


def _mix(one: str, other: str, share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(_rgb(one), _rgb(other), strict=True))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
