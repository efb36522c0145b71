"""Starts, watches and ends everything that `make run` consists of. See scripts/dev for the variables it reads.

All servers are children of this process: they end with it, also when it is killed. One that dies is started again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scripts.local import environment, fire, postgres, supervisor
from scripts.local.gateway_main import Settings

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "promostack"
DEFAULT_PORT = 8787
READY_DEADLINE_S = 60.0
BUILD_DEADLINE_S = 900.0  # the gateway builds every zip before it answers
SHORT_LIFE_S = 2.0
MAX_SHORT_LIVES = 5  # one after the other: then it is not bad luck
Process = subprocess.Popen[bytes]


class Stopped(BaseException):
    """Ctrl-C or SIGTERM arrived."""


class CannotStart(Exception):
    """The message says what is in the way."""


@dataclass
class Service:
    """One server: how to start it, what runs now, and where it tells that it is there."""

    name: str
    launch: Callable[[], Process]
    health: str | None = None
    stop_signal: int = signal.SIGTERM
    process: Process | None = None
    launched_at: float = field(default_factory=time.monotonic)
    short_lives: int = 0


class Stack:
    """Everything for one data folder and one set of ports."""

    def __init__(self, data: Path, port: int) -> None:
        self._data, self._logs = data, data / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._services: list[Service] = []
        self._ports = environment.Ports(port, *supervisor.free_ports(7))
        self._values: dict[str, str] = {}
        self._ready_deadline_s = READY_DEADLINE_S
        self._heard_until = 0  # of the gateway's log, in bytes
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Raises CannotStart or postgres.PostgresFailed."""
        kept = environment.load_secrets(self._data / "secrets.json")
        self._start_servers(kept)
        owner_dsn, app_dsn = self._database(kept["database_password"])
        self._values = environment.assemble(self._ports, kept, owner_dsn=owner_dsn)
        self._values["DATABASE_URL"] = app_dsn
        self._start_gateway()  # loads its code while the database is prepared
        self._tool("scripts/migrate")
        *servers, gateway = self._services
        for service in servers:
            self._wait_for(service)
        self._tool("scripts/seed")
        self._wait_for(gateway)
        self._describe()

    def watch(self) -> None:
        """Pass on what the gateway says and start again what dies, until Stopped.

        Raises CannotStart when something does not stay up.
        """
        with (self._logs / "gateway.log").open(errors="replace") as said:
            said.seek(self._heard_until)
            while True:
                time.sleep(0.3)
                if news := said.read():
                    print(news, end="", flush=True)
                self._revive()

    def _revive(self) -> None:
        for service in self._services:
            if service.process is not None and service.process.poll() is not None:
                self._restart(service)

    def stop(self) -> None:
        """The gateway first, so that no function meets a closed database; Postgres last."""
        (self._data / "run.json").unlink(missing_ok=True)
        for service in reversed(self._services):
            if service.process is not None:
                supervisor.stop(service.process, stop_signal=service.stop_signal, grace_s=10)

    def _start_servers(self, kept: Mapping[str, str]) -> None:
        ports, python = self._ports, [sys.executable, "-m"]
        keys = {"S3_ACCESS_KEY": kept["spaces_access_key"], "S3_SECRET_KEY": kept["spaces_secret_key"]}
        buckets = ["--bucket", "promostack-public", "--bucket", "promostack-private"]
        s3 = [*python, "scripts.local.s3", "--port", str(ports.s3), "--root", str(self._data / "s3"), *buckets]
        state = ["--state", str(self._data / "telegram.json")]
        telegram = [*python, "scripts.local.telegram", "--port", str(ports.telegram), *state]
        funderpro = [*python, "scripts.local.funderpro", "--port", str(ports.funderpro)]
        stripe = [*python, "scripts.local.stripe", "--port", str(ports.stripe)]
        market = [*python, "scripts.local.twelve_data", "--port", str(ports.twelve_data)]
        key = {"TWELVE_DATA_API_KEY": kept["twelve_data_api_key"]}
        openai = [*python, "scripts.local.openai", "--port", str(ports.openai)]
        issuer = ["--issuer", environment.issuer(ports), "--state", str(self._data / "clerk.json")]
        clerk = [*python, "scripts.local.clerk", "--port", str(ports.clerk), *issuer]
        secret = {"CLERK_SECRET_KEY": kept["clerk_secret_key"]}
        self._add("clerk", clerk, f"http://127.0.0.1:{ports.clerk}/_control/health", env=secret)
        self._add("s3", s3, f"http://127.0.0.1:{ports.s3}/", env=keys)
        self._add("telegram", telegram, f"http://127.0.0.1:{ports.telegram}/_control/health")
        self._add("funderpro", funderpro, f"http://127.0.0.1:{ports.funderpro}/_control/health")
        self._add("twelve_data", market, f"http://127.0.0.1:{ports.twelve_data}/_control/health", env=key)
        self._add("openai", openai, f"http://127.0.0.1:{ports.openai}/_control/health")
        self._add("stripe", stripe, f"http://127.0.0.1:{ports.stripe}/_control/health")

    def _database(self, password: str) -> tuple[str, str]:
        """The owner's and the functions' DSN: of the server named outside, else of an embedded one started here."""
        outside, direct = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_URL_DIRECT")
        if outside and direct:
            return direct, outside
        if outside or direct:
            owner = outside or direct or ""
            return owner, environment.as_app(owner, password)
        folder, durable = self._data / "postgres", os.environ.get("PROMOSTACK_DURABLE") != "off"
        server = postgres.start(folder, durable=durable)
        relaunch = lambda: postgres.start(folder, durable=durable, port=server.port).process  # noqa: E731
        self._services.insert(0, Service("postgres", relaunch, None, signal.SIGINT, server.process))
        server.ensure_database(DATABASE)
        owner = server.dsn(DATABASE)
        return owner, environment.as_app(owner, password)

    def _start_gateway(self) -> None:
        lifted = os.environ.get("PROMOSTACK_LIMITS") == "off"
        if lifted:
            print("limits_lifted: more than 600 calls a minute are let through", flush=True)
        bucket = f"{self._values['SPACES_ENDPOINT']}/{self._values['SPACES_PUBLIC_BUCKET']}"
        settings = Settings(
            port=self._ports.gateway,
            project=str(ROOT / "project.yml"),
            site=str(ROOT / "web"),
            logs=str(self._logs),
            public_bucket_url=bucket,
            telegram_url=f"http://127.0.0.1:{self._ports.telegram}",
            clerk_url=f"http://127.0.0.1:{self._ports.clerk}",
            access_key=self._values["FUNCTIONS_ACCESS_KEY"],
            values=self._values,
            functions=os.environ.get("PROMOSTACK_FUNCTIONS", "folders"),
            fresh=os.environ.get("PROMOSTACK_FRESH") == "1",
            retire=float(os.environ.get("PROMOSTACK_RETIRE", Settings.retire)),
            containers=int(os.environ.get("PROMOSTACK_CONTAINERS", Settings.containers)),
            per_minute=None if lifted else Settings.per_minute,
            cron=os.environ.get("PROMOSTACK_CRON") != "off",
            warm=os.environ.get("PROMOSTACK_WARM") != "off",
        )
        log = self._logs / "gateway.log"
        self._heard_until = log.stat().st_size if log.exists() else 0
        path = self._data / "gateway.json"
        settings.write(path)
        command = [sys.executable, "-m", "scripts.local.gateway_main", str(path)]
        self._add("gateway", command, f"{self.url}/api/public/health")
        if settings.functions == "zips":
            self._ready_deadline_s = BUILD_DEADLINE_S

    def _add(self, name: str, command: list[str], health: str, env: Mapping[str, str] | None = None) -> None:
        def launch() -> Process:
            log = self._logs / f"{name}.log"
            return supervisor.spawn(command, env={**os.environ, **(env or {})}, log=log, cwd=ROOT)

        self._services.append(Service(name, launch, health, process=launch()))

    def _wait_for(self, service: Service) -> None:
        deadline = time.monotonic() + self._ready_deadline_s
        while service.health and not _answers(service.health):
            assert service.process is not None
            if service.process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"{service.name} does not start; see {self._logs / service.name}.log")
            time.sleep(0.03)

    def _restart(self, service: Service) -> None:
        is_short = time.monotonic() - service.launched_at < SHORT_LIFE_S
        service.short_lives = service.short_lives + 1 if is_short else 0
        if service.short_lives > MAX_SHORT_LIVES:
            raise CannotStart(f"{service.name} dies again and again; see {self._logs / service.name}.log")
        status = service.process.returncode if service.process else None
        print(f"{service.name} ended with status {status}; starting it again", flush=True)
        service.process, service.launched_at = service.launch(), time.monotonic()
        self._describe()

    def _tool(self, script: str) -> None:
        result = subprocess.run(
            [sys.executable, ROOT / script], cwd=ROOT, env={**os.environ, **self._values}, check=False
        )
        if result.returncode:
            raise CannotStart(f"{script} failed with status {result.returncode}")

    def _describe(self) -> None:
        """run.json: what tools and tests need to talk to this run. Readable by the owner only."""
        draft = self._data / "run.json.new"
        draft.touch(mode=0o600)
        names = ("clerk", "funderpro", "openai", "s3", "stripe", "telegram", "twelve_data")
        ports = {name: f"http://127.0.0.1:{getattr(self._ports, name)}" for name in names}
        processes = {service.name: service.process.pid for service in self._services if service.process}
        run = {"url": self.url, "pid": os.getpid(), **ports, "processes": processes, "values": self._values}
        draft.write_text(json.dumps(run, indent=1))
        draft.rename(self._data / "run.json")


def _answers(url: str) -> bool:
    """True for any HTTP answer: what it says is the tests' matter."""
    try:
        with urllib.request.urlopen(url, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _port() -> int:
    """PORT, a free one for 0. Raises CannotStart when somebody listens there."""
    wanted = int(os.environ.get("PORT") or DEFAULT_PORT)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as problem:
            raise CannotStart(f"Port {wanted}: {problem.strerror}. Choose another: PORT=8788 make run") from None
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(f"The product runs already on {data}; stop that one first") from None
        yield


def _welcome(url: str, data: Path) -> str:
    port = url.rpartition(":")[2]
    return f"""
  Coupon page      {url}/coupon/
  Telegram chat    {url}/telegram/
  Dashboard        http://dash.localhost:{port}/
  Admin            http://admin.localhost:{port}/
  API              {url}/api/public/health   (also http://api.localhost:{port}/public/health)
  Logs, data       {data}          Ctrl-C stops everything

PROMOSTACK_READY {url}"""


def run() -> None:
    """Until Ctrl-C, SIGTERM or a failure. A second Ctrl-C while stopping ends it at once; the children go with it."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    data = Path(os.environ.get("PROMOSTACK_DATA") or ROOT / ".local").resolve()
    with _only_one(data):
        stack = Stack(data, _port())
        try:
            stack.start()
            print(_welcome(stack.url, data), flush=True)
            stack.watch()
        except Stopped:
            print("Stopping …", flush=True)
        finally:
            stack.stop()


def main() -> None:
    if sys.argv[1:2] == ["fire"]:
        return fire.main(sys.argv[2:])
    if sys.argv[1:]:
        sys.exit(f"scripts/dev does not know {' '.join(sys.argv[1:])}; see scripts/dev --help")
    try:
        run()
    except (CannotStart, postgres.PostgresFailed) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
