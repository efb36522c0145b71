"""Formats made ready: what never changes is painted once and kept; a render paints what depends on values."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from PIL import Image

from promostack.rendering import assets, geometry, paint
from promostack.rendering.canvas import Canvas
from promostack.rendering.colour import is_opaque
from promostack.rendering.contrast import Finding
from promostack.rendering.decode import decode
from promostack.rendering.encode import Kept
from promostack.rendering.fonts import FontLibrary
from promostack.rendering.geometry import Rect
from promostack.rendering.glyphs import Picture
from promostack.rendering.layout import Memo, TextLayout, lay_out
from promostack.rendering.stages import Stages
from promostack.templates.checks import BUILT_IN, PLACEHOLDER
from promostack.templates.document import Document, Format, Layer, LogoLayer, TextLayer

# Room for three formats of a template with what their values painted last, in a process of 180 MB.
_MOST_BYTES = 48 * 1024 * 1024


@dataclass(frozen=True)
class Step:
    """A layer painted anew on each render, over its pill if that could be painted before; or only a patch, whose text
    is judged by what lies under it."""

    layer: Layer | None = None
    patch: Picture | None = None
    has_pill: bool = True
    text: TextLayer | None = None


@dataclass(frozen=True)
class Compiled:
    """`base` is the background with all layers below the first changing one; `texts` are laid out once for all, and
    those on the base judged. The first `settled` steps do not look at the code, but at the values `looked_at`."""

    shape: Format
    scale: int
    base: Image.Image
    steps: tuple[Step, ...]
    logo: Image.Image | None
    texts: Mapping[str, TextLayout]
    found: Mapping[str, Finding]
    settled: int = 0
    looked_at: tuple[str, ...] = ()
    kept: Kept = field(default_factory=Kept)
    stages: Stages = field(default_factory=Stages)
    memo: Memo = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all that is kept."""
        patches = [step.patch.image for step in self.steps if step.patch]
        stage = self.stages.last
        images = [self.base, *patches, *([stage.image] if stage else [])]
        return sum(_bytes(image) for image in images) + self.kept.size + (stage.kept.size if stage else 0)


@dataclass(frozen=True)
class Order:
    """What a compiled format depends on."""

    document: Document
    format: str
    scale: int
    logo: bytes | None
    only: tuple[str, ...] | None

    def key(self) -> tuple[object, ...]:
        return self.document.digest(), self.format, self.scale, self.logo, self.only


class Cache:
    """The least recently used formats go when the memory allowed is used up."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[object, ...], Compiled] = OrderedDict()

    def get(self, order: Order, source: assets.AssetSource, library: FontLibrary) -> Compiled:
        key = order.key()
        if key not in self._kept:
            self._kept[key] = _compile(order, source, library)
        elif key == next(reversed(self._kept)):
            return self._kept[key]
        self._kept.move_to_end(key)
        self._make_room()
        return self._kept[key]

    def _make_room(self) -> None:
        """Stages go before formats: they are quicker made again."""
        *others, _ = self._kept.values()
        for other in others:
            if self._is_full():
                other.stages.forget()
        while len(self._kept) > 1 and self._is_full():
            self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        return sum(kept.size for kept in self._kept.values()) > self._most_bytes

    def clear(self) -> None:
        self._kept.clear()


def image_loader(source: assets.AssetSource) -> paint.ImageOf:
    return lambda key: decode(source.load(key), key)


def visible(layer: Layer, values: Mapping[str, str]) -> bool:
    rule = layer.visible_if
    if rule is None:
        return True
    value = values.get(rule.field, "")
    return value == rule.equals if rule.equals is not None else bool(value) == rule.present


def _compile(order: Order, source: assets.AssetSource, library: FontLibrary) -> Compiled:
    shape = order.document.formats[order.format]
    layers = [layer for layer in _with_logo(shape, order.logo) if order.only is None or layer.id in order.only]
    logo = decode(order.logo, "logo") if order.logo else None
    base = _background(shape, order, source)
    texts = [layer for layer in layers if isinstance(layer, TextLayer) and _is_static(layer, layers)]
    scene = paint.Scene(order.scale, {}, lay_out(texts, {}, library), image_loader(source), logo)
    steps: list[Step] = []
    for layer in layers:
        if not _is_static(layer, layers):
            steps += _steps(layer, base, scene, is_lowest=not steps)
        elif not steps:
            paint.paint(base, layer, scene)
        else:
            painter = partial(paint.paint, layer=layer, scene=scene)
            steps += _patch(base.image.size, painter, layer if isinstance(layer, TextLayer) else None)
    looks = [_looks_at(step.layer, layers) if step.layer else set() for step in steps]
    settled = list(itertools.takewhile(lambda names: not names & BUILT_IN, looks))
    looked_at = tuple(sorted(set().union(*settled)))
    compiled = Compiled(shape, order.scale, base.image, tuple(steps), logo, scene.layouts, scene.found)
    return replace(compiled, settled=len(settled), looked_at=looked_at)


def _with_logo(shape: Format, logo: bytes | None) -> list[Layer]:
    """The layers, and on top the default logo overlay where the template has no logo layer of its own."""
    layers = list(shape.layers)
    if logo and not any(isinstance(layer, LogoLayer) for layer in layers):
        layers.append(default_logo_layer(shape.width, shape.height))
    return layers


def default_logo_layer(width: int, height: int) -> LogoLayer:
    """A circle top left: margin 4 % of the shorter side, at least 20; diameter 12 %, at least 32."""
    shorter = min(width, height)
    margin, diameter = max(20.0, shorter * 4 / 100), max(32.0, shorter * 12 / 100)
    return LogoLayer(type="logo", id="logo", x=margin, y=margin, width=diameter, height=diameter, shape="circle")


def _background(shape: Format, order: Order, source: assets.AssetSource) -> Canvas:
    width, height = shape.width * order.scale, shape.height * order.scale
    if order.only is not None:
        return Canvas.clear(width, height)
    ground = shape.background
    if ground.asset:
        image = decode(source.load(ground.asset), ground.asset, reduce_to=(width, height))
        return Canvas(assets.covering(image, width, height))
    fill = ground.color or ground.gradient
    assert fill is not None  # the document's rule: exactly one of the three
    if isinstance(fill, str) and is_opaque(fill):
        return Canvas(Image.new("RGB", (width, height), fill))
    canvas = Canvas(Image.new("RGB", (width, height))) if is_opaque(fill) else Canvas.clear(width, height)
    box = Rect(0, 0, shape.width, shape.height)
    canvas.fill(paint.full_mask(width, height), fill, box, geometry.scaling(order.scale))
    return canvas


def _is_static(layer: Layer, layers: Iterable[Layer]) -> bool:
    if layer.visible_if:
        return False
    if isinstance(layer, TextLayer) and layer.contrast:
        return False  # corrected by what lies under it
    if isinstance(layer, TextLayer):
        return not any(PLACEHOLDER.search(_text_of(text)) or text.visible_if for text in _group_of(layer, layers))
    if layer.type == "qr":
        return not PLACEHOLDER.search(layer.data)
    return not (layer.type == "image" and layer.field)


def _looks_at(layer: Layer, layers: Iterable[Layer]) -> set[str]:
    """Names of the values on which it depends how the layer is painted."""
    names = {layer.visible_if.field} if layer.visible_if else set[str]()
    if isinstance(layer, TextLayer):
        for text in _group_of(layer, layers):
            names |= set(PLACEHOLDER.findall(_text_of(text)))
            names |= {text.visible_if.field} if text.visible_if else set()
    elif layer.type == "qr":
        names |= set(PLACEHOLDER.findall(layer.data))
    elif layer.type == "image" and layer.field:
        names.add(layer.field)
    return names


def _group_of(layer: TextLayer, layers: Iterable[Layer]) -> list[TextLayer]:
    """The texts whose sizes are one, the layer among them."""
    if not layer.size_group:
        return [layer]
    return [other for other in layers if isinstance(other, TextLayer) and other.size_group == layer.size_group]


def _text_of(layer: TextLayer) -> str:
    return "".join(span.text for span in layer.spans) if layer.spans else layer.text


def _steps(layer: Layer, base: Canvas, scene: paint.Scene, *, is_lowest: bool) -> list[Step]:
    """A changing layer; a pill under text that is never empty does not change and is painted now."""
    if not isinstance(layer, TextLayer) or not paint.has_fixed_pill(layer) or _may_be_empty(layer):
        return [Step(layer=layer)]
    done = Step(layer=layer, has_pill=False)
    if is_lowest:
        paint.paint_fixed_pill(base, layer, scene)
        return [done]
    return [*_patch(base.image.size, partial(paint.paint_fixed_pill, layer=layer, scene=scene)), done]


def _may_be_empty(layer: TextLayer) -> bool:
    if layer.visible_if:
        return True
    text = _text_of(layer)
    return "{code}" not in text and not PLACEHOLDER.sub("", text).strip()


def _patch(size: tuple[int, int], painter: Callable[[Canvas], None], text: TextLayer | None = None) -> list[Step]:
    canvas = Canvas.clear(*size)
    painter(canvas)
    area = canvas.image.getbbox()
    return [Step(patch=Picture(area[0], area[1], canvas.image.crop(area)), text=text)] if area else []


def _bytes(image: Image.Image) -> int:
    """Pillow keeps four bytes a pixel for RGB as for RGBA."""
    return 4 * image.width * image.height


def layouts(compiled: Compiled, values: Mapping[str, str], library: FontLibrary) -> dict[str, TextLayout]:
    """Of the changing text layers that are shown."""
    layers = [step.layer for step in compiled.steps if isinstance(step.layer, TextLayer)]
    return lay_out([layer for layer in layers if visible(layer, values)], values, library, compiled.memo)
