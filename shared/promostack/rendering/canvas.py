"""A picture that is painted on: opaque RGB for photos and JPEG, RGBA where it may be see-through."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

from promostack.rendering import colour
from promostack.rendering.geometry import Affine, Rect
from promostack.rendering.glyphs import Picture
from promostack.rendering.raster import Mask
from promostack.rendering.strips import Rows
from promostack.templates.document import Gradient


class Canvas:
    """Everything painted outside its edges is cut off. `touched` lists the rows painted on."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.touched: Rows = []

    @classmethod
    def clear(cls, width: int, height: int) -> Canvas:
        return cls(Image.new("RGBA", (width, height), (0, 0, 0, 0)))

    def fill(self, mask: Mask | None, fill: str | Gradient, box: Rect, to_canvas: Affine, opacity: float = 1) -> None:
        """Paints a colour or gradient (spread over `box`) through the mask."""
        mask = self._clipped(mask)
        if mask is None:
            return
        if isinstance(fill, str):
            self._fill_plain(mask, colour.rgba(fill), opacity)
            return
        image = colour.gradient_image(fill, box, to_canvas, mask.box)
        alpha = faded(ImageChops.multiply(image.getchannel("A"), mask.image), opacity)
        image.putalpha(alpha)
        self.picture(Picture(mask.x, mask.y, image))

    def picture(self, picture: Picture | None, opacity: float = 1) -> None:
        """Lays an RGBA image over what is there."""
        if picture is None:
            return
        image = picture.image
        self.touched.append((picture.y, picture.y + image.height))
        if opacity < 1:
            image = image.copy()
            image.putalpha(faded(image.getchannel("A"), opacity))
        if self.image.mode == "RGB":
            self.image.paste(image, (picture.x, picture.y), image)
            return
        clipped = self._clipped(Mask(picture.x, picture.y, image))
        if clipped:
            below = self.image.crop(clipped.box)
            below.alpha_composite(clipped.image)
            self.image.paste(below, (clipped.x, clipped.y))

    def shadow(
        self, mask: Mask | None, shift: tuple[float, float], sigma: float, shade: str, opacity: float = 1
    ) -> None:
        """A blurred copy of the mask, moved by `shift` pixels."""
        if mask is None:
            return
        blurred = blur(mask, sigma)
        moved = _shifted(blurred, shift)
        clipped = self._clipped(moved)
        if clipped:
            self._fill_plain(clipped, colour.rgba(shade), opacity)

    def _fill_plain(self, mask: Mask, paint: colour.Rgba, opacity: float) -> None:
        coverage = faded(mask.image, opacity * paint[3] / 255)
        if self.image.mode == "RGB":
            self.touched.append((mask.y, mask.box[3]))
            self.image.paste(paint[:3], mask.box, coverage)
            return
        image = Image.new("RGBA", coverage.size, (*paint[:3], 0))
        image.putalpha(coverage)
        self.picture(Picture(mask.x, mask.y, image))

    def _clipped(self, mask: Mask | None) -> Mask | None:
        if mask is None:
            return None
        left, top = max(0, mask.x), max(0, mask.y)
        right, bottom = min(self.image.width, mask.box[2]), min(self.image.height, mask.box[3])
        if left >= right or top >= bottom:
            return None
        if (left, top, right, bottom) == mask.box:
            return mask
        return Mask(left, top, mask.image.crop((left - mask.x, top - mask.y, right - mask.x, bottom - mask.y)))


def faded(coverage: Image.Image, opacity: float) -> Image.Image:
    return coverage if opacity >= 1 else coverage.point([round(value * opacity) for value in range(256)])


def blur(mask: Mask, sigma: float) -> Mask:
    """Gaussian; the mask grows by three sigma on each side."""
    if sigma <= 0:
        return mask
    grow = int(-(-3 * sigma // 1))
    image = Image.new("L", (mask.image.width + 2 * grow, mask.image.height + 2 * grow))
    image.paste(mask.image, (grow, grow))
    return Mask(mask.x - grow, mask.y - grow, image.filter(ImageFilter.GaussianBlur(sigma)))


def _shifted(mask: Mask, shift: tuple[float, float]) -> Mask:
    """Moved by whole pixels, and by the rest of a pixel with bilinear weights."""
    whole_x, whole_y = int(shift[0] // 1), int(shift[1] // 1)
    part_x, part_y = shift[0] - whole_x, shift[1] - whole_y
    if part_x or part_y:
        padded = Image.new("L", (mask.image.width + 2, mask.image.height + 2))
        padded.paste(mask.image, (1, 1))
        moved = padded.transform(
            padded.size, Image.Transform.AFFINE, (1, 0, -part_x, 0, 1, -part_y), Image.Resampling.BILINEAR
        )
        return Mask(mask.x + whole_x - 1, mask.y + whole_y - 1, moved)
    return Mask(mask.x + whole_x, mask.y + whole_y, mask.image)
