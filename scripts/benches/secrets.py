"""Secrets under a new key while they are read: 10 000 re-keyed by the job itself, beside readers in other processes.

A reader fails when a secret is missing, does not open, or is another one; a re-keying fails when anything is left under
the old key, or a fingerprint under the new one is missing. Readers know both keys, as containers do in the middle of a
change.
"""

from __future__ import annotations

import base64
import hashlib
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from uuid import uuid4

TENANTS = 50
SECRETS = 10_000
READERS = 2


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    from promostack.db.migrate import migrate
    from scripts.local import postgres

    with tempfile.TemporaryDirectory() as folder:
        server = postgres.start(Path(folder) / "data", durable=True)
        try:
            migrate(server.dsn())
            os.environ["DATABASE_URL"] = server.dsn(user="promostack_app")
            return _measure(server.dsn(), progress)
        finally:
            server.stop()


def _measure(owner_dsn: str, progress: Callable[[str], None]) -> dict[str, Any]:
    from promostack.app import maintenance
    from promostack.core import clock

    _deploy("old")
    progress(f"{SECRETS} secrets of {TENANTS} tenants under the old key")
    tenants = _fill(owner_dsn)
    _deploy("new", "old")
    context = multiprocessing.get_context("spawn")
    stop, started, outcomes = context.Event(), context.Barrier(READERS + 1), context.Queue()
    readers = [context.Process(target=_read, args=(tenants, stop, started, outcomes, seed)) for seed in range(READERS)]
    for each in readers:
        each.start()
    started.wait(timeout=60)
    progress(f"re-keying beside {READERS} readers")
    began = time.perf_counter()
    rekeyed = sum(maintenance.rekey(tenant, clock.SystemClock().now(), maintenance.BATCH) for tenant in tenants)
    seconds = time.perf_counter() - began
    stop.set()
    told = [outcomes.get(timeout=60) for _ in readers]
    for each in readers:
        each.join(timeout=60)
    left = _count(owner_dsn, "SELECT count(*) FROM secrets WHERE sealed_with <> 'v2.new'")
    known = _count(owner_dsn, "SELECT count(*) FROM secret_fingerprints WHERE key_id = 'new'")
    wrong = [problem for _, problems in told for problem in problems]
    return {
        "rekeyed": rekeyed,
        "failures": len(wrong) + left + (SECRETS - known),
        "first_failures": wrong[:3],
        "seconds": round(seconds, 2),
        "reads": sum(reads for reads, _ in told),
        "readers": READERS,
        "tenants": TENANTS,
        "batch": maintenance.BATCH,
    }


def _fill(owner_dsn: str) -> list[str]:
    from promostack.db.uow import unit_of_work
    from promostack.tenants import secrets

    tenants = [str(uuid4()) for _ in range(TENANTS)]
    for number, tenant in enumerate(tenants):
        _run(owner_dsn, "INSERT INTO tenants (tenant_id, slug, name) VALUES (%s, %s, 'T')", tenant, f"t-{number}")
        with unit_of_work(tenant) as tx:
            for subject in range(SECRETS // TENANTS):
                secrets.put(tx, tenant, secrets.BOT_TOKEN, str(subject), _value(tenant, str(subject)))
    return tenants


def _value(tenant: str, subject: str) -> str:
    return f"7000000000:{hashlib.sha256(f'{tenant}{subject}'.encode()).hexdigest()}"


def _read(tenants: list[str], stop: Event, started: Any, outcomes: Any, seed: int) -> None:
    """Reads at random until it is stopped; tells how many reads and what was wrong."""
    from promostack.tenants import secrets

    chance, reads, problems = random.Random(seed), 0, []
    started.wait(timeout=60)
    while not stop.is_set():
        tenant, subject = chance.choice(tenants), str(chance.randrange(SECRETS // TENANTS))
        reads += 1
        try:
            if secrets.read(tenant, secrets.BOT_TOKEN, subject) != _value(tenant, subject):
                problems.append("another value")
        except Exception as error:  # whatever it is, it counts
            problems.append(type(error).__name__)
    outcomes.put((reads, problems))


def _deploy(*key_ids: str) -> None:
    """SECRETS_KEYS for this process and for those that it starts."""
    from promostack.core import config, crypto

    keys = {each: base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in key_ids}
    os.environ["SECRETS_KEYS"] = ",".join(f"{key_id}:{key}" for key_id, key in keys.items())
    config.optional.cache_clear()
    crypto._keys.cache_clear()


def _count(dsn: str, query: str) -> int:
    return int(_run(dsn, query)[0][0])


def _run(dsn: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    import psycopg2

    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []
