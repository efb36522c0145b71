"""A batch's files: codes read from a list, pictures in ZIP segments, segments joined to the archive that people get.

A segment is an archive of its own with its part of the manifest: whoever is interrupted goes on behind the last whole
one. Equal pictures give equal archives, interrupted or not: entries carry no time of day.
"""

import csv
import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from promostack.core.text import InvalidCode, normalise_code

if TYPE_CHECKING:
    from promostack.rendering.service import Picture

# A few seconds of work, and so much is done again after an interruption at most.
SEGMENT_PICTURES = 200
MANIFEST = "manifest.json"
_TIME = (1980, 1, 1, 0, 0, 0)
_EXTENSION = {"jpeg": "jpg"}
_HEADINGS = frozenset({"code", "codes", "coupon", "coupon code"})
_LONGEST_SHOWN = 80


@dataclass(frozen=True)
class LeftOut:
    """A row of the list of which there is no picture, and why; `text` is what stood in it."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True)
class Made:
    """A picture under its name in the archive; `entry` is what the manifest says of it."""

    file: str
    data: bytes
    entry: dict[str, Any]


def read_codes(lines: Iterable[str]) -> tuple[dict[str, int], list[LeftOut]]:
    """Different codes → row, in the list's order, from the first column of CSV (comma, semicolon or tab).

    Empty rows and a heading are passed over; what is no code, or stood there before, is left out with its reason.
    """
    codes: dict[str, int] = {}
    left_out = []
    for row, cells in enumerate(csv.reader(lines), 1):
        text = re.split("[;\t]", cells[0])[0].strip().removeprefix("\ufeff") if cells else ""
        if not text or (row == 1 and text.lower() in _HEADINGS):
            continue
        try:
            code = normalise_code(text)
        except InvalidCode as error:
            left_out.append(LeftOut(row, text[:_LONGEST_SHOWN], error.message))
            continue
        if code in codes:
            left_out.append(LeftOut(row, text[:_LONGEST_SHOWN], f"The same code stands in row {codes[code]}."))
        codes.setdefault(code, row)
    return codes, left_out


def file_name(code: str, format: str, output: str, *, is_only_format: bool) -> str:
    """Where a picture stands in the archive: in a folder of its format if there are several."""
    name = f"{code}.{_EXTENSION.get(output, output)}"
    return name if is_only_format else f"{format}/{name}"


def made(file: str, picture: "Picture", *, code: str, format: str) -> Made:
    """The picture with its line of the manifest; `warnings` are there when a text did not come out as it should."""
    warnings = [line for text in picture.report.texts for line in _warnings(text)]
    entry = {
        "file": file,
        "code": code,
        "format": format,
        "width": picture.width,
        "height": picture.height,
        "bytes": len(picture.data),
        "sha256": picture.sha256,
        **({"warnings": warnings} if warnings else {}),
    }
    return Made(file, picture.data, entry)


def _warnings(text: Any) -> Iterator[str]:
    if text.missing:
        yield f"{text.id}: no font has {' '.join(text.missing)}"
    if text.outcome in ("emergency", "shrunk", "ellipsis"):
        yield f"{text.id}: {text.outcome}"
    if text.clipped:
        yield f"{text.id}: clipped"


def write_segment(target: Path | IO[bytes], pictures: Iterable[Made]) -> int:
    """Returns how many pictures went into it."""
    entries = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for each in pictures:
            archive.writestr(zipfile.ZipInfo(each.file, _TIME), each.data)
            entries.append(each.entry)
        archive.writestr(zipfile.ZipInfo(MANIFEST, _TIME), json.dumps(entries, ensure_ascii=False))
    return len(entries)


def join(
    segments: Iterable[Path | IO[bytes]], folder: Path, head: Mapping[str, Any], *, most_bytes: int | None = None
) -> Iterator[Path]:
    """Archives `part-1.zip` … of all pictures, each when it is whole; a new one begins when one is large enough.

    The manifest ends the last; in it `pictures` names each file with its part. Whoever takes an archive may remove it
    at once. Raises zipfile.BadZipFile for a damaged segment.
    """
    entries: list[dict[str, Any]] = []
    part, size = 1, 0
    archive = _begin(folder, part)
    for entry, data in _pictures(segments):
        if most_bytes and size and size + len(data) > most_bytes:
            archive.close()
            yield _path(folder, part)
            part, size = part + 1, 0
            archive = _begin(folder, part)
        archive.writestr(zipfile.ZipInfo(entry["file"], _TIME), data)
        entries.append({**entry, "part": part})
        size += len(data)
    manifest = json.dumps({"manifest": 1, **head, "parts": part, "pictures": entries}, ensure_ascii=False, indent=1)
    archive.writestr(zipfile.ZipInfo(MANIFEST, _TIME), manifest, zipfile.ZIP_DEFLATED)
    archive.close()
    yield _path(folder, part)


def _pictures(segments: Iterable[Path | IO[bytes]]) -> Iterator[tuple[dict[str, Any], bytes]]:
    for segment in segments:
        with zipfile.ZipFile(segment) as source:
            for entry in json.loads(source.read(MANIFEST)):
                yield entry, source.read(entry["file"])


def _begin(folder: Path, part: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(_path(folder, part), "w", zipfile.ZIP_STORED)


def _path(folder: Path, part: int) -> Path:
    return folder / f"part-{part}.zip"


def digest(order: Mapping[str, Any]) -> str:
    """SHA-256 of all that a batch is made from: equal ones can go on with each other's segments."""
    return hashlib.sha256(json.dumps(order, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
