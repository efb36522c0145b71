"""Brings a database to the code's schema: numbered SQL files, once each, in order, under a lock, with checksums.

Runs over the direct port (a pooler in transaction mode cannot hold the session's advisory lock).
"""

import hashlib
import importlib.resources
from dataclasses import dataclass
from functools import cache
from typing import Any

from promostack.db import connection

_LOCK = 7_203_118
_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationChanged(RuntimeError):
    """A file that already ran was edited; write a new one instead."""


@dataclass(frozen=True)
class Migration:
    """One file: `NNNN_name.sql`."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@cache
def migrations() -> tuple[Migration, ...]:
    """All files in order."""
    folder = importlib.resources.files("promostack.db").joinpath("migrations")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return tuple(Migration(int(file.name[:4]), file.name[5:-4], file.read_text("utf-8")) for file in files)


@cache
def schema_version() -> int:
    """The version that this code needs."""
    return migrations()[-1].number


def migrate(dsn: str) -> list[str]:
    """Applies what is missing, each file in its own transaction; returns the names applied.

    Raises MigrationChanged when a file that already ran has another checksum.
    """
    database = connection.connect(dsn)
    try:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
            cursor.execute(_LEDGER)
            database.commit()
            done = _applied(cursor)
            applied = [_apply(database, cursor, each) for each in migrations() if not _is_applied(each, done)]
            cursor.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
            database.commit()
            return applied
    finally:
        database.close()


def _applied(cursor: Any) -> dict[int, str]:
    cursor.execute("SELECT number, checksum FROM schema_migrations")
    return dict(cursor.fetchall())


def _is_applied(migration: Migration, done: dict[int, str]) -> bool:
    checksum = done.get(migration.number)
    if checksum is not None and checksum != migration.checksum:
        raise MigrationChanged(f"{migration.number:04d}_{migration.name}.sql has changed since it ran; add a new file.")
    return checksum is not None


def _apply(database: Any, cursor: Any, migration: Migration) -> str:
    cursor.execute(migration.sql)
    cursor.execute(
        "INSERT INTO schema_migrations (number, name, checksum) VALUES (%s, %s, %s)",
        (migration.number, migration.name, migration.checksum),
    )
    database.commit()
    return f"{migration.number:04d}_{migration.name}"
