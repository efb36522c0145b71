"""The running product from outside: its HTTP, the vendors' simulators, its processes, its database as the owner."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import requests

_IDLE_SYSCALL = "0 0x0 "  # read(0, …): a container that waits for its next call


@dataclass
class Product:
    """Talks to a `scripts/dev` with its data in `data_dir`."""

    base: str
    data_dir: Path
    process: subprocess.Popen
    facts: dict = field(init=False)

    def __post_init__(self) -> None:
        self.facts = json.loads((self.data_dir / "run.json").read_text())

    @property
    def runs(self) -> bool:
        """False once the product as a whole has ended, which nothing in a test may cause."""
        return self.process.poll() is None

    def query(self, sql: str, *params: object) -> list[tuple]:
        """Rows as the owner sees them."""
        dsn = self.facts["values"]["DATABASE_URL_DIRECT"]
        with contextlib.closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

    def telegram(self, method: str, path: str, /, **body: object) -> dict:
        """The Telegram simulator's control API."""
        answer = requests.request(method, f"{self.facts['telegram']}/_control{path}", json=body or None, timeout=70)
        answer.raise_for_status()
        return answer.json()

    def look(self, path: str, **query: object) -> dict | list:
        answer = requests.get(f"{self.facts['telegram']}/_control{path}", params=query, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def allow_code(self, code: str) -> None:
        """Makes FunderPro know the code."""
        address = f"{self.facts['funderpro']}/_control/codes/{code}"
        requests.put(address, json={"percent": 10}, timeout=60).raise_for_status()

    def render(self, code: str, *, template: str, address: str, timeout_s: float = 35) -> requests.Response:
        """One order for a picture, from a client of its own."""
        order = {"tenant": "demo", "template": template, "format": "square", "code": code, "fields": {}}
        return requests.post(
            f"{self.base}/api/public/render-coupon",
            json={**order, "output": "jpeg", "scale": 1, "delivery": "url"},
            headers={"X-Forwarded-For": address},
            timeout=timeout_s,
        )

    def fire_tick(self) -> None:
        """What the platform's cron does each minute."""
        values = self.facts["values"]
        user, _, password = values["FUNCTIONS_ACCESS_KEY"].partition(":")
        requests.post(
            f"{self.base}/api/v1/namespaces/_/actions/work/tick?blocking=true",
            json={},
            auth=(user, password),
            timeout=90,
        )

    def service_pid(self, name: str) -> int | None:
        """The process of `gateway`, `s3` or `postgres`, found by what it runs, because a restart changes it."""
        marks = {
            "gateway": "scripts.local.gateway_main",
            "s3": "scripts.local.s3",
            "postgres": f"{self.data_dir}/postgres",
        }
        return next((pid for pid, line in self._children() if marks[name] in line), None)

    def containers(self) -> Iterator[tuple[int, bool]]:
        """(pid, is working on a call) of every function container."""
        gateway = self.service_pid("gateway")
        for pid, line in _processes():
            if "launcher.py" in line and _parent(pid) == gateway:
                yield pid, not _text(f"/proc/{pid}/syscall").startswith(_IDLE_SYSCALL)

    def _children(self) -> Iterator[tuple[int, str]]:
        for pid, line in _processes():
            if _parent(pid) == self.facts["pid"]:
                yield pid, line


def kill(pid: int) -> None:
    """SIGKILL, to processes of the product under test only."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _processes() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            yield int(folder.name), _text(folder / "cmdline").replace("\0", " ")


def _parent(pid: int) -> int | None:
    fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else None


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
