"""The way to the renderer: assets from the store, the logo, and a damaged asset told from a damaged service."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from promostack.core import log
from promostack.publishing.errors import ObjectDamaged, ObjectMissing, TemplateUnavailable
from promostack.publishing.models import RenderOrder
from promostack.publishing.ports import Reader
from promostack.templates.models import Published

if TYPE_CHECKING:
    from promostack.rendering.service import Picture
    from promostack.templates.document import Document

# Part of every render's key: raise it when the engine draws the same input differently.
ENGINE_VERSION = 2
_MOST_PARSED = 50
_parsed: dict[str, "Document"] = {}
_log = log.get("renders")


def draw(
    template: Published,
    order: RenderOrder,
    *,
    code: str,
    assets: Reader,
    logo_key: str | None,
    referral_link: str | None,
) -> "Picture":
    """The order's picture; raises TemplateUnavailable and names the asset in the log when one cannot be used."""
    from promostack.rendering.service import render

    with _unusable_assets_named(template.slug):
        return render(
            _document(template),
            format=order.format,
            fields=dict(order.fields),
            code=code,
            assets=_Assets(assets),
            output=order.output,
            scale=order.scale,
            logo=logo_key,
            show_logo=order.with_logo,
            referral_link=referral_link,
        )


def draw_thumbnail(document: "Document", *, assets: Reader, logo_key: str | None) -> bytes:
    """A small JPEG of the document's first format with its samples; raises TemplateUnavailable."""
    from promostack.rendering.service import SAMPLE_CODE, SAMPLE_LINK, render
    from promostack.rendering.thumbnail import shrink

    with _unusable_assets_named(document.slug):
        picture = render(
            document,
            format=next(iter(document.formats)),
            fields={},
            code=SAMPLE_CODE,
            assets=_Assets(assets),
            logo=logo_key,
            referral_link=SAMPLE_LINK,
        )
    return shrink(picture.data)


@contextmanager
def _unusable_assets_named(slug: str) -> Iterator[None]:
    from promostack.rendering.assets import AssetMissing
    from promostack.rendering.decode import AssetBroken

    try:
        yield
    except (AssetBroken, AssetMissing) as error:
        _log.error("asset_unusable", template=slug, asset=error.key, cause=error.message)
        raise TemplateUnavailable("This template cannot be rendered just now; choose another one.") from error


class _Assets:
    """The store as the renderer sees it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def load(self, key: str) -> bytes:
        from promostack.rendering.assets import AssetMissing
        from promostack.rendering.decode import AssetBroken

        try:
            return self._reader.get(key)
        except ObjectDamaged as error:
            raise AssetBroken(key, "its bytes are not what its name says") from error
        except ObjectMissing as error:
            raise AssetMissing(key) from error


def _document(template: Published) -> "Document":
    """The parsed document; a version never changes, so it is parsed once per process."""
    from promostack.templates.document import parse_document

    if template.version_id not in _parsed:
        if len(_parsed) >= _MOST_PARSED:
            _parsed.clear()
        _parsed[template.version_id] = parse_document(template.document)
    return _parsed[template.version_id]
