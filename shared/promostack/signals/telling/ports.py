"""What the domain asks of somebody who writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Cause = Literal["slow", "down", "busy", "key", "unreadable"]


@dataclass(frozen=True)
class Order:
    """`reasons`: the strategy's own; `placeholders` may stand in the draft, `required` must."""

    side: str
    interval: str
    reasons: tuple[str, ...]
    placeholders: tuple[str, ...]
    required: tuple[str, ...]
    most_characters: int


class NoDraft(Exception):
    """Nothing usable came: late, unreachable, over its limit, a refused key, or no text."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause


class Writer(Protocol):
    """Writes one line with placeholders."""

    def draft(self, key: str, order: Order) -> str:
        """One try within its time. Raises NoDraft."""
