"""The function host: every function of project.yml with its containers, limits, variables and logs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from scripts.local import project
from scripts.local.container import Container, ContainerError, DeadlineExceeded, Folder, MemoryExceeded, Zip
from scripts.local.platform_limits import Namespace
from scripts.local.platform_pool import Pool, Wear

RESULT_LIMIT = 1024 * 1024  # bytes of JSON
ACTIVATIONS_KEPT = 1000
HOUSEKEEPING_S = 30


@dataclass(frozen=True)
class Code:
    """Where a function's code comes from and which interpreter runs it."""

    source: Zip | Folder
    python: Sequence[str]
    layer: Path | None = None


@dataclass
class Activation:
    """One invocation. `error` is set when there is no result: the platform's words for why."""

    activation_id: str
    function: str
    started_at: float
    finished_at: float = 0
    result: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def is_success(self) -> bool:
        return not self.error and "error" not in self.result

    def record(self) -> dict[str, Any]:
        """As GET …/activations/ID answers."""
        return {
            "activationId": self.activation_id,
            "name": self.function.split("/")[-1],
            "start": int(self.started_at * 1000),
            "end": int(self.finished_at * 1000),
            "duration": int((self.finished_at - self.started_at) * 1000),
            "response": {
                "success": self.is_success,
                "status": "success" if self.is_success else "action developer error",
                "result": {"error": self.error} if self.error else self.result,
            },
        }


class Platform:
    """Runs functions. `values` is what the deployer would fill into project.yml's `${…}`."""

    def __init__(
        self,
        functions: Sequence[project.Function],
        codes: Mapping[str, Code],
        values: Mapping[str, str],
        *,
        logs: Path,
        namespace: Namespace,
        wear: Wear,
    ) -> None:
        if cooked := [function.path for function in functions if function.web is True]:
            raise project.ProjectInvalid(f"{', '.join(cooked)}: of web functions only `web: raw` is served here")
        self.functions = {function.path: function for function in functions}
        self._codes, self._namespace = codes, namespace
        self._environments = {function.path: function.resolved(values) for function in functions}
        self._pools = {path: Pool(lambda path=path: self._start(path), wear) for path in self.functions}
        self._logs = {path: _Log(logs / f"{path.replace('/', '-')}.log") for path in self.functions}
        self._activations: OrderedDict[str, Activation] = OrderedDict()
        self._running: set[asyncio.Task[Activation]] = set()
        self._housekeeping = asyncio.create_task(self._keep_house())

    def invoke(self, path: str, event: Mapping[str, Any]) -> asyncio.Task[Activation]:
        """Start the function; the task ends with its activation and never fails. Raises TooMany at once."""
        slot = self._namespace.invocation()
        slot.__enter__()
        activation = Activation(uuid.uuid4().hex, path, time.time())
        self._activations[activation.activation_id] = activation
        while len(self._activations) > ACTIVATIONS_KEPT:
            self._activations.popitem(last=False)
        task = asyncio.create_task(self._run(activation, event), name=activation.activation_id)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: slot.__exit__(None, None, None))
        return task

    def find_activation(self, activation_id: str) -> Activation | None:
        """A finished one."""
        activation = self._activations.get(activation_id)
        return activation if activation and activation.finished_at else None

    def warm(self) -> None:
        """Start one container of every web function ahead of the first visitor."""
        for path, function in self.functions.items():
            if function.web:
                self._pools[path].warm(1)

    def reload(self) -> None:
        """The code has changed: no container that holds the old one takes another call."""
        for pool in self._pools.values():
            pool.forget()

    async def close(self) -> None:
        self._housekeeping.cancel()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, *(pool.close() for pool in self._pools.values()), return_exceptions=True)
        for log in self._logs.values():
            log.close()

    async def _run(self, activation: Activation, event: Mapping[str, Any]) -> Activation:
        function = self.functions[activation.function]
        pool, log = self._pools[function.path], self._logs[function.path]
        deadline_ms = int(activation.started_at * 1000) + function.timeout_ms  # init counts
        container = None
        try:
            container = await pool.acquire()
            activation.result = await container.call(
                event, deadline_ms=deadline_ms, activation_id=activation.activation_id
            )
            activation.error = _too_big(activation.result)
            pool.release(container)
        except ContainerError as problem:
            if container:
                pool.discard(container)
            activation.error = _explain(problem, function)
        except BaseException:
            if container:
                pool.discard(container)
            raise
        finally:
            activation.finished_at = time.time()
        if trouble := _trouble(activation):
            log.write(f"[platform] {activation.activation_id} {trouble}")
            print(f"{function.path} {trouble}; see {log.path}", flush=True)
        return activation

    async def _start(self, path: str) -> Container:
        code, function, log = self._codes[path], self.functions[path], self._logs[path]
        return await Container.start(
            path,
            source=code.source,
            env=self._environments[path],
            python=code.python,
            layer=code.layer,
            memory_mb=function.memory_mb,
            on_log=log.write,
        )

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(HOUSEKEEPING_S)
            for pool in self._pools.values():
                pool.shrink()


class _Log:
    """What one function printed, with the time of each line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = path.open("a", buffering=1, encoding="utf-8")

    def write(self, line: str) -> None:
        with contextlib.suppress(OSError):  # a full disk costs the log, not the call
            self._file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z {line}\n")

    def close(self) -> None:
        self._file.close()


def _trouble(activation: Activation) -> str:
    """What a developer should look at; empty when all is well. A 503 is an answer, not a fault of the function."""
    if not activation.is_success:
        return f"failed: {activation.error or activation.result['error']}"
    return "answered 500" if activation.result.get("statusCode") == 500 else ""


def _too_big(result: Mapping[str, Any]) -> str:
    body = result.get("body")
    if (
        isinstance(body, str) and len(body) * 6 < RESULT_LIMIT // 2
    ):  # no need to count: six bytes are the longest escape
        return ""
    size = len(json.dumps(result, ensure_ascii=False).encode())
    if size <= RESULT_LIMIT:
        return ""
    return f"The action produced a response that exceeded the allowed length: {size} > {RESULT_LIMIT} bytes."


def _explain(problem: ContainerError, function: project.Function) -> str:
    if isinstance(problem, DeadlineExceeded):
        return f"The action exceeded its time limits of {function.timeout_ms} milliseconds."
    if isinstance(problem, MemoryExceeded):
        return f"The action exhausted its memory of {function.memory_mb} MB and was aborted."
    return str(problem) or "The action did not produce a valid response and exited unexpectedly."
