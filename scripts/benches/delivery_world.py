"""What the benches of delivery stand on: a durable Postgres of their own, bots with tokens, waiting messages."""

from __future__ import annotations

import base64
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
from psycopg2.extras import execute_values

from scripts.local import postgres

ROOT = Path(__file__).resolve().parents[2]
KEY = "k1:" + base64.b64encode(b"b" * 32).decode()
TEXT = "Your code WELCOME-30 is worth 30 % until Sunday. Send it to your friends, too."


@dataclass(frozen=True)
class World:
    """`owner` sees everything, `app` works under row-level security. `bots`: (tenant, bot)."""

    owner: str
    app: str
    bots: Sequence[tuple[str, str]]

    def query(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with contextlib.closing(psycopg2.connect(self.owner)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall() if cursor.description else []

    def environment(self, **more: str) -> dict[str, str]:
        """Of a process that works in this world."""
        paths = os.pathsep.join([str(ROOT), str(ROOT / "shared")])
        own = {"DATABASE_URL": self.app, "SECRETS_KEYS": KEY, "PYTHONPATH": paths}
        return {**os.environ, **own, **more}

    def add_messages(self, count: int, *, due: str = "now()", kind: str = "broadcast", priority: int = 30) -> None:
        """`count` waiting texts, dealt to the bots in turn, each to a chat of its own; `due` is an SQL expression."""
        numbered = ", ".join(f"('{tenant}'::uuid, '{bot}'::uuid, {at})" for at, (tenant, bot) in enumerate(self.bots))
        self.query(
            f"""
            INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state,
                due_at)
            SELECT bots.tenant_id, bots.id, 1000000 + number, %s, 'sendMessage',
                jsonb_build_object('params', jsonb_build_object('text', %s::text)),
                bots.id || ':' || nextval('outbox_id_seq'), %s,
                'waiting', {due}
            FROM generate_series(0, %s - 1) AS number
            JOIN (VALUES {numbered}) AS bots (tenant_id, id, at) ON bots.at = number %% {len(self.bots)}
            """,
            kind,
            TEXT,
            priority,
            count,
        )
        self.query("VACUUM ANALYZE outbox")


@contextlib.contextmanager
def world(*, bots: int, tenants: int = 1) -> Iterator[World]:
    """A migrated database with fsync and synchronous_commit on, and that many bots."""
    from promostack.core import config
    from promostack.db.migrate import migrate

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = postgres.start(Path(folder) / "data", durable=True)
        try:
            server.ensure_database("bench")
            migrate(server.dsn("bench"))
            owner, app = server.dsn("bench"), server.dsn("bench", "promostack_app")
            os.environ.update(DATABASE_URL=app, SECRETS_KEYS=KEY)
            config.optional.cache_clear()
            yield World(owner, app, _add_bots(owner, bots, tenants))
        finally:
            server.stop()


def _add_bots(owner: str, bots: int, tenants: int) -> list[tuple[str, str]]:
    from promostack.db.uow import unit_of_work
    from promostack.tenants import secrets

    owners = [str(uuid4()) for _ in range(tenants)]
    rows = [(owners[at % tenants], str(uuid4()), f"public-{at}", at + 1, f"b{at}_bot", "h") for at in range(bots)]
    with contextlib.closing(psycopg2.connect(owner)) as connection, connection, connection.cursor() as cursor:
        named = [(each, f"bench-{each[:8]}", "Bench") for each in owners]
        execute_values(cursor, "INSERT INTO tenants (tenant_id, slug, name) VALUES %s", named)
        columns = "tenant_id, id, public_id, telegram_id, username, webhook_secret_hash"
        execute_values(cursor, f"INSERT INTO bots ({columns}) VALUES %s", rows)
    for number, (tenant, bot, *_) in enumerate(rows):
        with unit_of_work(tenant, is_durable=False) as tx:
            secrets.put(tx, tenant, secrets.BOT_TOKEN, bot, f"{100_000 + number}:{'A' * 35}")
    return [(row[0], row[1]) for row in rows]


def process(module: str, *arguments: str, environment: Mapping[str, str], **options: Any) -> subprocess.Popen[str]:
    """A process of the bench, from a module beside this one."""
    command = [sys.executable, "-m", f"scripts.benches.{module}", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=dict(environment), text=True, **options)
