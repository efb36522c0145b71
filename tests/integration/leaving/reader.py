"""Reads an export as somebody would who has nothing but the archives: the manifest is checked, then the rows go into a
database. It shares no code with what wrote them.
"""

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2


@dataclass(frozen=True)
class Taken:
    """An export whose counts and hashes are right. `rows`: table → JSON lines; `files`: (bucket, key) → bytes."""

    manifest: dict[str, Any]
    rows: dict[str, list[str]]
    files: dict[tuple[str, str], bytes]


def read(archives: Sequence[Path]) -> Taken:
    """All archives of one export, in their order; fails when the manifest does not say what they hold."""
    opened = [zipfile.ZipFile(path) for path in archives]
    manifest = json.loads(opened[-1].read("manifest.json"))
    rows, files, named = {}, {}, {(len(opened), "manifest.json")}
    for entry in manifest["tables"]:
        data = opened[entry["part"] - 1].read(entry["file"])
        # A text may hold U+2028, which also ends a line for Python.
        lines = data.decode().split("\n")
        assert lines.pop() == ""
        assert (len(lines), hashlib.sha256(data).hexdigest()) == (entry["rows"], entry["sha256"]), entry
        rows[entry["table"]] = lines
        named.add((entry["part"], entry["file"]))
    for entry in manifest["files"]:
        data = opened[entry["part"] - 1].read(entry["file"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"]), entry
        files[entry["bucket"], entry["key"]] = data
        named.add((entry["part"], entry["file"]))
    held = {(number, name) for number, each in enumerate(opened, 1) for name in each.namelist()}
    assert held == named, "an archive holds what the manifest does not name"
    return Taken(manifest, rows, files)


def write_into(dsn: str, taken: Taken) -> None:
    """Puts the rows into an empty database, as the app's role and for that one tenant: a row of another is refused.

    People are not in an export, only their places: each gets an account that nobody can sign in to yet. A column that
    is left out and must not be empty is filled with an empty text.
    """
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [taken.manifest["tenant"]["id"]])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for line in taken.rows["memberships"]:
            person = json.loads(line)["user_id"]
            cursor.execute("SELECT set_config('app.user_id', %s, true)", [person])
            cursor.execute("INSERT INTO users (user_id, subject) VALUES (%s, %s)", [person, f"imported:{person}"])
        for entry in taken.manifest["tables"]:
            for line in taken.rows[entry["table"]]:
                _insert(cursor, entry["table"], line)
    connection.close()


def _insert(cursor: Any, table: str, line: str) -> None:
    names = list(json.loads(line))
    missing = [name for name in _needed(cursor, table) if name not in names]
    columns = ", ".join(f'"{name}"' for name in [*names, *missing])
    values = ", ".join([*(f'"{name}"' for name in names), *("''" for _ in missing)])
    cursor.execute(
        f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
        f" SELECT {values} FROM json_populate_record(NULL::{table}, %s) ON CONFLICT DO NOTHING",
        [line],
    )
    assert cursor.rowcount == 1 or table == "people_seen", (table, line)


def _needed(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attnotnull AND NOT atthasdef AND attidentity = '' ORDER BY attnum",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]
