"""The pictures and fonts that a draft may be drawn with: those shipped, the tenant's, those it had before."""

from collections.abc import Iterator, Mapping
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.templates.document import Document, InvalidDocument

_sql = load(__package__)
_SHIPPED = "seed/"
_UNKNOWN_FONT = "there is no such font in this workspace; choose another one"
_UNKNOWN = "there is no such picture in this workspace; choose one from its library"


def check(tx: Transaction, tenant_id: str, document: Document, *, known: frozenset[str]) -> None:
    """Raises InvalidDocument with the path of each picture that is neither shipped, nor known, nor the tenant's own."""
    data = document.model_dump(by_alias=True)
    _check_fonts(tx, tenant_id, document.fonts, known)
    used = list(_named(data))
    strange = sorted({key for _, key in used if key not in known and not _is_shipped(key)})
    if not strange:
        return
    own = {row["published_key"] for row in tx.rows(_sql.find_pictures, tenant_id=tenant_id, keys=strange)}
    faults = {path: _UNKNOWN for path, key in used if key in strange and key not in own}
    if faults:
        path = next(iter(faults))
        raise InvalidDocument(f"The template document is not valid: {path}: {_UNKNOWN}", fields=faults)


def _check_fonts(tx: Transaction, tenant_id: str, fonts: Mapping[str, str], known: frozenset[str]) -> None:
    """Raises InvalidDocument with the path of each font neither known nor the tenant's own under its own name."""
    fonts = {family: key for family, key in fonts.items() if key not in known}
    if not fonts:
        return
    keys = sorted(set(fonts.values()))
    own = {row["published_key"]: row["family"] for row in tx.rows(_sql.find_fonts, tenant_id=tenant_id, keys=keys)}
    faults = {f"fonts.{family}": _UNKNOWN_FONT for family, key in fonts.items() if own.get(key) != family}
    if faults:
        path = next(iter(faults))
        raise InvalidDocument(f"The template document is not valid: {path}: {_UNKNOWN_FONT}", fields=faults)


def named_in(document: Mapping[str, Any]) -> frozenset[str]:
    """The keys of all pictures and fonts of a version 2 document (plain JSON)."""
    return frozenset([*(key for _, key in _named(document)), *(document.get("fonts") or {}).values()])


def _is_shipped(key: str) -> bool:
    return key.startswith(_SHIPPED) and ".." not in key


def _named(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, key) of each picture."""
    for name, rule in (document.get("fields") or {}).items():
        if rule.get("kind") == "image" and rule.get("sample"):
            yield f"fields.{name}.sample", rule["sample"]
    for name, shape in document["formats"].items():
        if key := shape["background"].get("asset"):
            yield f"formats.{name}.background.asset", key
        for index, layer in enumerate(shape["layers"]):
            path = f"formats.{name}.layers[{index}]"
            if key := layer.get("asset"):
                yield f"{path}.asset", key
            if key := (layer.get("mask") or {}).get("asset"):
                yield f"{path}.mask.asset", key
