"""Regular expressions that people write into templates, matched in time that grows with the text's length only.

Python's own engine tries `(a+)+b` on forty letters for hours, and visitors' texts meet these patterns. pydantic brings
Rust's, which knows neither looking around nor references back, and nothing that would need them to be tried out.
"""

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema


class PatternRefused(ValueError):
    """The engine does not take the pattern; the message says why."""


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern describes all of the text. Raises PatternRefused."""
    try:
        _whole(pattern).validate_python(text)
    except ValidationError:
        return False
    return True


def check(pattern: str) -> None:
    """Raises PatternRefused for one that `matches` could not use."""
    _whole(pattern)


@lru_cache(maxsize=256)
def _whole(pattern: str) -> SchemaValidator:
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))  # alone first: brackets do not reach out of ours
        return SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    except SchemaError as error:
        reason = str(error).strip().splitlines()[-1].removeprefix("error: ").strip()
        raise PatternRefused(reason) from error
