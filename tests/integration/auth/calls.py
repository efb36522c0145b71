"""Functions called as the platform calls them, in this process or in several of their own."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[3]
ADMIN_HOST = "admin.example.com"
OWN_PAGE = {"sec-fetch-site": "same-origin", "origin": f"https://{ADMIN_HOST}"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> dict:
        return json.loads(self.text)

    @property
    def code(self) -> str | None:
        """The error's code; None for a success."""
        return self.json.get("error", {}).get("code") if self.text else None

    @property
    def cookie(self) -> str:
        """What a browser sends back of the cookie that was set."""
        return self.headers["Set-Cookie"].split(";")[0]


def event(
    method: str, path: str = "", *, body: object = None, host: str = ADMIN_HOST, ip: str = "203.0.113.9", **headers: str
) -> dict:
    """A raw web call; header names with `_` for `-`, as keywords."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path, _, query = path.partition("?")
    data = b"" if body is None else json.dumps(body).encode()
    http = {"method": method, "path": path, "queryString": query, "body": base64.b64encode(data).decode()}
    http["headers"] = {"x-forwarded-host": host, "do-connecting-ip": ip, **named}
    return {"http": http | {"isBase64Encoded": bool(data)}}


def call(function: str, *arguments: object, **options: object) -> Answer:
    """`call("admin/login", "GET", authorization=…)`."""
    return told(main_of(function)(event(*arguments, **options), SimpleNamespace(activation_id=uuid4().hex)))


def told(result: dict) -> Answer:
    return Answer(result["statusCode"], result["headers"], result.get("body", ""))


@cache
def main_of(function: str) -> Callable[[dict, object], dict]:
    path = ROOT / "packages" / function / "__main__.py"
    spec = importlib.util.spec_from_file_location(f"main_{function.replace('/', '_').replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


class Process:
    """A function in a process of its own, as a container holds it."""

    def __init__(self, function: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.auth.calls", function],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, events: Sequence[dict]) -> None:
        """Hands calls over; they run one after the other while others' run."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(list(events)) + "\n")
        self._process.stdin.flush()

    def answers(self) -> list[Answer]:
        """Those of what was sent last."""
        assert self._process.stdout is not None
        return [told(result) for result in json.loads(self._process.stdout.readline())]

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait(timeout=60)


@contextmanager
def processes(function: str, count: int) -> Iterator[list[Process]]:
    """Several, warm: each has loaded its code."""
    started = [Process(function) for _ in range(count)]
    try:
        for process in started:
            process.send([])
        for process in started:
            process.answers()
        yield started
    finally:
        for process in started:
            process.close()


def in_parallel(several: list[Process], events: list[list[dict]]) -> list[Answer]:
    """Each process its own list of calls, all at the same time; every answer."""
    for process, own in zip(several, events, strict=True):
        process.send(own)
    return [answer for process in several for answer in process.answers()]


def _serve(function: str) -> None:
    """A line of calls in, a line of results out; what the function logs goes to standard error."""
    answers, sys.stdout = sys.stdout, sys.stderr
    main = main_of(function)
    for line in sys.stdin:
        results = [main(each, SimpleNamespace(activation_id=uuid4().hex)) for each in json.loads(line)]
        print(json.dumps(results), file=answers, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "shared"))
    _serve(sys.argv[1])
