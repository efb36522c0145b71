"""Rendering: a template document and values in, a finished picture out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from promostack.core.errors import Unprocessable
from promostack.rendering.encode import MEDIA_TYPES, Output, encode
from promostack.rendering.fonts import FontLibrary
from promostack.rendering.own_fonts import library_of
from promostack.templates.document import Document, Format, TextLayer, parse_document

if TYPE_CHECKING:
    from promostack.rendering.assets import AssetSource
    from promostack.rendering.compiled import Cache, Compiled
    from promostack.rendering.contrast import Finding
    from promostack.rendering.layout import TextLayout

SAMPLE_CODE = "WELCOME-30"
SAMPLE_LINK = "https://example.com/?promo=WELCOME-30"


class UnknownFormat(Unprocessable):
    """The template has no format of that name."""

    code = "unknown_format"


@dataclass(frozen=True)
class TextReport:
    """How a text layer came out. `outcome`: fits, emergency (a word was split), shrunk (below min_size), ellipsis, or
    nothing (empty, or no room); `clipped`: not all of it is seen; `missing`: characters that no font has; `contrast`:
    by WCAG 2.2 with what lies behind it, None where that is not known; `corrected`: by what it was raised."""

    id: str
    size: float
    lines: tuple[str, ...]
    outcome: str
    missing: tuple[str, ...]
    clipped: bool = False
    contrast: float | None = None
    corrected: str | None = None


@dataclass(frozen=True)
class Report:
    texts: tuple[TextReport, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(char for text in self.texts for char in text.missing))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Picture:
    """`width` and `height` in pixels of the file (scale applied)."""

    data: bytes
    width: int
    height: int
    media_type: str
    sha256: str
    report: Report


def render(
    document: Document | Mapping[str, Any],
    *,
    format: str,
    fields: Mapping[str, str],
    code: str,
    assets: AssetSource,
    output: Output = "jpeg",
    scale: int = 1,
    logo: str | bytes | None = None,
    show_logo: bool = True,
    referral_link: str | None = None,
    only: Collection[str] | None = None,
    library: FontLibrary | None = None,
) -> Picture:
    """Draws one format. `fields` by name, absent ones have their samples; `logo` is an asset key or the file itself.

    `only` draws just the layers with these ids, on a see-through ground (JPEG: white). Equal input gives equal bytes.
    Raises InvalidDocument, UnknownFormat, UnknownFont, AssetMissing, AssetBroken.
    """
    parsed = document if isinstance(document, Document) else parse_document(document)
    if format not in parsed.formats:
        names = ", ".join(parsed.formats)
        raise UnknownFormat(f"This template has no format '{format}'; it has {names}.", fields={"format": names})
    from promostack.rendering.compiled import Order, image_loader, layouts
    from promostack.rendering.compose import paint

    fonts = library or library_of(parsed.fonts, assets)
    logo_file = assets.load(logo) if isinstance(logo, str) else logo
    order = Order(parsed, format, scale, logo_file if show_logo else None, tuple(sorted(only)) if only else None)
    compiled = _cache().get(order, assets, fonts)
    values = {**sample_fields(parsed), **fields, "code": code, "link": referral_link or ""}
    texts = layouts(compiled, values, fonts)
    painted = paint(compiled, values, texts, image_loader(assets))
    data = encode(painted.image, output, held=painted.held)
    sha256 = hashlib.sha256(data).hexdigest()
    report = _report(compiled, {**compiled.texts, **texts}, {**compiled.found, **painted.found})
    return Picture(data, painted.image.width, painted.image.height, MEDIA_TYPES[output], sha256, report)


def _report(compiled: Compiled, texts: Mapping[str, TextLayout], found: Mapping[str, Finding]) -> Report:
    shown = [layer for layer in compiled.shape.layers if isinstance(layer, TextLayer) and layer.id in texts]
    return Report(tuple(_text_report(layer, texts[layer.id], found.get(layer.id), compiled.shape) for layer in shown))


def _text_report(layer: TextLayer, layout: TextLayout, finding: Finding | None, shape: Format) -> TextReport:
    from promostack.rendering.contrast import reaches_beyond

    fix = finding.fix if finding else None
    return TextReport(
        layer.id,
        layout.size,
        tuple(line.text for line in layout.lines),
        layout.outcome,
        layout.missing,
        clipped=layout.is_cut or reaches_beyond(layer, layout, fix, shape),
        contrast=finding.contrast if finding else None,
        corrected=layer.contrast.fix if layer.contrast and fix else None,
    )


_kept: list[Cache] = []


def _cache() -> Cache:
    if not _kept:
        from promostack.rendering.compiled import Cache

        _kept.append(Cache())
    return _kept[0]


def sample_fields(document: Document) -> dict[str, str]:
    """The samples of all fields, as previews show them."""
    return {name: rule.sample for name, rule in document.fields.items()}
