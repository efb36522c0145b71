"""The scene by Pillow alone: as usually written (all decoded each time, −2 px loop), and with all of it kept."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from scripts.benches import render_scene as scene


class AsFound:
    """Template, logo and fonts are opened for each picture; the pill is supersampled for smooth edges."""

    def render(self, code: str, output: str = "JPEG") -> bytes:
        picture = Image.open(scene.photo()).convert("RGB")
        logo = Image.open(scene.logo()).convert("RGBA").resize((scene.LOGO_SIZE,) * 2, Image.Resampling.LANCZOS)
        picture.paste(logo, scene.LOGO_BOX[:2], logo)
        pill = make_pill()
        picture.paste(pill, scene.CODE_BOX[:2], pill)
        draw_texts(picture, code, lambda size: _open_font(size))
        return encode(picture, output)


class Cached:
    """Background, logo and pill are one picture made before; fonts are kept by size."""

    def __init__(self) -> None:
        base = Image.open(scene.photo()).convert("RGB")
        logo = Image.open(scene.logo()).convert("RGBA").resize((scene.LOGO_SIZE,) * 2, Image.Resampling.LANCZOS)
        base.paste(logo, scene.LOGO_BOX[:2], logo)
        pill = make_pill()
        base.paste(pill, scene.CODE_BOX[:2], pill)
        self._base = base
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}

    def render(self, code: str, output: str = "JPEG") -> bytes:
        picture = self._base.copy()
        draw_texts(picture, code, self._font)
        return encode(picture, output)

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._fonts:
            self._fonts[size] = _open_font(size)
        return self._fonts[size]


def _open_font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(scene.font()), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([scene.WEIGHT] if len(font.get_variation_axes()) == 1 else [14, scene.WEIGHT])
    return font


def make_pill() -> Image.Image:
    _, _, width, height = scene.CODE_BOX
    big = Image.new("RGBA", (4 * width, 4 * height))
    ImageDraw.Draw(big).rounded_rectangle(
        (0, 0, 4 * width - 1, 4 * height - 1), 4 * height // 2, fill="#FFD54A", outline="#FFFFFF", width=24
    )
    return big.resize((width, height), Image.Resampling.LANCZOS)


def draw_texts(picture: Image.Image, code: str, font_of) -> None:
    draw = ImageDraw.Draw(picture)
    x, y, width, height = scene.HEADLINE_BOX
    size = scene.MAX_HEADLINE
    while True:
        font = font_of(size)
        lines = wrap(draw, scene.HEADLINE, font, width)
        if len(lines) <= 2 and len(lines) * size * 1.15 <= height:
            break
        size -= 2
    text = "\n".join(lines)
    middle = (x + width / 2, y + height / 2)
    draw.multiline_text(middle, text, font=font, fill="#FFFFFF", anchor="mm", align="center")
    x, y, width, height = scene.CODE_BOX
    size = scene.MAX_CODE
    while draw.textlength(code, font=font_of(size)) > width - 80:
        size -= 2
    draw.text((x + width / 2, y + height / 2), code, font=font_of(size), fill="#081028", anchor="mm")


def wrap(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def encode(picture: Image.Image, output: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, output, quality=90, subsampling=0)
    return buffer.getvalue()
