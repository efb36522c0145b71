"""Which fields of a template a visitor may fill, and with what."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from promostack.publishing.errors import FieldsRefused
from promostack.templates import patterns

# Longer than any sensible line on a picture; holds for fields whose rule names no `max`.
MAX_LENGTH = 80
# Line feeds are line breaks; other controls and lone surrogates are nothing that can be drawn.
_NOT_DRAWABLE = {"Cc", "Cs"}


def check_fields(rules: Mapping[str, Mapping[str, Any]], values: Mapping[str, str]) -> None:
    """Raises FieldsRefused naming every value that the document's `fields` do not allow a visitor to set."""
    faults = {f"fields.{name}": fault for name, value in values.items() if (fault := _fault(rules.get(name), value))}
    if faults:
        raise FieldsRefused(f"Check these fields: {', '.join(faults)}.", fields=faults)


def _fault(rule: Mapping[str, Any] | None, value: str) -> str | None:
    if rule is None or not rule.get("public") or rule.get("kind", "text") != "text":
        return "this template has no such field that you may fill"
    longest = rule.get("max", MAX_LENGTH)
    if len(value) > longest:
        return f"at most {longest} characters"
    if any(unicodedata.category(char) in _NOT_DRAWABLE and char != "\n" for char in value):
        return "holds control characters"
    if (pattern := rule.get("pattern")) and not patterns.matches(pattern, value):
        return "does not have the form that this template wants"
    return None
