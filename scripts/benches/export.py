"""A tenant's export: seconds and peak memory for 100 000 rows and 200 files, each entry checked by its hash.

The database writes to the disk as in production, the store is the local one in a process of its own. Exported is in a
fresh process, as work/leaving does; its peak is VmHWM. Counts and hashes of every entry are checked by code of the
bench's own. EXPORT_ROWS makes it smaller.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("EXPORT_ROWS", "100000"))
FILES, FILE_BYTES = 200, 60_000
BUCKETS = ("public", "private")
STARTS_WITHIN_S = 30
_FILL = """
INSERT INTO tenants (tenant_id, slug, name) VALUES (%(tenant)s, 'large', 'Large');
INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)
VALUES (%(tenant)s, %(bot)s, 'large', 7000001, 'large_bot', 'h');
INSERT INTO usage_events (tenant_id, kind, bot_id, chat_id, user_id, data, at)
SELECT %(tenant)s, 'rendered', %(bot)s, n %% 9000 + 1, n %% 9000 + 1,
    jsonb_build_object('code', 'CODE-' || n, 'template', 'summer', 'format', 'square', 'ms', n %% 900),
    now() - n * interval '1 minute'
FROM generate_series(1, %(half)s) AS n;
INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state, finished_at)
SELECT %(tenant)s, %(bot)s, n, 'reply', 'sendMessage', jsonb_build_object('text', repeat('A line of text. ', 12)), n, 1,
    'sent', now()
FROM generate_series(1, %(quarter)s) AS n;
INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state)
SELECT %(tenant)s, %(bot)s, n, jsonb_build_object('update_id', n, 'message', jsonb_build_object('text', 'CODE-' || n,
    'chat', jsonb_build_object('id', n), 'from', jsonb_build_object('id', n, 'first_name', 'Person ' || n))), 'done'
FROM generate_series(1, %(quarter)s) AS n;
"""
_EXPORT = """
import json, re, sys, time
from datetime import UTC, datetime
from pathlib import Path
from promostack.core.clock import SystemClock
from promostack.integrations import spaces
from promostack.leaving import exports
from promostack.tenants.audit import Actor
tenant = sys.argv[1]
asked = exports.ask(tenant, actor=Actor("system"), now=datetime.now(UTC))
began = time.perf_counter()
made = exports.Exporter(spaces.private_bucket(), spaces.public_bucket(), SystemClock()).run(tenant)
seconds = time.perf_counter() - began
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"made": made, "id": asked.id, "seconds": round(seconds, 2), "rss_mb": round(peak)}))
"""


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    from promostack.db.migrate import migrate
    from scripts.local import postgres

    with tempfile.TemporaryDirectory() as folder:
        server = postgres.start(Path(folder) / "data", durable=True)
        try:
            migrate(server.dsn())
            with _store(Path(folder) / "s3") as address:
                _configure(server.dsn(user="promostack_app"), address)
                return _measure(server.dsn(), progress)
        finally:
            server.stop()


def _measure(owner_dsn: str, progress: Callable[[str], None]) -> dict[str, Any]:
    import psycopg2

    from promostack.integrations import spaces

    tenant = str(uuid4())
    progress(f"{ROWS} rows and {FILES} files")
    with psycopg2.connect(owner_dsn) as connection, connection.cursor() as cursor:
        cursor.execute(_FILL, {"tenant": tenant, "bot": str(uuid4()), "half": ROWS // 2, "quarter": ROWS // 4})
    for number in range(FILES):
        key = f"renders/{tenant}/{number:04d}.jpg"
        spaces.public_bucket().put(key, os.urandom(FILE_BYTES), media_type="image/jpeg")
    progress("exporting in a process of its own")
    done = subprocess.run([sys.executable, "-c", _EXPORT, tenant], capture_output=True, text=True, check=True, cwd=ROOT)
    told = json.loads(done.stdout.splitlines()[-1])
    archives = sorted(key for key in spaces.private_bucket().keys_of(tenant) if key.startswith("exports/"))
    held = [spaces.private_bucket().get(key) for key in archives]
    return {
        "seconds": told["seconds"],
        "rss_mb": told["rss_mb"],
        "archives": len(held),
        "archive_mb": round(sum(map(len, held)) / 1e6, 1),
        **_verified(held),
    }


def _verified(archives: list[bytes]) -> dict[str, int]:
    """Rows and files that are there with the count and the hash that the manifest names, and how many are not."""
    opened = [zipfile.ZipFile(io.BytesIO(data)) for data in archives]
    manifest = json.loads(opened[-1].read("manifest.json"))
    rows = files = wrong = 0
    for entry in manifest["tables"] + manifest["files"]:
        data = opened[entry["part"] - 1].read(entry["file"])
        counted = data.count(b"\n") if "table" in entry else len(data)
        named = entry["rows"] if "table" in entry else entry["bytes"]
        if (counted, hashlib.sha256(data).hexdigest()) != (named, entry["sha256"]):
            wrong += 1
        elif "table" in entry:
            rows += counted
        else:
            files += 1
    return {"rows": rows, "files": files, "tables": len(manifest["tables"]), "wrong": wrong}


@contextmanager
def _store(root: Path) -> Iterator[str]:
    import requests

    from scripts.local import supervisor

    [port] = supervisor.free_ports(1)
    buckets = [word for name in BUCKETS for word in ("--bucket", name)]
    command = [sys.executable, "-m", "scripts.local.s3", "--port", str(port), "--root", str(root), *buckets]
    keys = {"S3_ACCESS_KEY": "bench-access", "S3_SECRET_KEY": "bench-secret"}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **keys}, stdout=subprocess.DEVNULL)
    address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + STARTS_WITHIN_S
    try:
        while True:
            try:
                requests.get(address, timeout=1)
                break
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _configure(app_dsn: str, store: str) -> None:
    os.environ |= {
        "DATABASE_URL": app_dsn,
        "SECRETS_KEYS": f"bench:{base64.b64encode(b'k' * 32).decode()}",
        "SPACES_ENDPOINT": store,
        "SPACES_REGION": "local",
        "SPACES_ACCESS_KEY": "bench-access",
        "SPACES_SECRET_KEY": "bench-secret",
        "SPACES_PUBLIC_BUCKET": "public",
        "SPACES_PRIVATE_BUCKET": "private",
        "PUBLIC_ASSET_BASE": f"{store}/public",
    }
