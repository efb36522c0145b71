"""Exports, deletions and erasures as the services hand them out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

ExportState = Literal["waiting", "running", "done", "failed", "expired"]


@dataclass(frozen=True)
class Part:
    """One archive of an export: an object of the private bucket."""

    key: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Export:
    """`files_total` is None until the rows are written and the files are counted."""

    id: str
    state: ExportState
    created_at: datetime
    rows_done: int
    files_done: int
    files_total: int | None
    parts: tuple[Part, ...]
    finished_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Erasure:
    """A request to forget somebody; who it was is known only until it is done."""

    id: str
    state: Literal["waiting", "done"]
    asked_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Leaving:
    """What becomes of a tenant: its exports, people who were forgotten, and when it is deleted, if it is."""

    name: str
    erase_at: datetime | None
    exports: tuple[Export, ...]
    erasures: tuple[Erasure, ...]


def export_of(row: dict[str, Any]) -> Export:
    """The export of a row of `find_export`."""
    return Export(**{**row, "parts": tuple(Part(**part) for part in row["parts"])})
