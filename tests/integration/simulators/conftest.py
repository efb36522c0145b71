"""The simulators as processes, a webhook to receive their updates, and a way to run async clients."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from .peers import peer_python

ROOT = Path(__file__).resolve().parents[3]
START_DEADLINE_S = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], Any], *, deadline_s: float = 60) -> Any:
    """The first true value of `condition`; fails the test when none comes in time."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    pytest.fail(f"nothing came within {deadline_s} s")


@contextmanager
def running(module: str, *arguments: str) -> Iterator[str]:
    """Starts a simulator on a free port; its base address."""
    port = free_port()
    command = [sys.executable, "-m", module, "--port", str(port), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: _answers(f"{base}/_control/health"), deadline_s=START_DEADLINE_S)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=60).ok
    except requests.RequestException:
        return False


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """asyncio.run in a thread of its own: the browser fixture keeps a loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result(timeout=60)


@dataclass
class Telegram:
    """The simulator's addresses and commands."""

    base: str
    http: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        answer = self.http.request(method, f"{self.base}/_control{path}", json=body or None, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def call(self, token: str, method: str, /, **params: Any) -> requests.Response:
        """A raw call with a JSON body."""
        return self.http.post(f"{self.base}/bot{token}/{method}", json=params, timeout=60)

    def settle(self) -> None:
        assert self.control("POST", "/settle", timeout_s=30)["settled"]

    def bot(self, **fields: Any) -> dict[str, Any]:
        return self.control("POST", "/bots", **{"username": "promo_bot", "first_name": "Promo", **fields})

    def person(self, **fields: Any) -> dict[str, Any]:
        return self.control("POST", "/users", **{"first_name": "Ann", "username": "ann_m", **fields})

    def calls(self, method: str) -> list[dict[str, Any]]:
        return self.control("GET", f"/calls?method={method}")["calls"]

    def messages(self, bot: int, user: int) -> list[dict[str, Any]]:
        return self.control("GET", f"/messages?bot={bot}&user={user}")["messages"]


@pytest.fixture(scope="session")
def _telegram_process() -> Iterator[str]:
    with running("scripts.local.telegram") as base:
        yield base


@pytest.fixture
def telegram(_telegram_process: str) -> Telegram:
    """The Telegram simulator, empty."""
    simulator = Telegram(_telegram_process)
    simulator.control("POST", "/reset")
    return simulator


@dataclass
class Scene:
    """A bot that a person has started; no webhook yet."""

    telegram: Telegram
    token: str
    bot_id: int
    user_id: int

    def call(self, method: str, /, **params: Any) -> dict[str, Any]:
        return self.telegram.call(self.token, method, **params).json()

    def send(self, **params: Any) -> dict[str, Any]:
        """sendMessage to the person; the message."""
        return self.call("sendMessage", **{"chat_id": self.user_id, "text": "hello", **params})["result"]


@pytest.fixture
def scene(telegram: Telegram) -> Scene:
    bot, person = telegram.bot(), telegram.person()
    telegram.control("POST", "/start", bot=bot["id"], user=person["id"])
    return Scene(telegram, bot["token"], bot["id"], person["id"])


@dataclass
class Receiver:
    """A webhook. `answers` are used up one a call as (status, headers, body), then everything is 200."""

    url: str
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    held_kinds: set[str] = field(default_factory=set)

    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.got.append(update)
            receiver.secrets.append(self.headers["X-Telegram-Bot-Api-Secret-Token"])
            if receiver.held_kinds & set(update):
                receiver.hold.wait(60)
            status, headers, body = receiver.answers.pop(0) if receiver.answers else (200, {}, b"")
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield receiver
    receiver.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of telemelya, a Telegram mock that others wrote."""
    port = free_port()
    script = Path(__file__).with_name("telemelya_peer.py")
    command = [peer_python("telemelya"), script, *map(str, (port, free_port(), free_port()))]
    log = (tmp_path_factory.mktemp("peer") / "log").open("w")
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=log.name.rpartition("/")[0])
    try:
        wait_for(lambda: _answers(f"http://127.0.0.1:{port}/"), deadline_s=90)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)
        log.close()
