"""The gateway with the tiny functions of `probe/`, started as scripts/dev starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from scripts.local.gateway_main import Settings

ROOT = Path(__file__).parents[3]
PROBE = Path(__file__).parent / "probe"
ACCESS_KEY = "user:key"


@dataclass(frozen=True)
class Running:
    """A gateway and its data folder."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def call(self, function: str, *, method: str = "GET", **options: Any) -> requests.Response:
        return requests.request(method, f"{self.url}/api/probe/{function}", timeout=60, **options)

    def reply(self, result: object) -> requests.Response:
        """What the platform makes of a function's result."""
        return self.call("reply", method="POST", json=result, allow_redirects=False)

    def rest(self, method: str, path: str, **options: Any) -> requests.Response:
        credentials = tuple(ACCESS_KEY.split(":"))
        address = f"{self.url}/api/v1/namespaces/_/{path}"
        return requests.request(method, address, timeout=60, **{"auth": credentials, **options})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def gateway(folder: Path, **settings: Any) -> Iterator[Running]:
    port = free_port()
    (folder / "web").mkdir(exist_ok=True)
    given: dict[str, Any] = {
        "project": str(PROBE / "project.yml"),
        "packages": str(PROBE.parent),
        "site": str(folder / "web"),
        "logs": str(folder / "logs"),
        "public_bucket_url": "http://127.0.0.1:9",
        "telegram_url": "http://127.0.0.1:9",
        "clerk_url": "http://127.0.0.1:9",
        "access_key": ACCESS_KEY,
        "values": {"GIVEN": "by the deployer", "OTHER": "for somebody else"},
        "per_minute": None,
    }
    Settings(port=port, **{**given, **settings}).write(folder / "gateway.json")
    command = [sys.executable, "-m", "scripts.local.gateway_main", str(folder / "gateway.json")]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "INHERITED": "from the gateway"})
    running = Running(f"http://127.0.0.1:{port}", folder, process)
    try:
        wait_until(lambda: _listens(port))
        yield running
    finally:
        process.terminate()
        process.wait(60)


def wait_until(is_true: Callable[[], object], *, deadline_s: float = 60) -> None:
    end = time.monotonic() + deadline_s
    while not is_true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def start_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Starts one with the settings given; all end with the module."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(gateway(tmp_path_factory.mktemp("gateway"), **settings))


@pytest.fixture(scope="module")
def platform(start_gateway: Callable[..., Running]) -> Running:
    return start_gateway()
