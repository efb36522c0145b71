"""An export holds everything of one tenant and nothing of another, no secret, and can be put back."""

import contextlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
import requests

from promostack.core.clock import SystemClock
from promostack.integrations import spaces
from promostack.leaving import archive, exports
from promostack.leaving.errors import ExportNotReady, ExportOpen
from promostack.leaving.exports import Exporter
from promostack.tenants.audit import Actor
from tests.integration.leaving import reader
from tests.integration.leaving.conftest import LEAVING, STAYING, Filled

SYSTEM = Actor("admin:somebody@promostack.example")
# What an export makes itself, while it is being made.
OWN = {"tenant_exports", "audit_log"}


def now() -> datetime:
    return datetime.now(UTC)


def ask_and_make(tenant_id: str) -> str:
    asked = exports.ask(tenant_id, actor=SYSTEM, now=now())
    assert Exporter(spaces.private_bucket(), spaces.public_bucket(), SystemClock()).run(tenant_id) == 1
    return asked.id


def download(tenant_id: str, export_id: str, folder: Path) -> list[Path]:
    """The archives, fetched through the addresses that the owner gets."""
    _, urls = exports.links(tenant_id, export_id, private=spaces.private_bucket(), actor=SYSTEM)
    paths = [folder / f"{number}.zip" for number in range(len(urls))]
    for path, url in zip(paths, urls, strict=True):
        answer = requests.get(url, timeout=60)
        assert "attachment" in answer.headers["Content-Disposition"]
        path.write_bytes(answer.content)
    return paths


def rows_of(query, tenant_id: str) -> dict[str, list[str]]:
    """Table → the tenant's rows as JSON, as the owner sees them, without what an export leaves out."""
    tables = query(
        "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
    )
    left_out = "- 'ciphertext' - 'sealed_with' - 'webhook_secret_hash' - 'token_hash'"
    return {
        name: [
            row[0]
            for row in query(
                f"SELECT (to_jsonb(t) {left_out})::text FROM {name} AS t WHERE tenant_id = %s ORDER BY 1", tenant_id
            )
        ]
        for (name,) in tables
        if name not in {*OWN, "secrets", "secret_fingerprints"}
    }


# Texts that a careless writer or reader breaks: ends of lines, quotes, what JSON escapes, the far ends of Unicode.
HOSTILE = ['a "quoted" \\ line\nand\r\nanother\ttab', "U+2028\u2028U+2029\u2029U+0085\x85", "💶 é é ﷽ \x7f \ufeff", ""]


def add_hostile_rows(query) -> None:
    """Beside the one row that each table has: enough for several pages, with values at the ends of their types."""
    for text in HOSTILE:
        query(
            "INSERT INTO usage_events (tenant_id, kind, data) VALUES (%s, 'rendered', %s)",
            LEAVING.id,
            json.dumps({"code": text, text or "empty": [None, True, 1e-7, 12345678901234567890, {"deep": text}]}),
        )
        query(
            "INSERT INTO coupon_misses (tenant_id, actor, code, missed_at) VALUES (%s, %s, %s, %s)",
            *(LEAVING.id, f"ip:{text}", text or "-", "2026-03-29 01:59:59.999999+00"),
        )
    query(
        "INSERT INTO rate_limits (tenant_id, action, actor, hits, window_ends_at)"
        " SELECT %s, 'a', n, 2147483647, 'infinity' FROM generate_series(1, 20) AS n",
        LEAVING.id,
    )


def pages_of(query, tenant_id: str) -> dict[str, list[str]]:
    """Table → lines as an export writes them, of every table in the catalogue."""
    query("SELECT set_config('app.tenant_id', %s, false)", tenant_id)
    lines = "SELECT line FROM tenant_page(%s, NULL, 100000)"
    return {name: [row[0] for row in query(lines, name)] for (name,) in query("SELECT name FROM tenant_tables()")}


def test_an_export_put_into_an_empty_database_equals_the_original(
    database, postgres, filled: Filled, tmp_path, monkeypatch
) -> None:
    """Byte for byte: each table's rows, and what an export of the new database would hold; each file by its hash."""
    monkeypatch.setattr(exports, "_PAGE", 3)
    add_hostile_rows(database.query)
    before = rows_of(database.query, LEAVING.id)
    export_id = ask_and_make(LEAVING.id)
    taken = reader.read(download(LEAVING.id, export_id, tmp_path))
    buckets = {"public": spaces.public_bucket(), "private": spaces.private_bucket()}
    assert taken.files == {
        (name, key): bucket.get(key) for name, bucket in buckets.items() for key in filled.keys[f"leaving {name}"]
    }
    assert all(LEAVING.canary.encode() in data for data in taken.files.values())
    empty = f"empty_{uuid4().hex[:8]}"
    with contextlib.closing(psycopg2.connect(postgres.dsn())) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {empty} TEMPLATE template_promostack")
        try:
            reader.write_into(postgres.dsn(empty, "promostack_app"), taken)
            with contextlib.closing(psycopg2.connect(postgres.dsn(empty))) as other, other.cursor() as cursor:

                def query(sql: str, *params: object) -> list[tuple]:
                    cursor.execute(sql, params)
                    return cursor.fetchall()

                assert rows_of(query, LEAVING.id) == before
                again = pages_of(query, LEAVING.id)
        finally:
            connection.cursor().execute(f"DROP DATABASE {empty} WITH (FORCE)")
    assert again == {table: taken.rows[table] for table in again}
    assert set(again) == set(taken.rows)
    # Which other tenants' bots have which tokens is told by fingerprints; nobody is shown them.
    assert [table for table, lines in again.items() if not lines] == ["secret_fingerprints"]
    assert len(again) > 30


def test_an_export_holds_no_secret_and_nothing_of_another_tenant(database, filled: Filled, tmp_path) -> None:
    [(ciphertext,)] = database.query("SELECT ciphertext FROM secrets WHERE tenant_id = %s", LEAVING.id)
    [(fingerprint,)] = database.query("SELECT fingerprint FROM secret_fingerprints WHERE tenant_id = %s", LEAVING.id)
    [(token_hash,)] = database.query("SELECT webhook_secret_hash FROM bots WHERE tenant_id = %s", LEAVING.id)
    taken = reader.read(download(LEAVING.id, ask_and_make(LEAVING.id), tmp_path))
    text = json.dumps(taken.rows, ensure_ascii=False) + "".join(map(repr, taken.files.values()))
    for secret in (ciphertext, fingerprint, token_hash):
        assert secret not in text
    assert len(taken.rows["secrets"]) == 1, "that there is one may be said"
    assert taken.rows["secret_fingerprints"] == []
    for trace in (STAYING.id, STAYING.canary, str(STAYING.number)):
        assert trace not in text


def test_large_exports_come_in_several_archives(database, filled: Filled, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(archive.Archive.__init__, "__kwdefaults__", {"most_bytes": 1})
    paths = download(LEAVING.id, ask_and_make(LEAVING.id), tmp_path)
    assert len(paths) > 3
    assert len(reader.read(paths).files) == 6


def test_a_link_ends_and_an_export_is_cleared_away(database, filled: Filled) -> None:
    export_id = ask_and_make(LEAVING.id)
    private = spaces.private_bucket()
    export, [url] = exports.links(LEAVING.id, export_id, private=private, actor=SYSTEM)
    assert re.search(rf"X-Amz-Expires={exports.LINK_S}\b", url)
    assert export.expires_at - export.finished_at == timedelta(days=7)
    assert exports.clear_expired(LEAVING.id, now(), private=private) == 0
    assert exports.clear_expired(LEAVING.id, now() + timedelta(days=8), private=private) == 1
    assert [key for key in private.keys_of(LEAVING.id) if key.startswith("exports/")] == []
    assert requests.get(url, timeout=60).status_code == 404
    with pytest.raises(ExportNotReady):
        exports.links(LEAVING.id, export_id, private=private, actor=SYSTEM)


def test_one_export_at_a_time(database, filled: Filled) -> None:
    exports.ask(LEAVING.id, actor=SYSTEM, now=now())
    with pytest.raises(ExportOpen):
        exports.ask(LEAVING.id, actor=SYSTEM, now=now())


def test_an_export_whose_maker_died_is_made_by_the_next_one(database, filled: Filled, tmp_path) -> None:
    """Killed at every file that it would store or read; what it leaves behind is written over."""
    private, public = spaces.private_bucket(), spaces.public_bucket()
    asked = exports.ask(LEAVING.id, actor=SYSTEM, now=now())

    class Dying:
        def __getattr__(self, name: str):
            return getattr(private, name)

        def put_file(self, key: str, path: Path, *, media_type: str) -> None:
            private.put_file(key, path, media_type=media_type)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Exporter(Dying(), public, SystemClock()).run(LEAVING.id)
    exporter = Exporter(private, public, SystemClock())
    assert exporter.run(LEAVING.id) == 0, "its lease still runs"
    database.query("UPDATE tenant_exports SET lease_until = now() WHERE tenant_id = %s", LEAVING.id)
    assert exporter.run(LEAVING.id) == 1
    assert len(reader.read(download(LEAVING.id, asked.id, tmp_path)).files) == 6
    database.query(
        "UPDATE tenant_exports SET state = 'running', attempts = 5, lease_until = now() WHERE id = %s", asked.id
    )
    assert exporter.run(LEAVING.id) == 0
    assert database.query(
        "SELECT state FROM tenant_exports WHERE tenant_id = %s AND id = %s", LEAVING.id, asked.id
    ) == [("failed",)]


@pytest.mark.long
def test_a_hundred_thousand_rows_are_streamed(database, filled: Filled) -> None:
    """In a process of its own; its peak of resident memory is VmHWM, because ru_maxrss keeps that of who started it."""
    database.query(
        "INSERT INTO usage_events (tenant_id, kind, data, at) SELECT %s, 'rendered',"
        " jsonb_build_object('code', 'CODE-' || n, 'template', 'summer', 'format', 'square', 'ms', n %% 900),"
        " now() - n * interval '1 minute' FROM generate_series(1, 100000) AS n",
        LEAVING.id,
    )
    exports.ask(LEAVING.id, actor=SYSTEM, now=now())
    code = (
        "import re, time; from pathlib import Path; from promostack.core.clock import SystemClock;"
        " from promostack.integrations import spaces; from promostack.leaving.exports import Exporter;"
        " began = time.monotonic();"
        " made = Exporter(spaces.private_bucket(), spaces.public_bucket(), SystemClock())"
        f".run('{LEAVING.id}'); print(made, time.monotonic() - began,"
        " int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) / 1024)"
    )
    shared = str(Path(exports.__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=shared, check=True)
    made, seconds, megabytes = done.stdout.splitlines()[-1].split()
    print(f"100 000 rows: {float(seconds):.1f} s, {float(megabytes):.0f} MB")
    [(rows,)] = database.query("SELECT rows_done FROM tenant_exports WHERE state = 'done'")
    assert made == "1"
    assert rows > 100_000
    assert float(megabytes) <= 150
