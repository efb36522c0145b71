"""Files of pictures to pixels: bounded before they are decoded, turned as their EXIF says, in sRGB."""

from __future__ import annotations

import io
import struct

from PIL import Image, UnidentifiedImageError

from promostack.core.errors import PromoError

MAX_PIXELS = 40_000_000
_ORIENTATION = 0x0112  # EXIF
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class AssetBroken(PromoError):
    """The bytes under the key are not a picture that can be drawn."""

    status = 503
    code = "asset_broken"

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"The asset '{key}' cannot be drawn: {reason}.")
        self.key = key


def decode(data: bytes, key: str, *, reduce_to: tuple[int, int] | None = None) -> Image.Image:
    """RGB or RGBA in sRGB, turned as its EXIF says. `reduce_to`: a JPEG may be decoded smaller, never below this size.

    Raises AssetBroken.
    """
    try:
        image: Image.Image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise AssetBroken(key, "more than 40 megapixels")
        if reduce_to:
            image.draft("RGB", reduce_to)
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise AssetBroken(key, str(error) or type(error).__name__) from error
    turn = _TURNS.get(_orientation(image))
    if turn is not None:  # without ImageOps, which also writes the other EXIF anew, and fails at what it cannot write
        image = image.transpose(turn)
    if image.mode.startswith("I;16"):  # a conversion would cut off at 255 instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    return _to_srgb(image)


def _orientation(image: Image.Image) -> int:
    """What EXIF says of it, which may be unreadable: no reason to lose the picture."""
    try:
        orientation = image.getexif().get(_ORIENTATION)
    except (SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, OSError, struct.error):
        return 1
    return orientation if isinstance(orientation, int) else 1


def _to_srgb(image: Image.Image) -> Image.Image:
    alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if alpha else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _from_profile(image, profile, mode)
    return image if image.mode == mode else image.convert(mode)


def _from_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """Converted from its colour profile; a damaged profile is no reason to lose the picture."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        out = mode if image.mode == mode else "RGB"
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=out) or image
    except (ImageCms.PyCMSError, OSError):
        return image
