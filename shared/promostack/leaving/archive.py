"""An export's archives on disk: entries are streamed in, and a new archive begins when one is large enough.

The platform's disk is small and an object is stored in one piece, so that an archive is handed over, and forgotten,
before the next one grows.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from promostack.leaving.models import Part

# Half of what the platform's /tmp can be relied on to hold.
MOST_BYTES = 192_000_000
MEDIA_TYPE = "application/zip"

HandOver = Callable[[str, Path], None]
"""(name of the archive, its file): keeps it."""


class Archive:
    """Writes entries; `parts` are the archives that were handed over so far."""

    def __init__(self, folder: Path, hand_over: HandOver, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._hand_over, self._most_bytes = folder, hand_over, most_bytes
        self._zip: zipfile.ZipFile | None = None
        self.parts: list[Part] = []

    @property
    def part(self) -> int:
        """The number of the archive that is being written, from 1."""
        return len(self.parts) + 1

    def add_lines(self, name: str, lines: Iterable[str]) -> dict[str, Any]:
        """An entry of lines; returns where it is, how many lines it has and their SHA-256."""
        count, digest, part = 0, hashlib.sha256(), self.part
        with self._open().open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
            for line in lines:
                data = line.encode() + b"\n"
                digest.update(data)
                entry.write(data)
                count += 1
        return {"file": name, "part": part, "rows": count, "sha256": digest.hexdigest()}

    def add_file(self, name: str, data: bytes) -> dict[str, Any]:
        """An entry that is not compressed, as pictures are already; returns where it is, its size and its SHA-256."""
        self._roll_over()
        part = self.part
        self._open().writestr(name, data, compress_type=zipfile.ZIP_STORED)
        return {"file": name, "part": part, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Writes the manifest as the last entry of the last archive and hands that over."""
        self._open().writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
        self._close()

    def _open(self) -> zipfile.ZipFile:
        if self._zip is None:
            self._zip = zipfile.ZipFile(self._path(), "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        return self._zip

    def _roll_over(self) -> None:
        if self._zip is not None and self._path().stat().st_size > self._most_bytes:
            self._close()

    def _close(self) -> None:
        assert self._zip is not None
        self._zip.close()
        self._zip = None
        path, name = self._path(), f"part-{self.part}.zip"
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._hand_over(name, path)
        self.parts.append(Part(name, path.stat().st_size, digest))
        path.unlink()

    def _path(self) -> Path:
        return self._folder / f"part-{self.part}.zip"
