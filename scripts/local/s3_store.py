"""Buckets and objects on disk: one file per object's bytes, one SQLite index that says which file is which key.

A write goes to a file of its own, is synced, and only then becomes visible by one commit of the index. So a killed
process or a full disk leaves the old object or the new one, never half of one; files without a row are swept at start.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from scripts.local.s3_signature import S3Error

_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created_at REAL NOT NULL, cors TEXT);
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL REFERENCES buckets (name), key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, acl TEXT NOT NULL, headers TEXT NOT NULL, modified_at REAL NOT NULL, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Object:
    """`headers` are those that a GET repeats: content type, cache control, x-amz-meta-…; `etag` has its quotes."""

    key: str
    path: Path
    size: int
    etag: str
    acl: str
    headers: dict[str, str]
    modified_at: float


class Draft:
    """An object's bytes on their way to disk. `finish` or `discard` it."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, 0
        self.md5, self.sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        self._file: BinaryIO = path.open("xb")

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self.size += len(chunk)
        self.md5.update(chunk)
        self.sha256.update(chunk)

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # a close that still has bytes to flush fails again on a full disk
            self._file.close()
        self.path.unlink(missing_ok=True)


class Store:
    """One folder. Safe to use from several threads of one process; two processes must not share a folder."""

    def __init__(self, root: Path) -> None:
        self._files = root / "objects"
        self._files.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(root / "index.sqlite", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._sweep()

    def close(self) -> None:
        self._db.close()

    def create_bucket(self, name: str) -> bool:
        """False when it exists."""
        sql = "INSERT INTO buckets (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
        return self._run(sql, name, time.time()).rowcount == 1

    def delete_bucket(self, name: str) -> None:
        if self._run("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", name).fetchone():
            raise S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.")
        self._run("DELETE FROM buckets WHERE name = ?", name)

    def list_buckets(self) -> list[tuple[str, float]]:
        return self._run("SELECT name, created_at FROM buckets ORDER BY name").fetchall()

    def cors(self, bucket: str) -> list[dict[str, Any]]:
        """The bucket's rules, empty without any. Raises S3Error 404 for a bucket that does not exist."""
        row = self._run("SELECT cors FROM buckets WHERE name = ?", bucket).fetchone()
        if row is None:
            raise S3Error(404, "NoSuchBucket", "The specified bucket does not exist.")
        return json.loads(row[0]) if row[0] else []

    def set_cors(self, bucket: str, rules: list[dict[str, Any]]) -> None:
        self._run("UPDATE buckets SET cors = ? WHERE name = ?", json.dumps(rules) if rules else None, bucket)

    def draft(self) -> Draft:
        return Draft(self._files / uuid.uuid4().hex)

    def put(self, bucket: str, key: str, draft: Draft, *, acl: str, headers: dict[str, str], only_new: bool) -> str:
        """Make the draft's bytes the object; returns its ETag. Blocks for the disk."""
        etag = f'"{draft.md5.hexdigest()}"'
        draft.finish()
        with self._lock:
            old = self.find(bucket, key)
            if old and only_new:
                draft.discard()
                raise S3Error(412, "PreconditionFailed", "At least one of the pre-conditions did not hold.")
            self._db.execute(
                "INSERT OR REPLACE INTO objects (bucket, key, file, size, etag, acl, headers, modified_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (bucket, key, draft.path.name, draft.size, etag, acl, json.dumps(headers), time.time()),
            )
        if old:
            old.path.unlink(missing_ok=True)
        return etag

    def find(self, bucket: str, key: str) -> Object | None:
        row = self._run(f"SELECT {_COLUMNS} FROM objects WHERE bucket = ? AND key = ?", bucket, key).fetchone()
        return self._object(row) if row else None

    def open(self, bucket: str, key: str) -> tuple[Object, BinaryIO] | None:
        """The object and its bytes; looked up again when a PUT replaced the file in between."""
        while found := self.find(bucket, key):
            with contextlib.suppress(FileNotFoundError):
                return found, found.path.open("rb")
        return None

    def delete(self, bucket: str, key: str) -> None:
        old = self.find(bucket, key)
        self._run("DELETE FROM objects WHERE bucket = ? AND key = ?", bucket, key)
        if old:
            old.path.unlink(missing_ok=True)

    def keys_after(self, bucket: str, prefix: str, after: str) -> Iterator[Object]:
        """Objects in the order of their keys' UTF-8, those above `after`."""
        end = prefix + "\U0010ffff"
        sql = f"SELECT {_COLUMNS} FROM objects WHERE bucket = ? AND key >= ? AND key > ? AND key < ? ORDER BY key"
        return (self._object(row) for row in self._run(sql, bucket, prefix, after, end))

    def _object(self, row: tuple[Any, ...]) -> Object:
        key, file, size, etag, acl, headers, modified_at = row
        return Object(key, self._files / file, size, etag, acl, json.loads(headers), modified_at)

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._db.execute(sql, values)

    def _sweep(self) -> None:
        named = {row[0] for row in self._run("SELECT file FROM objects")}
        for path in self._files.iterdir():
            if path.name not in named:
                path.unlink()


_COLUMNS = "key, file, size, etag, acl, headers, modified_at"
