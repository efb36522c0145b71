"""The servers of the fault run: a durable Postgres, the simulators, the gateway with the functions that send.

Functions reach the database and the vendors through proxies only; whoever watches goes around them.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from scripts.benches.faults_proxy import Points, Proxy
from scripts.local import environment, gateway_main, postgres, supervisor

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("telegram-webhook", "deliver", "tick", "maintenance")
READY_WITHIN_S = 60.0
DATABASE = "faults"


class House:
    """`values` are the functions' variables once `open` is through, `bots` what the world was given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        gateway, s3, telegram, funderpro, *unused = supervisor.free_ports(8)
        self._ports = environment.Ports(gateway, s3, telegram, funderpro, *unused)
        self._processes: list[subprocess.Popen[bytes]] = []
        # A server ends with the thread that started it: this one lives as long as the house.
        self._starter = ThreadPoolExecutor(1)
        self.url = f"http://127.0.0.1:{gateway}"
        self.telegram = f"http://127.0.0.1:{telegram}"
        self.funderpro = f"http://127.0.0.1:{funderpro}"
        self.dsn = ""
        self.values: dict[str, str] = {}
        self.bots: list[dict[str, Any]] = []

    @property
    def gateway_pid(self) -> int:
        return self._processes[-1].pid

    async def open(self, points: Points, bots: int) -> list[Proxy]:
        """Everything up and filled; returns the proxies."""
        self._start_servers()
        kept = environment.load_secrets(self._folder / "secrets.json")
        values = environment.assemble(self._ports, kept, owner_dsn=self.dsn, outside={})
        self._run(values, "scripts/migrate")
        self._wait_for(f"{self.telegram}/_control/health", f"{self.funderpro}/_control/health")
        targets = {"database": self._server.port, "telegram": self._ports.telegram, "crm": self._ports.funderpro}
        proxies = [Proxy(name, points, port) for name, port in {**targets, "store": self._ports.s3}.items()]
        for proxy in proxies:
            await proxy.start()
        self.values = values | self._through(proxies, kept["database_password"])
        self._start_gateway()
        self.bots = json.loads(self._run(values, "-m", "scripts.benches.faults_world", str(bots), self.telegram))
        self._wait_for(f"{self.url}/api/hooks/telegram-webhook/nobody")
        return proxies

    def restart_database(self) -> None:
        """As after a crash: no session ends in order, the log is read again. Returns when it serves."""
        self._server.process.send_signal(signal.SIGQUIT)
        self._server.process.wait()
        start = self._starter.submit(postgres.start, self._folder / "postgres", durable=True, port=self._server.port)
        self._server = start.result()

    def fire_tick(self) -> None:
        """What the platform's cron does each minute."""
        body, headers = b"{}", {"Authorization": self._credentials(), "Content-Type": "application/json"}
        address = f"{self.url}/api/v1/namespaces/_/actions/work/tick"
        request = urllib.request.Request(address, data=body, method="POST", headers=headers)
        with urllib.request.urlopen(request, timeout=30):
            pass

    def close(self) -> None:
        for process in reversed(self._processes):
            supervisor.stop(process, grace_s=10)
        if self.dsn:
            self._server.stop()
        self._starter.shutdown()

    def _start_servers(self) -> None:
        start = self._starter.submit(postgres.start, self._folder / "postgres", durable=True)
        self._server = start.result()
        self._server.ensure_database(DATABASE)
        self.dsn = self._server.dsn(DATABASE)
        kept = environment.load_secrets(self._folder / "secrets.json")
        keys = {"S3_ACCESS_KEY": kept["spaces_access_key"], "S3_SECRET_KEY": kept["spaces_secret_key"]}
        buckets = ("--bucket", "promostack-public", "--bucket", "promostack-private")
        self._spawn("s3", "--port", str(self._ports.s3), "--root", str(self._folder / "s3"), *buckets, env=keys)
        self._spawn("telegram", "--port", str(self._ports.telegram))
        self._spawn("funderpro", "--port", str(self._ports.funderpro))

    def _through(self, proxies: list[Proxy], password: str) -> dict[str, str]:
        """The addresses that functions get."""
        ports = {proxy.name: proxy.port for proxy in proxies}
        owner = self.dsn.replace(f":{self._server.port}/", f":{ports['database']}/")
        return {
            "DATABASE_URL": environment.as_app(owner, password),
            "TELEGRAM_API_BASE": f"http://127.0.0.1:{ports['telegram']}",
            "FUNDERPRO_API_BASE": f"http://127.0.0.1:{ports['crm']}",
            "SPACES_ENDPOINT": f"http://127.0.0.1:{ports['store']}",
        }

    def _start_gateway(self) -> None:
        project = yaml.safe_load((ROOT / "project.yml").read_text())
        for package in project["packages"]:
            package["functions"] = [each for each in package["functions"] if each["name"] in FUNCTIONS]
        path = self._folder / "project.yml"
        path.write_text(yaml.safe_dump(project))
        settings = gateway_main.Settings(
            port=self._ports.gateway,
            project=str(path),
            site=str(ROOT / "web"),
            logs=str(self._folder),
            public_bucket_url=f"{self.values['SPACES_ENDPOINT']}/{self.values['SPACES_PUBLIC_BUCKET']}",
            telegram_url=self.telegram,
            clerk_url=self.telegram,
            access_key=self.values["FUNCTIONS_ACCESS_KEY"],
            values=self.values,
            per_minute=None,
            cron=False,
        )
        settings.write(self._folder / "gateway.json")
        self._spawn("gateway_main", str(self._folder / "gateway.json"))

    def _spawn(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", f"scripts.local.{module}", *arguments]
        log = self._folder / f"{module}.log"
        self._processes.append(supervisor.spawn(command, env={**os.environ, **(env or {})}, log=log, cwd=ROOT))

    def _run(self, values: Mapping[str, str], *arguments: str) -> str:
        """The last line that a Python program with these variables prints."""
        paths = os.pathsep.join([str(ROOT), str(ROOT / "shared")])
        environ = {**os.environ, **values, "PYTHONPATH": paths}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.splitlines()[-1]

    def _credentials(self) -> str:
        return "Basic " + base64.b64encode(self.values["FUNCTIONS_ACCESS_KEY"].encode()).decode()

    def _wait_for(self, *addresses: str) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        for address in addresses:
            while not _answers(address):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{address} does not answer; see {self._folder}")
                threading.Event().wait(0.05)  # between two looks


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
