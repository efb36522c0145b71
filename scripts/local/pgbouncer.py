"""A transaction-mode pooler in front of a local Postgres, as a managed database puts one: pgbouncer, of the system.

What a session keeps (SET, prepared statements, advisory locks) is seen by whoever gets its server connection next; that
makes it worth testing against.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from scripts.local import supervisor

START_DEADLINE_S = 15.0


class PoolerFailed(RuntimeError):
    """pgbouncer is missing or did not start; the message says which."""


@contextmanager
def pooled(dsn: str, *, pool_size: int, most_clients: int = 200) -> Iterator[str]:
    """`dsn` (database and user of a server that trusts us) through a pooler with `pool_size` server connections.

    Raises PoolerFailed.
    """
    binary = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if binary is None:
        raise PoolerFailed("pgbouncer is missing: apt-get install pgbouncer")
    target = urlsplit(dsn)
    [port] = supervisor.free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "pgbouncer.ini")
        config.write_text(_config(dsn, folder, port=port, pool_size=pool_size, most_clients=most_clients))
        Path(folder, "users.txt").write_text(f'"{target.username}" ""\n')
        # It refuses to run as root, and reads its files after it has become somebody else.
        Path(folder).chmod(0o755)
        become = ["-u", "nobody"] if os.geteuid() == 0 else []
        log = Path(folder, "log")
        process = supervisor.spawn([binary, *become, config], log=log)
        pooled_dsn = f"postgresql://{target.username}@127.0.0.1:{port}{target.path}"
        try:
            _wait_until_answers(pooled_dsn, log)
            yield pooled_dsn
        finally:
            supervisor.stop(process, grace_s=5)


def _config(dsn: str, folder: str, *, port: int, pool_size: int, most_clients: int) -> str:
    target = urlsplit(dsn)
    database = target.path.lstrip("/")
    return f"""\
[databases]
{database} = host=127.0.0.1 port={target.port} dbname={database}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = {most_clients}
"""


def _wait_until_answers(dsn: str, log: Path) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline:
        try:
            psycopg2.connect(dsn, connect_timeout=2).close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise PoolerFailed(f"pgbouncer did not start:\n{log.read_text(errors='replace')[-1000:]}")
