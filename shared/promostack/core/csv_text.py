"""Tables as CSV (RFC 4180) that a spreadsheet opens without running anything."""

from collections.abc import Iterable, Sequence
from datetime import datetime

Cell = str | int | float | datetime | None

# What spreadsheets take for the start of a formula (OWASP, CSV injection), full-width signs included: Excel reads them
# like the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 without a mark, lines ended by CRLF. A text that would be a formula gets an apostrophe in front."""
    lines = [header, *rows]
    return "".join(f"{','.join(map(_cell, line))}\r\n" for line in lines).encode()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _quoted(f"'{value}" if value.lstrip(" ").startswith(_FORMULA_STARTS) else value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '",\r\n') else text
