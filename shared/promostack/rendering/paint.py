"""Painting one layer onto a canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from PIL import Image, ImageChops

from promostack.rendering import assets, contrast, geometry, glyphs, qr, raster
from promostack.rendering.canvas import Canvas, faded
from promostack.rendering.geometry import Affine, Path, Rect
from promostack.rendering.glyphs import Picture
from promostack.rendering.layout import TextLayout
from promostack.rendering.raster import Mask
from promostack.rendering.text import fill_in
from promostack.templates.document import (
    EllipseLayer,
    Gradient,
    ImageLayer,
    Layer,
    LogoLayer,
    Pill,
    QrLayer,
    RectLayer,
    Stroke,
    TextLayer,
)
from promostack.templates.document import Mask as MaskRule

FINER = 4
FINE_BELOW_PX = 40

ImageOf = Callable[[str], Image.Image]


@dataclass(frozen=True)
class Scene:
    """What layers need beside themselves. `image_of` decodes the asset under a key; `found` tells how texts
    stand out."""

    scale: int
    values: Mapping[str, str]
    layouts: Mapping[str, TextLayout]
    image_of: ImageOf
    logo: Image.Image | None
    found: dict[str, contrast.Finding] = field(default_factory=dict)


def paint(canvas: Canvas, layer: Layer, scene: Scene, *, has_pill: bool = True) -> None:
    """The layer with its opacity and mask, in its place; `has_pill` False when its fixed pill is there already."""
    if min(layer.width, layer.height) < assets.SMALLEST_PX:
        return
    to_canvas = geometry.rotated(box_of(layer), layer.rotation, scene.scale)
    if isinstance(layer, TextLayer) and not has_pill:
        _paint_judged(canvas, layer, scene, to_canvas, 1, ground=canvas)
        return
    if layer.mask is None and (layer.opacity == 1 or _is_one_paint(layer)):
        _paint_kind(canvas, layer, scene, to_canvas, layer.opacity, ground=canvas)
        return
    group = Canvas.clear(*canvas.image.size)
    _paint_kind(group, layer, scene, to_canvas, 1, ground=canvas)
    alpha = group.image.getchannel("A")
    if layer.mask:
        alpha = ImageChops.multiply(alpha, _mask_alpha(layer.mask, box_of(layer), to_canvas, alpha.size, scene))
    group.image.putalpha(faded(alpha, layer.opacity))
    area = group.image.getchannel("A").getbbox()
    if area:
        canvas.picture(Picture(area[0], area[1], group.image.crop(area)))


def has_fixed_pill(layer: TextLayer) -> bool:
    """Whether the pill looks the same whatever the text is."""
    return bool(layer.background and layer.background.fit == "box" and layer.opacity == 1 and not layer.mask)


def paint_fixed_pill(canvas: Canvas, layer: TextLayer, scene: Scene) -> None:
    if layer.background:
        to_canvas = geometry.rotated(box_of(layer), layer.rotation, scene.scale)
        _paint_pill(canvas, layer.background, box_of(layer), to_canvas, 1)


def box_of(layer: Layer) -> Rect:
    return Rect(layer.x, layer.y, layer.width, layer.height)


def _is_one_paint(layer: Layer) -> bool:
    """Whether nothing of the layer lies over another part of it, so that its opacity may be each part's."""
    if isinstance(layer, TextLayer):
        return not (layer.stroke or layer.shadow or layer.background)
    if isinstance(layer, RectLayer | EllipseLayer):
        return not (layer.stroke or layer.shadow)
    return not isinstance(layer, QrLayer)


def _paint_kind(
    canvas: Canvas, layer: Layer, scene: Scene, to_canvas: Affine, opacity: float, *, ground: Canvas
) -> None:
    """`ground` is what the layer comes to lie on, `canvas` itself or what it is laid over later."""
    if isinstance(layer, TextLayer):
        _paint_text(canvas, layer, scene, to_canvas, opacity, ground=ground)
    elif isinstance(layer, RectLayer | EllipseLayer):
        _paint_shape(canvas, layer, to_canvas, opacity)
    elif isinstance(layer, ImageLayer):
        key = layer.asset or scene.values.get(layer.field or "", "")
        if key:
            _paint_image(canvas, scene.image_of(key), layer, to_canvas, opacity)
    elif isinstance(layer, LogoLayer):
        if scene.logo:
            _paint_logo(canvas, scene.logo, layer, to_canvas, opacity)
    else:
        _paint_qr(canvas, layer, scene, to_canvas, opacity)


def judge(canvas: Canvas, layer: TextLayer, scene: Scene) -> None:
    """Notes how a text stands out that is about to be laid over the canvas as it was painted before."""
    to_canvas = geometry.rotated(box_of(layer), layer.rotation, scene.scale)
    layout = scene.layouts[layer.id]
    scene.found[layer.id] = contrast.judge(canvas.image, layer, layout, to_canvas, has_pill=False)


def _paint_text(
    canvas: Canvas, layer: TextLayer, scene: Scene, to_canvas: Affine, opacity: float, *, ground: Canvas
) -> None:
    """Pill, shadow, stroke, then fill; an empty text paints nothing."""
    layout = scene.layouts[layer.id]
    if layout.lines and layer.background:
        _paint_pill(canvas, layer.background, _pill_box(layer, layer.background, layout), to_canvas, opacity)
    _paint_judged(canvas, layer, scene, to_canvas, opacity, ground=ground)


def _paint_judged(
    canvas: Canvas, layer: TextLayer, scene: Scene, to_canvas: Affine, opacity: float, *, ground: Canvas
) -> None:
    """The text with what its contrast needs, its pill painted before."""
    layout = scene.layouts[layer.id]
    if not layout.lines:
        return
    finding = contrast.judge(ground.image, layer, layout, to_canvas, has_pill=ground is canvas)
    scene.found[layer.id] = finding
    if isinstance(finding.fix, Pill):
        _paint_pill(canvas, finding.fix, _pill_box(layer, finding.fix, layout), to_canvas, opacity)
    elif finding.fix:
        layer = layer.model_copy(update={"stroke": finding.fix})
    _paint_glyphs(canvas, layer, layout, to_canvas, opacity)


def _paint_glyphs(canvas: Canvas, layer: TextLayer, layout: TextLayout, to_canvas: Affine, opacity: float) -> None:
    """The text without its pill."""
    items = glyphs.placed(layout, to_canvas)
    plain = [item for item in items if not item.glyph.font.colour]
    coloured = [picture for item in items if item.glyph.font.colour and (picture := glyphs.colour_picture(item))]
    stroked = None
    if layer.stroke and layer.stroke.width > 0:
        # FreeType adds up the edges of a stroke that overlaps itself, as those of small letters do.
        finer = FINER if layout.size * to_canvas.scale < FINE_BELOW_PX else 1
        pen = layer.stroke.width * to_canvas.scale
        large = raster.stroke(glyphs.canvas_path(plain), pen, geometry.scaling(finer))
        stroked = raster.averaged(large, finer) if finer > 1 else large
    if layer.shadow:
        parts = [glyphs.mask(plain), stroked, *(Mask(p.x, p.y, p.image.getchannel("A")) for p in coloured)]
        whole = raster.union([part for part in parts if part])
        shift = to_canvas.vector(layer.shadow.dx, layer.shadow.dy)
        canvas.shadow(whole, shift, layer.shadow.blur / 2 * to_canvas.scale, layer.shadow.color, opacity)
    if layer.stroke:
        canvas.fill(stroked, layer.stroke.color, box_of(layer), to_canvas, opacity)
    for span, part in groupby(plain, key=lambda item: item.glyph.span):
        canvas.fill(glyphs.mask(part), _span_fill(layer, span), box_of(layer), to_canvas, opacity)
    for picture in coloured:
        canvas.picture(picture, opacity)


def _span_fill(layer: TextLayer, span: int) -> str | Gradient:
    return (layer.spans[span].fill if layer.spans else None) or layer.fill


def _pill_box(layer: TextLayer, pill: Pill, layout: TextLayout) -> Rect:
    if pill.fit == "box":
        return box_of(layer)
    pen = layer.stroke.width / 2 if layer.stroke else 0.0
    left, top, right, bottom = layout.ink
    left, right = max(layer.x, left - pen - pill.padding[0]), min(layer.x + layer.width, right + pen + pill.padding[0])
    top = max(layer.y, top - pen - pill.padding[1])
    bottom = min(layer.y + layer.height, bottom + pen + pill.padding[1])
    return Rect(left, top, right - left, bottom - top)


def _paint_pill(canvas: Canvas, pill: Pill, box: Rect, to_canvas: Affine, opacity: float) -> None:
    path = geometry.rounded_rect(box, pill.radius)
    canvas.fill(raster.fill(path, to_canvas), pill.color, box, to_canvas, opacity)
    if pill.stroke:
        inner = geometry.rounded_rect(box.grown(-pill.stroke.width), pill.radius - pill.stroke.width)
        _paint_rim(canvas, path, inner, pill.stroke, box, to_canvas, opacity)


def _paint_shape(canvas: Canvas, layer: RectLayer | EllipseLayer, to_canvas: Affine, opacity: float) -> None:
    box = box_of(layer)
    outer, inner = _shape_paths(layer, layer.stroke.width if layer.stroke else 0)
    mask = raster.fill(outer, to_canvas)
    if layer.shadow:
        shift = to_canvas.vector(layer.shadow.dx, layer.shadow.dy)
        canvas.shadow(mask, shift, layer.shadow.blur / 2 * to_canvas.scale, layer.shadow.color, opacity)
    if layer.fill is not None:
        canvas.fill(mask, layer.fill, box, to_canvas, opacity)
    if layer.stroke:
        _paint_rim(canvas, outer, inner, layer.stroke, box, to_canvas, opacity)


def _shape_paths(layer: RectLayer | EllipseLayer, inset: float) -> tuple[Path, Path]:
    box = box_of(layer)
    if isinstance(layer, EllipseLayer):
        return geometry.ellipse(box), geometry.ellipse(box.grown(-inset))
    return geometry.rounded_rect(box, layer.radius), geometry.rounded_rect(box.grown(-inset), layer.radius - inset)


def _paint_rim(
    canvas: Canvas, outer: Path, inner: Path, stroke: Stroke, box: Rect, to_canvas: Affine, opacity: float
) -> None:
    """A stroke inside the edge: the shape less the shape shrunk by the stroke's width."""
    mask = raster.fill(outer, to_canvas)
    if mask is None or stroke.width <= 0:
        return
    hole = raster.fill(inner, to_canvas)
    if hole:
        image = mask.image.copy()
        place = (hole.x - mask.x, hole.y - mask.y)
        area = (*place, place[0] + hole.image.width, place[1] + hole.image.height)
        image.paste(ImageChops.subtract(image.crop(area), hole.image), place)
        mask = Mask(mask.x, mask.y, image)
    canvas.fill(mask, stroke.color, box, to_canvas, opacity)


def _paint_image(canvas: Canvas, image: Image.Image, layer: ImageLayer, to_canvas: Affine, opacity: float) -> None:
    picture = assets.placed(image, box_of(layer), layer.fit, to_canvas)
    if layer.radius > 0 and picture:
        picture = _cut(picture, geometry.rounded_rect(box_of(layer), layer.radius), to_canvas)
    canvas.picture(picture, opacity)


def _paint_logo(canvas: Canvas, logo: Image.Image, layer: LogoLayer, to_canvas: Affine, opacity: float) -> None:
    if layer.shape == "free":
        canvas.picture(assets.placed(logo, box_of(layer), "contain", to_canvas), opacity)
        return
    side = min(layer.width, layer.height)
    box = Rect(layer.x + (layer.width - side) / 2, layer.y + (layer.height - side) / 2, side, side)
    picture = assets.placed(logo, box, "cover", to_canvas)
    canvas.picture(_cut(picture, geometry.ellipse(box), to_canvas) if picture else None, opacity)


def _paint_qr(canvas: Canvas, layer: QrLayer, scene: Scene, to_canvas: Affine, opacity: float) -> None:
    text = fill_in(layer.data, scene.values)
    if not text or layer.width <= 0 or layer.height <= 0:
        return
    image, box, ground = qr.picture(layer, text, scene.scale)
    if layer.light:
        path = geometry.rounded_rect(ground, layer.radius)
        canvas.fill(raster.fill(path, to_canvas), layer.light, ground, to_canvas, opacity)
    canvas.picture(assets.mapped(image, box, to_canvas), opacity)


def _cut(picture: Picture, path: Path, to_canvas: Affine) -> Picture:
    """The picture inside the path only."""
    alpha = _coverage(path, to_canvas, picture.image.size, (picture.x, picture.y))
    image = picture.image.copy()
    image.putalpha(ImageChops.multiply(image.getchannel("A"), alpha))
    return Picture(picture.x, picture.y, image)


def _coverage(path: Path, to_canvas: Affine, size: tuple[int, int], origin: tuple[int, int] = (0, 0)) -> Image.Image:
    image = Image.new("L", size)
    mask = raster.fill(path, to_canvas)
    if mask:
        image.paste(mask.image, (mask.x - origin[0], mask.y - origin[1]))
    return image


def _mask_alpha(rule: MaskRule, box: Rect, to_canvas: Affine, size: tuple[int, int], scene: Scene) -> Image.Image:
    if rule.kind == "ellipse":
        return _coverage(geometry.ellipse(box), to_canvas, size)
    if rule.kind == "rect":
        return _coverage(geometry.rounded_rect(box, rule.radius), to_canvas, size)
    cover = Canvas.clear(*size)
    if rule.gradient:
        cover.fill(raster.fill(geometry.rounded_rect(box, 0), to_canvas), rule.gradient, box, to_canvas)
    elif rule.asset:
        image = scene.image_of(rule.asset).convert("RGBA")
        cover.picture(assets.mapped(image, box, to_canvas))
    return cover.image.getchannel("A")


def full_mask(width: int, height: int) -> Mask:
    return Mask(0, 0, Image.new("L", (width, height), 255))
