"""Fifty tenants through a transaction-mode pooler with two server connections: does anyone see or make another's rows?

An operation is one unit of work of the library, by itself: it reads all rows that it can see and writes rows that the
database assigns to its tenant, without any condition, so that only the transaction's tenant separates. Each row carries
the canary of the tenant that it was written for; one of another tenant is a leak, seen by an operation or found at rest
afterwards. One operation in ten belongs to nobody and must see nothing. A fifth raise in Python, raise in SQL, or are
killed with their process inside the transaction. The same plan runs again with the tenant set for the session instead
of the transaction: that must leak, or the bench could not see a leak.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal
from unittest import mock
from uuid import NAMESPACE_OID, uuid5

import psycopg2

from promostack.core import config
from promostack.db import connection, uow
from promostack.db.migrate import migrate
from scripts.local import pgbouncer, postgres

TENANTS = 50
OPERATIONS = 12_000
WORKERS = 12
POOL_SIZE = 2
SEED = 20260301

Ending = Literal["commit", "raise", "raise_in_sql", "die"]
Sight = Literal["own", "blind", "leak"]

# No condition anywhere: what an operation sees and where its rows go is the database's doing alone.
_SEEN = """
SELECT name AS canary FROM tenants
UNION ALL SELECT actor FROM audit_log
UNION ALL SELECT code FROM coupon_misses
UNION ALL SELECT name FROM users
"""
_WRITES = (
    "INSERT INTO audit_log (tenant_id, actor, action) VALUES (current_tenant(), %(canary)s, 'bench')",
    "UPDATE tenants SET name = %(canary)s",
    "INSERT INTO coupon_misses (tenant_id, actor, code, missed_at) VALUES (current_tenant(), %(actor)s, %(canary)s,"
    " now()) ON CONFLICT (tenant_id, actor, code) DO UPDATE SET missed_at = excluded.missed_at",
)
_AT_REST = """
SELECT count(*) FROM tenants AS owner
JOIN (
    SELECT tenant_id, name AS canary FROM tenants
    UNION ALL SELECT tenant_id, actor FROM audit_log
    UNION ALL SELECT tenant_id, code FROM coupon_misses
) AS row USING (tenant_id)
WHERE row.canary <> 'canary-' || owner.tenant_id
"""


class _Interrupted(Exception):
    """What a handler may raise in the middle of its transaction."""


@dataclass(frozen=True)
class Operation:
    """One unit of work; `tenant` None belongs to nobody."""

    tenant: str | None
    ending: Ending


@dataclass(frozen=True)
class Outcome:
    """`seen` counts operations that read a row of others, `at_rest` rows that lie with the wrong tenant.

    `blind` counts operations that did not even see their own tenant's rows: with any of those, no leak means nothing.
    """

    operations: int
    seen: int
    blind: int
    at_rest: int
    endings: dict[str, int]

    @property
    def leaks(self) -> int:
        return self.seen + self.at_rest


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    plan = make_plan(OPERATIONS, TENANTS, seed=SEED)
    with _database() as dsn:
        progress(f"{len(plan)} operations of {TENANTS} tenants, {WORKERS} processes, pool of {POOL_SIZE}")
        honest = measure(dsn, plan, workers=WORKERS)
    with _database() as dsn:
        progress("the same with the tenant set for the session")
        sabotaged = measure(dsn, plan, workers=WORKERS, is_session_level=True)
    if honest.blind:
        raise RuntimeError(f"{honest.blind} operations did not see their own rows: the run shows nothing")
    return {
        "operations": honest.operations,
        "leaks": honest.leaks,
        "sabotaged_leaks": sabotaged.leaks,
        "tenants": TENANTS,
        "pool_size": POOL_SIZE,
        "processes": WORKERS,
        "endings": honest.endings,
        "sabotaged_operations": sabotaged.operations,
    }


def make_plan(operations: int, tenants: int, *, seed: int) -> list[Operation]:
    """What is done, by whom and how it ends; the same for the same seed."""
    dice = random.Random(seed)
    endings: list[Ending] = ["commit"] * 16 + ["raise", "raise", "raise_in_sql", "die"]
    ids = tenant_ids(tenants)
    return [
        Operation(None if dice.random() < 0.1 else dice.choice(ids), dice.choice(endings)) for _ in range(operations)
    ]


def tenant_ids(count: int) -> list[str]:
    """The tenants of every plan."""
    return [str(uuid5(NAMESPACE_OID, f"bench tenant {number}")) for number in range(count)]


def measure(dsn: str, plan: Sequence[Operation], *, workers: int, is_session_level: bool = False) -> Outcome:
    """Runs the plan through a pooler in front of `dsn`, which is the owner's, and counts."""
    _fill(dsn, sorted({each.tenant for each in plan if each.tenant}))
    app_dsn = dsn.replace("postgres@", "promostack_app@", 1)
    with pgbouncer.pooled(app_dsn, pool_size=POOL_SIZE) as pooled_dsn:
        done = _run_all(pooled_dsn, plan, workers=workers, is_session_level=is_session_level)
    with closing(psycopg2.connect(dsn)) as database, database, database.cursor() as cursor:
        cursor.execute(_AT_REST)
        at_rest = int(cursor.fetchone()[0])
    endings = {ending: sum(each.ending == ending for each in plan) for ending in ("commit", "raise", "raise_in_sql")}
    endings["die"] = len(plan) - sum(endings.values())
    seen, blind = (sum(each == what for each in done.values()) for what in ("leak", "blind"))
    return Outcome(len(done), seen, blind, at_rest, endings)


def _run_all(dsn: str, plan: Sequence[Operation], *, workers: int, is_session_level: bool) -> dict[int, Sight]:
    """What each operation saw, by its number. A worker that died is followed by another, which goes on after it."""
    shares = [list(range(start, len(plan), workers)) for start in range(workers)]
    done: dict[int, Sight] = {}
    running: dict[Connection, tuple[int, BaseProcess]] = {}

    def start(slot: int) -> None:
        left = [number for number in shares[slot] if number not in done]
        if left:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(theirs, dsn, plan, left, is_session_level))
            process.start()
            theirs.close()
            running[ours] = (slot, process)

    context = get_context("fork")
    for slot in range(workers):
        start(slot)
    while running:
        for pipe in wait(list(running)):
            assert isinstance(pipe, Connection)
            try:
                number, sight = pipe.recv()
                done[number] = sight
            except EOFError:
                slot, process = running.pop(pipe)
                process.join()
                if process.exitcode not in (0, -signal.SIGKILL):
                    raise RuntimeError(f"a worker ended with {process.exitcode}") from None
                start(slot)
    return done


def _work(pipe: Connection, dsn: str, plan: Sequence[Operation], numbers: list[int], is_session_level: bool) -> None:
    os.environ["DATABASE_URL"] = dsn
    config.optional.cache_clear()
    connection.discard()
    send = _send_for_session if is_session_level else uow.Transaction._send
    with mock.patch.object(uow.Transaction, "_send", send):
        for number in numbers:
            _operate(plan[number], lambda sight, number=number: pipe.send((number, sight)))  # type: ignore[misc]


def _operate(operation: Operation, report: Callable[[Sight], None]) -> None:
    """One unit of work; reports what it saw, then ends as planned."""
    canary = f"canary-{operation.tenant}"
    try:
        with uow.unit_of_work(operation.tenant, user_id=operation.tenant) as tx:
            before = [row["canary"] for row in tx.rows(_SEEN)]
            if operation.tenant:
                values = {"canary": canary, "actor": f"pid:{os.getpid() % 50}"}
                for write in _WRITES:
                    tx.run(write, **values)
            after = [row["canary"] for row in tx.rows(_SEEN)]
            is_blind = operation.tenant is not None and canary not in before
            report("leak" if {*before, *after} - {canary} else "blind" if is_blind else "own")
            _end(operation.ending, tx)
    except (_Interrupted, psycopg2.errors.DivisionByZero):
        return
    except psycopg2.errors.InsufficientPrivilege:
        # Only under the sabotage: the row would have gone to nobody or to another tenant, and the policy refused it.
        report("blind")


def _end(ending: Ending, tx: uow.Transaction) -> None:
    if ending == "raise":
        raise _Interrupted
    if ending == "raise_in_sql":
        tx.run("SELECT 1 / 0")
    if ending == "die":
        os.kill(os.getpid(), signal.SIGKILL)


_send = uow.Transaction._send


def _send_for_session(self: uow.Transaction, *first: Any) -> None:
    """The sabotage: SET once for the session, then the transaction; a pooler may give it another server connection."""
    with connection.current().cursor() as cursor:
        cursor.execute(uow._SETTINGS.replace("true", "false"), self._settings)
    self._begin = "BEGIN"
    _send(self, *first)


def _fill(dsn: str, tenants: list[str]) -> None:
    """One row of each tenant in every table that the operations read."""
    with closing(psycopg2.connect(dsn)) as database, database, database.cursor() as cursor:
        for tenant in tenants:
            values = {"tenant": tenant, "canary": f"canary-{tenant}", "slug": f"t-{tenant}"}
            cursor.execute(
                "INSERT INTO tenants (tenant_id, slug, name) VALUES (%(tenant)s, %(slug)s, %(canary)s)", values
            )
            cursor.execute(
                "INSERT INTO users (user_id, subject, name) VALUES (%(tenant)s, %(slug)s, %(canary)s)", values
            )
            cursor.execute("INSERT INTO memberships VALUES (%(tenant)s, %(tenant)s, 'owner')", values)


@contextmanager
def _database() -> Iterator[str]:
    """A migrated database on a durable server of its own; the owner's address."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = postgres.start(Path(folder) / "data")
        try:
            server.ensure_database("promostack")
            migrate(server.dsn("promostack"))
            yield server.dsn("promostack")
        finally:
            server.stop()
