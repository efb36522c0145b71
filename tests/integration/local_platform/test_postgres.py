"""The embedded server: its data outlive restarts and kills, wherever the folder lies and whoever runs it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2

from scripts.local import postgres
from tests.integration.local_platform.conftest import ROOT, wait_until


@contextlib.contextmanager
def running(folder: Path) -> Iterator[postgres.Server]:
    server = postgres.start(folder)
    try:
        yield server
    finally:
        server.stop()


def query(server: postgres.Server, sql: str, user: str = "postgres") -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(server.dsn("postgres", user))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_data_outlive_restarts_and_kills(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        query(server, "CREATE TABLE kept (n int)")
        query(server, "CREATE ROLE visitor LOGIN")
    for number in range(3):
        with running(tmp_path / "data") as server:
            query(server, f"INSERT INTO kept VALUES ({number})")
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait()
    with running(tmp_path / "data") as server:
        assert query(server, "SELECT n FROM kept ORDER BY n") == [(0,), (1,), (2,)]
        assert query(server, "SELECT current_user", user="visitor") == [("visitor",)]


def test_a_half_made_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "PG_VERSION").write_text("18\n")
    with running(tmp_path / "data") as server:
        assert query(server, "SELECT 1") == [(1,)]


def test_a_long_path_below_a_closed_folder_is_no_obstacle(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    folder = closed / ("long-" * 20) / ("path-" * 20) / "data"
    folder.parent.mkdir(parents=True)
    closed.chmod(0o700)
    with running(folder) as server:
        assert query(server, "SELECT lower('ŻÓŁĆ Ж'), 'Ж' ILIKE 'ж'") == [("żółć ж", True)]
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_stale_lock_of_another_program_is_passed_over(tmp_path: Path) -> None:
    with running(tmp_path / "data"):
        pass
    (tmp_path / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    with running(tmp_path / "data") as server:
        assert query(server, "SELECT 1") == [(1,)]


def test_it_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    code = (
        "import sys, time; from scripts.local import postgres\n"
        "print(postgres.start(sys.argv[1]).process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    with running(tmp_path / "data") as server:  # while the old one is still writing its last checkpoint
        assert query(server, "SELECT 1") == [(1,)]
    wait_until(lambda: not Path(f"/proc/{pid}").exists())
