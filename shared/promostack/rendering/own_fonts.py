"""The shipped fonts together with those that a document brings along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promostack.rendering.assets import AssetSource
from promostack.rendering.decode import AssetBroken
from promostack.rendering.errors import PictureRefused
from promostack.rendering.font_intake import check
from promostack.rendering.fonts import FontLibrary, bundled

_MOST_LIBRARIES = 8
_kept: dict[tuple[tuple[str, str], ...], FontLibrary] = {}


class _WithOwn(FontLibrary):
    """`own`: the file of each family."""

    def __init__(self, own: Mapping[str, bytes]) -> None:
        super().__init__()
        for family, data in own.items():
            face = _face(data)
            axes = {axis.tag: (axis.min_value, axis.max_value) for axis in face.axis_infos}
            self._families[family] = {"family": family, "axes": axes, "scripts": []}
            self._faces[family] = face


def library_of(fonts: Mapping[str, str], source: AssetSource) -> FontLibrary:
    """The library for a document with these fonts (family → asset key); what is shipped keeps its name.

    Raises AssetMissing, AssetBroken.
    """
    shipped = bundled()
    own = {family: key for family, key in fonts.items() if family not in shipped.families()}
    if not own:
        return shipped
    kept_as = tuple(sorted(own.items()))
    if kept_as not in _kept:
        made = _WithOwn({family: _checked(key, source) for family, key in own.items()})
        while len(_kept) >= _MOST_LIBRARIES:
            del _kept[next(iter(_kept))]
        _kept[kept_as] = made
    return _kept[kept_as]


def _checked(key: str, source: AssetSource) -> bytes:
    try:
        return check(source.load(key)).data
    except PictureRefused as error:
        raise AssetBroken(key, error.why) from error


def _face(data: bytes) -> Any:
    import uharfbuzz as hb

    return hb.Face(hb.Blob(data))
