"""Cursors of lists: the last item's place, as text that a caller hands back unread."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from promostack.core import ids
from promostack.core.errors import Unprocessable

_MOST_ID = 2**63 - 1


def encode(*parts: object) -> str:
    """The parts, texts, numbers or moments, as one opaque text."""
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in parts]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def decode(cursor: str, *kinds: Callable[[Any], Any]) -> tuple[Any, ...]:
    """The parts, each made by its kind (`moment`, `text`, `row_id`, `uuid`); raises Unprocessable for anything else."""
    try:
        parts = json.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        if not isinstance(parts, list):
            raise ValueError("not a list of parts")
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        message = "give what `next` said, or leave it out"
        raise Unprocessable(f"Check the cursor: {message}.", fields={"cursor": message}) from error


def moment(part: Any) -> datetime:
    """An aware moment, in UTC because Postgres takes fewer zones; raises ValueError, TypeError and OverflowError."""
    at = datetime.fromisoformat(part)
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    return at.astimezone(UTC)


def text(part: Any) -> str:
    """A text that Postgres can keep; raises ValueError."""
    if not isinstance(part, str) or "\0" in part:
        raise ValueError("no text")
    part.encode()  # half a character has no UTF-8
    return part


def row_id(part: Any) -> int:
    """A row's number; raises ValueError."""
    if type(part) is not int or not 0 <= part <= _MOST_ID:
        raise ValueError("no row's number")
    return part


def uuid(part: Any) -> str:
    """A row's UUID in its text form; raises ValueError."""
    if not isinstance(part, str) or not ids.is_id(part):
        raise ValueError("no UUID")
    return part
