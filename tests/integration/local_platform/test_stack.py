"""`make run` as a whole: what dies is started again, nothing outlives it, and its data do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests

from scripts.local import supervisor
from scripts.local.product import start, wait_until_ready
from scripts.local.stack import CannotStart, Service, Stack
from tests.integration.local_platform.conftest import wait_until

# These call one function or none.
CALM = {"PROMOSTACK_CRON": "off", "PROMOSTACK_WARM": "off"}


@contextmanager
def product(data: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(data, **CALM)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def described(data: Path) -> dict[str, Any]:
    run: dict[str, Any] = json.loads((data / "run.json").read_text())
    return run


def is_healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/public/health", timeout=60).json()["status"] == "ok"
    except (requests.RequestException, ValueError, KeyError):
        return False


def processes_of(data: Path) -> list[str]:
    """Command lines of every process of the product on `data`; containers are known by their parent."""
    gateway = described(data)["processes"]["gateway"] if (data / "run.json").exists() else -1
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if str(data) in command or parent == gateway:
            found.append(command.replace("\0", " "))
    return found


def test_it_lives_through_deaths_and_dies_whole(tmp_path: Path) -> None:
    with product(tmp_path) as process:
        url = wait_until_ready(process)
        run = described(tmp_path)
        assert is_healthy(url)
        for name in ("gateway", "postgres", "s3", "telegram", "funderpro"):
            os.kill(run["processes"][name], signal.SIGKILL)
        wait_until(lambda: is_healthy(url), deadline_s=90)
        for upstream in ("telegram", "funderpro"):
            wait_until(lambda address=run[upstream]: answers(f"{address}/_control/health"))

        os.kill(run["pid"], signal.SIGKILL)
        process.wait()
        wait_until(lambda: not processes_of(tmp_path), deadline_s=90)

    with product(tmp_path) as process:
        assert is_healthy(wait_until_ready(process))
        assert described(tmp_path)["values"]["SECRETS_KEYS"] == run["values"]["SECRETS_KEYS"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        assert processes_of(tmp_path) == []
        assert not (tmp_path / "run.json").exists()


def test_one_data_folder_is_served_once(stack: Any) -> None:
    with product(stack.data_dir) as second:
        assert second.wait(90) == 1
        assert second.stdout is not None
        assert "runs already" in second.stdout.read()


def test_what_dies_again_and_again_ends_the_product(tmp_path: Path) -> None:
    stack = Stack(tmp_path, port=1)
    (tmp_path / "logs" / "gateway.log").touch()
    broken = Service("broken", lambda: supervisor.spawn(["false"]))
    broken.process = broken.launch()
    stack._services.append(broken)
    with pytest.raises(CannotStart, match="broken dies again and again"):
        stack.watch()


def test_a_database_named_outside_is_used(tmp_path: Path, postgres: Any) -> None:
    execute(postgres.dsn(), "CREATE DATABASE outside")
    process = start(tmp_path, DATABASE_URL=postgres.dsn("outside"), **CALM)
    try:
        assert is_healthy(wait_until_ready(process))
    finally:
        process.terminate()
        process.wait(90)
    assert not (tmp_path / "postgres").exists()
    assert execute(postgres.dsn("outside"), "SELECT slug FROM tenants ORDER BY slug") == [
        ("demo",),
        ("northwind",),
    ]


def execute(dsn: str, sql: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(dsn)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = start(tmp_path, PORT=port)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, f"Port {port}" in said) == (1, True)


@pytest.mark.parametrize("name", ["secrets.json", "run.json", "gateway.json"])
def test_what_holds_secrets_is_the_owners_only(stack: Any, name: str) -> None:
    assert (stack.data_dir / name).stat().st_mode & 0o077 == 0


def test_a_trigger_can_be_fired_by_hand(stack: Any) -> None:
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PROMOSTACK_DATA": str(stack.data_dir)}
    fired = subprocess.run(
        [root / "scripts" / "dev", "fire", "every-minute"], env=environment, capture_output=True, text=True, check=False
    )
    assert json.loads(fired.stdout)["response"]["success"], fired.stderr


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=60).ok
    except requests.RequestException:
        return False
