"""One operation of the API's document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    `answer`: the schema of a success, None for an answer without a body. `success`: status → what it means. `errors`:
    those of its own, status → codes or meaning. `caller`: who has to be signed in, if anybody.
    """

    method: str
    path: str
    summary: str
    answer: type[BaseModel] | dict[str, Any] | None
    about: str = ""
    tag: str = "public"
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    path_values: dict[str, str] = field(default_factory=dict)
    header_values: dict[str, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    success: dict[int, str] = field(default_factory=lambda: {200: "done"})
    caller: Literal["nobody", "person", "member", "admin"] = "nobody"
