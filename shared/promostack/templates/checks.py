"""Checks of a document that go beyond one value, and the readable form of pydantic's findings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from promostack.templates import patterns

if TYPE_CHECKING:
    from promostack.templates.document import Document, Layer

SCHEMA_PATH = Path(__file__).with_name("document.schema.json")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
COLOUR_PATTERN = r"^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$"
BUILT_IN = frozenset({"code", "link"})
_COLOUR_MESSAGE = f"String should match pattern '{COLOUR_PATTERN}'"
_UNION_TAGS = frozenset({"text", "image", "logo", "qr", "rect", "ellipse"})
# Names that pydantic puts into paths for members of a union; they are no keys of the document.
_UNION_MEMBERS = re.compile(r"^(constrained-str|Gradient|function-.*|str|.*\[.*\])$")


def faults(error: ValidationError) -> dict[str, str]:
    """Path (`formats.square.layers[2].fill`) → message, in document order."""
    found: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        message = (
            str(fault["msg"]).removeprefix("Value error, ").replace(_COLOUR_MESSAGE, "Colours are written #RRGGBB")
        )
        found.setdefault(_path(fault["loc"]), message)
    return found


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    previous: int | str = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not (isinstance(previous, int) and part in _UNION_TAGS) and not _UNION_MEMBERS.match(part):
            path += f".{part}" if path else part
        previous = part
    return path or "document"


def cross_faults(document: Document) -> dict[str, str]:
    """Names that lead nowhere, ids used twice, samples that their own rule refuses."""
    return dict([*_field_faults(document), *_layer_faults(document)])


def _field_faults(document: Document) -> Iterator[tuple[str, str]]:
    for name, rule in document.fields.items():
        if name in BUILT_IN:
            yield f"fields.{name}", "the name is built in; choose another"
        if len(rule.sample) > rule.max:
            yield f"fields.{name}.sample", f"longer than max ({rule.max})"
        elif rule.pattern is not None and not patterns.matches(rule.pattern, rule.sample):
            yield f"fields.{name}.sample", "does not match the field's own pattern"


def _layer_faults(document: Document) -> Iterator[tuple[str, str]]:
    known = BUILT_IN | document.fields.keys()
    for format_name, shape in document.formats.items():
        seen: set[str] = set()
        for index, layer in enumerate(shape.layers):
            path = f"formats.{format_name}.layers[{index}]"
            if layer.id in seen:
                yield f"{path}.id", f"'{layer.id}' is used twice in this format"
            seen.add(layer.id)
            for key, name in _names_used(layer):
                if name not in known:
                    yield f"{path}.{key}", f"there is no field '{name}'"


def _names_used(layer: Layer) -> Iterator[tuple[str, str]]:
    if layer.visible_if:
        yield "visible_if.field", layer.visible_if.field
    if layer.type == "text":
        yield from (("text", name) for name in PLACEHOLDER.findall(layer.text))
        for number, span in enumerate(layer.spans or ()):
            yield from ((f"spans[{number}].text", name) for name in PLACEHOLDER.findall(span.text))
    elif layer.type == "qr":
        yield from (("data", name) for name in PLACEHOLDER.findall(layer.data))
    elif layer.type == "image" and layer.field:
        yield "field", layer.field


def schema_text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write_schema(schema: dict[str, Any]) -> None:
    SCHEMA_PATH.write_text(schema_text(schema), encoding="utf-8")
