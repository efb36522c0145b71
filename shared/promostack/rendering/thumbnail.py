"""Small pictures for galleries."""

import io

# Of the longest galleries hundreds are shown at once; at 360 px a card is sharp on a phone and weighs some 20 kB.
WIDTH_PX = 360
QUALITY = 82


def shrink(data: bytes, *, width_px: int = WIDTH_PX) -> bytes:
    """The picture as a JPEG `width_px` wide, with its proportions kept; the same bytes for the same input."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        height_px = max(1, round(picture.height * width_px / picture.width))
        small = picture.convert("RGB").resize((width_px, height_px), Image.Resampling.LANCZOS, reducing_gap=3)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
