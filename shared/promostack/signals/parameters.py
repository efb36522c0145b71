"""A strategy's parameters as a form: each with its title, kind and bounds, read from the strategy itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

Kind = Literal["number", "whole", "switch", "choice", "numbers", "pairs", "group", "conditions"]

_Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """One kind of condition, with what it lets its owner set."""

    kind: str
    title: str
    help: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True)
class Parameter:
    """`numbers` are `count` of them in their order, `pairs` up to `count` pairs of them. `optional`: may be empty.

    A `group` is made of `parts`. `conditions` are `least` to `count` objects, each of one of the `options`.
    """

    name: str
    title: str
    help: str
    kind: Kind
    default: Any
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    count: int = 1
    optional: bool = False
    parts: tuple[Parameter, ...] = ()
    options: tuple[Option, ...] = ()

    def bounds(self) -> str:
        """In words, beside a refusal."""
        if self.kind == "switch":
            return "yes or no"
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind == "group":
            return "an object"
        if self.kind == "conditions":
            return f"{self.least or 0:g} to {self.count} conditions"
        what = "a whole number" if self.kind == "whole" else "a number"
        if self.kind in ("numbers", "pairs"):
            what = f"{self.count} numbers" if self.kind == "numbers" else f"at most {self.count} pairs of hours"
        if self.least is None or self.most is None:
            return what
        return f"{what} from {self.least:g} to {self.most:g}{', or empty' if self.optional else ''}"


def parameters_of(model: Any) -> tuple[Parameter, ...]:
    """Of a pydantic model, in the order in which it names them; what no field of a form can hold is left out."""
    schema = model.model_json_schema()
    return _parameters(schema, schema.get("$defs", {}))


def faults(error: ValidationError, parameters: tuple[Parameter, ...]) -> dict[str, str]:
    """Each refused field with what it may be, by its path (`rules.all_of.1.level`); one that there is not says so."""
    found: dict[str, str] = {}
    for fault in error.errors():
        path, parameter = _place(fault["loc"], parameters)
        # Refused items are not counted, so pydantic says of their list that it is too short.
        if fault["type"] == "too_short" and any(each.startswith(f"{path}.") for each in found):
            continue
        # A rule of the strategy's own says itself what is wrong.
        own = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else ""
        what = "condition" if fault["loc"] and isinstance(fault["loc"][-1], int) else "parameter"
        found[path] = own or (f"must be {parameter.bounds()}" if parameter else f"there is no such {what}")
    return found


def _place(loc: Sequence[int | str], parameters: tuple[Parameter, ...]) -> tuple[str, Parameter | None]:
    """The path of what pydantic names, without the kinds that it puts between, and the parameter there."""
    if not loc:
        return "params", None
    name, rest = str(loc[0]), loc[1:]
    found = next((each for each in parameters if each.name == name), None)
    inside: tuple[Parameter, ...] | None = None
    if found is not None and found.kind == "group":
        inside = found.parts
    elif found is not None and found.kind == "conditions" and rest:
        kind, name = rest[1:2], f"{name}.{rest[0]}"
        inside = next((each.parameters for each in found.options if (each.kind,) == tuple(kind)), ())
        found, rest = None, rest[2:]
    if not rest or inside is None:
        return name, found
    path, found = _place(rest, inside)
    return f"{name}.{path}", found


def _parameters(schema: _Schema, kinds: _Schema) -> tuple[Parameter, ...]:
    found = [_parameter(name, each, kinds) for name, each in schema["properties"].items()]
    return tuple(each for each in found if each is not None)


def _parameter(name: str, schema: _Schema, kinds: _Schema) -> Parameter | None:
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    shape = options[0] if options else schema
    told: dict[str, Any] = {
        "name": name,
        "title": schema.get("title", name),
        "help": schema.get("description", ""),
        "default": schema.get("default"),
        "optional": bool(options),
    }
    if "$ref" in shape:
        return Parameter(**told, kind="group", parts=_parameters(_named(shape, kinds), kinds))
    if "enum" in shape:
        return Parameter(**told, kind="choice", choices=tuple(shape["enum"]))
    simple: dict[str, Kind] = {"number": "number", "integer": "whole", "boolean": "switch"}
    if shape.get("type") in simple:
        return Parameter(**told, kind=simple[shape["type"]], **_bounds(shape))
    return _several(told, shape, kinds) if shape.get("type") == "array" else None


def _several(told: dict[str, Any], shape: _Schema, kinds: _Schema) -> Parameter:
    items = shape.get("prefixItems")
    if items:
        return Parameter(**told, kind="numbers", count=len(items), **_bounds(items[0]))
    each, count = shape["items"], shape.get("maxItems", 1)
    if "oneOf" in each:
        options = tuple(_option(_named(one, kinds), kinds) for one in each["oneOf"])
        return Parameter(**told, kind="conditions", least=shape.get("minItems"), count=count, options=options)
    return Parameter(**told, kind="pairs", count=count, **_bounds(each.get("prefixItems", [{}])[0]))


def _option(schema: _Schema, kinds: _Schema) -> Option:
    kind = schema["properties"]["kind"]["const"]
    return Option(kind, schema["title"], schema.get("description", ""), _parameters(schema, kinds))


def _named(shape: _Schema, kinds: _Schema) -> _Schema:
    return dict(kinds[shape["$ref"].rpartition("/")[2]])


def _bounds(shape: _Schema) -> dict[str, Any]:
    return {"least": shape.get("minimum"), "most": shape.get("maximum")}
