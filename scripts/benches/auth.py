"""Session tokens: what verifying one costs, what a protected route adds, and how often unknown keys ask the issuer.

Four fresh processes at a time, every token distinct, the issuer's keys over HTTP and its fetches counted there.

- `verify_p50_ms`: the library's verifier, keys known, beside PyJWT's own `decode` on the same tokens.
- `overhead_p50_ms`: one handler, which reads its tenant's row, behind two rules in the same process, call by call in
  turn: public, on a connection that row-level security does not bind, with the tenant given; and protected, where the
  token is verified, the membership looked up, the permission checked and every row seen through the policies.
- `jwks_fetches`: what 10 000 tokens with as many unknown key ids make four processes ask, through the endpoint, and
  within 30 s; one each is what getting the keys costs at all.

Each process measures while the others rest, because there are more of them than processors; `parallel_…` are the same
figures with all four at once.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import jwt
import psycopg2
from cryptography.hazmat.primitives.asymmetric import rsa

from promostack.db.migrate import migrate
from scripts.benches import auth_worker
from scripts.benches.auth_worker import Times
from scripts.benches.statistics_ms import percentile
from scripts.local import postgres

PROCESSES = 4
WARM_UPS = 30
ITERATIONS = 400
UNKNOWN_KIDS = 10_000
TENANTS = 50
ISSUER = "https://clerk.bench.example"
HOST = "dash.bench.example"


@dataclass
class Issuer:
    """The identity provider: one key, its set over HTTP, and how often that was fetched."""

    key: rsa.RSAPrivateKey
    address: str = ""
    fetches: int = 0

    def tokens(self, count: int) -> list[str]:
        """Distinct session tokens of the tenants' owners, in turn."""
        now = int(time.time())
        return [
            jwt.encode(
                {"iss": ISSUER, "sub": _subject(number % TENANTS), "sid": f"sess_{os.urandom(12).hex()}", "iat": now}
                | {"nbf": now - 10, "exp": now + 900, "azp": f"https://{HOST}", "jti": os.urandom(10).hex()},
                self.key,
                algorithm="RS256",
                headers={"kid": "bench"},
            )
            for number in range(count)
        ]


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    with _issuer() as issuer, _database() as (owner_dsn, app_dsn):
        environment = _environment(issuer, owner_dsn, app_dsn)
        with _workers(environment) as workers:
            progress(f"{ITERATIONS} tokens and calls in each of {PROCESSES} processes, one after the other")
            alone = _merged([_ask(worker, issuer) for worker in workers])
            progress("all of them at once")
            for worker in workers:
                worker.send(issuer.tokens(2 * (WARM_UPS + ITERATIONS)))
            busy = _merged([worker.recv() for worker in workers])
        before = issuer.fetches
        with _workers(environment) as workers:
            progress(f"{UNKNOWN_KIDS} unknown key ids")
            started = time.monotonic()
            for worker in workers:
                worker.send(UNKNOWN_KIDS // PROCESSES)
            statuses = [status for worker in workers for status in worker.recv()]
            seconds = time.monotonic() - started
    fetches = issuer.fetches - before
    if statuses != [401] * UNKNOWN_KIDS or fetches < PROCESSES:
        raise RuntimeError("the tokens with unknown keys did not come as far as the keys")
    return {
        "verify_p50_ms": percentile(alone["verify"], 0.5),
        "overhead_p50_ms": _overhead_ms(alone),
        "unknown_kids": UNKNOWN_KIDS,
        "jwks_fetches": fetches,
        "jwks_fetches_a_process_in_30_s": fetches / PROCESSES / math.ceil(seconds / 30),
        "processes": PROCESSES,
        "unknown_kids_s": round(seconds, 1),
        "verify_p95_ms": percentile(alone["verify"], 0.95),
        "pyjwt_decode_p50_ms": percentile(alone["pyjwt"], 0.5),
        "public_p50_ms": percentile(alone["public"], 0.5),
        "protected_p50_ms": percentile(alone["protected"], 0.5),
        "parallel_verify_p50_ms": percentile(busy["verify"], 0.5),
        "parallel_overhead_p50_ms": _overhead_ms(busy),
        "tokens": 2 * 2 * PROCESSES * ITERATIONS,
    }


def _overhead_ms(times: Times) -> float:
    return round(percentile(times["protected"], 0.5) - percentile(times["public"], 0.5), 2)


def _merged(several: Sequence[Times]) -> Times:
    return {name: [second for times in several for second in times[name]] for name in several[0]}


def _subject(number: int) -> str:
    return f"user_bench_{number}"


@contextmanager
def _issuer() -> Iterator[Issuer]:
    issuer = Issuer(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(issuer.key.public_key()))
    body = json.dumps({"keys": [{**public, "kid": "bench", "use": "sig", "alg": "RS256"}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.fetches += 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer.address = f"http://127.0.0.1:{server.server_port}/jwks.json"
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _database() -> Iterator[tuple[str, str]]:
    """A migrated database with fifty tenants and their owners: the addresses of its owner and of the app's role."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = postgres.start(Path(folder) / "data")
        try:
            server.ensure_database("promostack")
            migrate(server.dsn("promostack"))
            with closing(psycopg2.connect(server.dsn("promostack"))) as database, database:
                _fill(database)
            yield server.dsn("promostack"), server.dsn("promostack", "promostack_app")
        finally:
            server.stop()


def _fill(database: Any) -> None:
    with database.cursor() as cursor:
        for number in range(TENANTS):
            values = {
                "id": str(uuid5(NAMESPACE_OID, f"tenant {number}")),
                "slug": f"t-{number}",
                "sub": _subject(number),
            }
            cursor.execute("INSERT INTO tenants (tenant_id, slug, name) VALUES (%(id)s, %(slug)s, %(slug)s)", values)
            cursor.execute("INSERT INTO users (user_id, subject) VALUES (%(id)s, %(sub)s)", values)
            cursor.execute("INSERT INTO memberships VALUES (%(id)s, %(id)s, 'owner')", values)


def _environment(issuer: Issuer, owner_dsn: str, app_dsn: str) -> dict[str, str]:
    return {
        "CLERK_AUTHORIZED_PARTIES": f"https://{HOST}",
        "CLERK_ISSUER": ISSUER,
        "CLERK_JWKS_URL": issuer.address,
        "DASH_ORIGIN": f"https://{HOST}",
        "DATABASE_URL": app_dsn,
        "DATABASE_URL_DIRECT": owner_dsn,
    }


@contextmanager
def _workers(environment: dict[str, str]) -> Iterator[list[Connection]]:
    """Fresh processes, each behind a pipe: tokens in, times out; or a number of unknown key ids in, statuses out."""
    context = get_context("spawn")
    pipes, processes = [], []
    for _ in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=auth_worker.work, args=(theirs, environment, WARM_UPS))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
    finally:
        for pipe, process in zip(pipes, processes, strict=True):
            pipe.close()
            process.join()


def _ask(worker: Connection, issuer: Issuer) -> Times:
    worker.send(issuer.tokens(2 * (WARM_UPS + ITERATIONS)))
    return dict(worker.recv())
