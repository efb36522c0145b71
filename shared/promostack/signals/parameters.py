"""A strategy's parameters as a form: each with its title, kind and bounds, read from the strategy itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

Kind = Literal["number", "whole", "switch", "choice", "numbers", "pairs"]


@dataclass(frozen=True)
class Parameter:
    """`numbers` are `count` of them in their order, `pairs` up to `count` pairs of them. `optional`: may be empty."""

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

    def bounds(self) -> str:
        """In words, beside a refusal."""
        if self.kind == "switch":
            return "yes or no"
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        what = "a whole number" if self.kind == "whole" else "a number"
        if self.kind in ("numbers", "pairs"):
            what = f"{self.count} numbers" if self.kind == "numbers" else f"at most {self.count} pairs of hours"
        if self.least is None or self.most is None:
            return what
        return f"{what} from {self.least:g} to {self.most:g}{', or empty' if self.optional else ''}"


def parameters_of(model: Any) -> tuple[Parameter, ...]:
    """Of a pydantic model, in the order in which it names them; what no field of a form can hold is left out."""
    schema = model.model_json_schema()
    found = [_parameter(name, each) for name, each in schema["properties"].items()]
    return tuple(each for each in found if each is not None)


def faults(error: ValidationError, parameters: tuple[Parameter, ...]) -> dict[str, str]:
    """Each refused field with what it may be; one that there is not says so."""
    known = {each.name: each for each in parameters}
    found = {}
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else "params"
        # A rule of the strategy's own says itself what is wrong.
        own = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else ""
        found[name] = own or (f"must be {known[name].bounds()}" if name in known else "there is no such parameter")
    return found


def _parameter(name: str, schema: Mapping[str, Any]) -> Parameter | None:
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    shape = options[0] if options else schema
    told: dict[str, Any] = {
        "name": name,
        "title": schema.get("title", name),
        "help": schema.get("description", ""),
        "default": schema.get("default"),
        "optional": bool(options),
    }
    if "enum" in shape:
        return Parameter(**told, kind="choice", choices=tuple(shape["enum"]))
    kinds: dict[str, Kind] = {"number": "number", "integer": "whole", "boolean": "switch"}
    if shape.get("type") in kinds:
        return Parameter(**told, kind=kinds[shape["type"]], **_bounds(shape))
    if shape.get("type") != "array":
        return None
    items = shape.get("prefixItems")
    if items:
        return Parameter(**told, kind="numbers", count=len(items), **_bounds(items[0]))
    pair = shape["items"].get("prefixItems", [{}])
    return Parameter(**told, kind="pairs", count=shape.get("maxItems", 1), **_bounds(pair[0]))


def _bounds(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"least": shape.get("minimum"), "most": shape.get("maximum")}
