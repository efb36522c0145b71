"""What may be made of an uploaded file: a picture of our own making, or a font as it came."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

# A logo is drawn far smaller, and no format is larger than a picture; more only costs memory where it is drawn.
LONGEST_PX = {"logo": 1024, "picture": 4096}


@dataclass(frozen=True)
class Checked:
    """What is published; `facts` are what its upload then tells of it."""

    data: bytes
    media_type: str
    facts: dict[str, Any]


def checked(data: bytes, *, purpose: str, media_type: str) -> Checked:
    """Raises PictureRefused with the reason."""
    if purpose == "font":
        from promostack.rendering.font_intake import check

        font = check(data)
        return Checked(font.data, font.media_type, {"family": font.family, "weights": font.weights})
    from promostack.rendering.intake import clean

    picture = clean(data, media_type=media_type, longest_px=LONGEST_PX[purpose])
    return Checked(picture.data, picture.media_type, {"width": picture.width, "height": picture.height})


def named_anew(font: Checked, *, taken: Collection[str]) -> Checked:
    """A family of its own: neither that of a shipped font nor one of those taken."""
    from promostack.rendering.fonts import bundled

    used = {*taken, *bundled().families()}
    base, number = font.facts["family"], 2
    family = base
    while family in used:
        family, number = f"{base} {number}", number + 1
    return replace(font, facts={**font.facts, "family": family})
