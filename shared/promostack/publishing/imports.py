"""Version 1 documents as drafts: pictures that lie elsewhere are not taken along."""

from collections.abc import Mapping
from typing import Any

from promostack.templates import import_v1

# The ground until somebody chooses a picture from the library.
_GROUND = {"color": "#0B1739"}
_ELSEWHERE = "elsewhere"


def is_version_1(document: Mapping[str, Any]) -> bool:
    """Version 2 says its version under `schema`."""
    return "schema" not in document or document["schema"] == 1


def from_version_1(document: Mapping[str, Any], *, asset_base: str) -> dict[str, Any]:
    """The version 2 document. A picture that is no object of our store is named under `origin.pictures` by its format,
    and a plain ground stands in its place.

    Raises InvalidDocument naming what cannot be understood.
    """
    base = asset_base.rstrip("/") + "/"
    lost: list[str] = []

    def key_of(address: str) -> str:
        if address.startswith(base) and len(address) > len(base):
            return address.removeprefix(base)
        lost.append(address)
        return f"{_ELSEWHERE}-{len(lost)}"

    converted = import_v1.convert(document, asset_key=key_of)
    pictures: dict[str, str] = {}
    for name, shape in converted["formats"].items():
        key = shape["background"]["asset"]
        if key.startswith(f"{_ELSEWHERE}-"):
            pictures[name] = lost[int(key.rpartition("-")[2]) - 1]
            shape["background"] = dict(_GROUND)
    if pictures:
        converted["origin"]["pictures"] = pictures
    return converted
