"""Uploaded files: bytes by hash, file_ids that work for one bot only, and photos in Telegram's sizes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from .errors import bad_request

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_SIDES_SUM, MAX_SIDES_RATIO = 10_000, 20
BOXES = {"s": 90, "m": 320, "x": 800, "y": 1280}
JPEG_QUALITY = 87
VERSION = b"\x04"
KINDS = {"photo": 2, "document": 5}


@dataclass
class FileRecord:
    """A stored file. `unique` is the same for everyone; width and height are of the original, 0 for documents."""

    unique: str
    kind: str
    sha256: str
    name: str
    media_type: str
    size: int
    width: int = 0
    height: int = 0


class FileStore:
    """Bytes in memory, or under `folder` when the state outlives the process."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.records: dict[str, FileRecord] = {}
        self.expired: set[str] = set()
        self._blobs: dict[str, bytes] = {}
        self._scaled: dict[tuple[str, str], bytes] = {}

    def clear(self) -> None:
        for known in (self.records, self.expired, self._blobs, self._scaled):
            known.clear()

    def read(self, sha256: str) -> bytes:
        if sha256 not in self._blobs and self.folder:
            self._blobs[sha256] = (self.folder / sha256).read_bytes()
        return self._blobs[sha256]

    def _write(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self._blobs[sha256] = data
        if self.folder and not (self.folder / sha256).exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f"{sha256}.part"
            partial.write_bytes(data)
            partial.replace(self.folder / sha256)
        return sha256

    def add_photo(self, data: bytes, name: str) -> FileRecord:
        """Raises 400 as the vendor does for what is no photo or too large for one."""
        _check_size(data, MAX_PHOTO_BYTES, " for a photo")
        try:
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
        except (OSError, ValueError, Image.DecompressionBombError):
            raise bad_request("IMAGE_PROCESS_FAILED") from None
        if width + height > MAX_SIDES_SUM or max(width, height) > MAX_SIDES_RATIO * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return self._add("photo", data, name, "image/jpeg", (width, height))

    def add_document(self, data: bytes, name: str, media_type: str) -> FileRecord:
        _check_size(data, MAX_DOCUMENT_BYTES, "")
        return self._add("document", data, name, media_type, (0, 0))

    def _add(self, kind: str, data: bytes, name: str, media_type: str, size: tuple[int, int]) -> FileRecord:
        sha256 = self._write(data)
        unique = ("AQAD" if kind == "photo" else "AgAD") + _base64(bytes.fromhex(sha256)[:9])
        return self.records.setdefault(unique, FileRecord(unique, kind, sha256, name, media_type, len(data), *size))

    def photo_sizes(self, record: FileRecord, bot_id: int, *, recompress: bool) -> list[dict[str, Any]]:
        """PhotoSize objects, smallest first. Without `recompress` the last one is the upload itself, byte for byte."""
        sizes = []
        for letter in _letters(record):
            width, height = scaled_size(record.width, record.height, BOXES[letter])
            is_last = letter == _letters(record)[-1]
            data = self.read(record.sha256) if is_last and not recompress else self.scaled(record, letter)
            if is_last and not recompress:
                letter, width, height = "o", record.width, record.height
            sizes.append({"file_id": self.file_id(record, bot_id, letter), "file_unique_id": record.unique + letter,
                          "file_size": len(data), "width": width, "height": height})  # fmt: skip
        return sizes

    def scaled(self, record: FileRecord, letter: str) -> bytes:
        """The photo as Telegram hands it out: scaled into the size's box and compressed anew as JPEG."""
        if letter == "o":
            return self.read(record.sha256)
        key = (record.sha256, letter)
        if key not in self._scaled:
            with Image.open(io.BytesIO(self.read(record.sha256))) as image:
                image.draft("RGB", (BOXES[letter], BOXES[letter]))
                size = scaled_size(record.width, record.height, BOXES[letter])
                flat = image.convert("RGB").resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
            buffer = io.BytesIO()
            flat.save(buffer, "JPEG", quality=JPEG_QUALITY)
            self._scaled[key] = buffer.getvalue()
        return self._scaled[key]

    def document(self, record: FileRecord, bot_id: int) -> dict[str, Any]:
        return {"file_name": record.name, "mime_type": record.media_type,
                "file_id": self.file_id(record, bot_id, "d"), "file_unique_id": record.unique,
                "file_size": record.size}  # fmt: skip

    def file_id(self, record: FileRecord, bot_id: int, letter: str) -> str:
        """Opaque to callers; holds the kind, the one bot that may use it, the size's letter and the file."""
        plain = bytes([KINDS[record.kind]]) + bot_id.to_bytes(8, "big") + letter.encode() + record.unique.encode()
        return _base64(plain + VERSION)

    def find(self, file_id: str, bot_id: int) -> tuple[FileRecord, str]:
        """(record, size letter). Raises 400 as tdlib/td's from_persistent_id does; another bot's id is refused."""
        try:
            plain = base64.b64decode(file_id + "=" * (-len(file_id) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            problem = "Wrong padding length" if len(file_id) % 4 == 1 else "Wrong character in the string"
            raise bad_request(f"Wrong remote file identifier specified: {problem}") from None
        if not plain:
            raise bad_request("Remote file identifier must be non-empty")
        if plain[-1:] != VERSION:
            raise bad_request("Wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        record = self.records.get(plain[10:-1].decode("ascii", "replace"))
        if record is None or plain[1:9] != bot_id.to_bytes(8, "big") or file_id in self.expired:
            raise bad_request("Wrong file identifier/HTTP URL specified")
        return record, chr(plain[9])

    def content(self, record: FileRecord, letter: str) -> bytes:
        return self.scaled(record, letter) if record.kind == "photo" else self.read(record.sha256)


def scaled_size(width: int, height: int, box: int) -> tuple[int, int]:
    """The largest size of the same shape inside box × box, never larger than the original."""
    factor = min(1.0, box / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def _letters(record: FileRecord) -> list[str]:
    longest = max(record.width, record.height)
    letters = [letter for letter, box in BOXES.items() if box < longest]
    following = [letter for letter in BOXES if letter not in letters]
    return letters + following[:1]


def _check_size(data: bytes, most: int, reason: str) -> None:
    if not data:
        raise bad_request("File must be non-empty")
    if len(data) > most:
        raise bad_request(f"File of size {len(data)} bytes is too big{reason}; the maximum size is {most} bytes")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
