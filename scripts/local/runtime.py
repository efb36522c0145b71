"""The runtime emulator: a built zip in an empty folder, with its own packages, the image's, and nothing else.

    async with Emulator(built, env) as emulator:
        result = await emulator.call(event)

The interpreter is the base one in isolated mode without site-packages, so neither `.venv` nor the checkout can be
imported; the image's packages come from a layer without .pyc files, which is not written to.
"""

from __future__ import annotations

import base64
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.local import build
from scripts.local.container import Container, Folder, Zip

# -I: no environment variables, no user's packages; -S: no site-packages; -B: the layer stays without .pyc
ISOLATED = ("-I", "-S", "-B")


class Emulator:
    """One container made of a built zip. `unzipped=True` starts from the zip's content, as unzipped before."""

    def __init__(self, built: build.Built, env: Mapping[str, str], *, unzipped: bool = False) -> None:
        self._built, self._env = built, env
        self._source = Folder(built.folder) if unzipped else Zip(built.zip)
        self.log: list[str] = []
        self.container: Container

    async def __aenter__(self) -> Emulator:
        self.container = await Container.start(
            self._built.function.path,
            source=self._source,
            env=self._env,
            python=[build.base_python(), *ISOLATED],
            layer=build.LAYER,
            memory_mb=self._built.function.memory_mb,
            on_log=self.log.append,
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.container.kill()

    async def call(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Run the function once within its own timeout; raises what Container.call raises."""
        deadline_ms = int(time.time() * 1000) + self._built.function.timeout_ms
        return await self.container.call(event, deadline_ms=deadline_ms)


def body_of(result: Mapping[str, Any]) -> bytes:
    """The bytes of a web function's answer."""
    body = result.get("body", "")
    if isinstance(body, (dict, list)):
        return json.dumps(body).encode()
    content_type = str({k.lower(): v for k, v in result.get("headers", {}).items()}.get("content-type", ""))
    if content_type.startswith(("image/", "application/octet-stream", "application/zip")):
        return base64.b64decode(body)
    return str(body).encode()


@dataclass(frozen=True)
class Timing:
    """Milliseconds of wall clock, the first call counted from spawning the process; CPU is the process's own."""

    first_call_ms: float
    first_call_cpu_ms: float
    warm_call_ms: float


class WrongAnswer(RuntimeError):
    """The function did not answer what was recorded; the message holds answer and log."""


async def measure(
    built: build.Built, env: Mapping[str, str], events: Sequence[Mapping[str, Any]], *, status: int | None
) -> Timing:
    """One fresh process: its first answer and the median of the rest. Raises WrongAnswer for another status."""
    spent_ms, cpu_ms = [], 0
    started = time.perf_counter()
    async with Emulator(built, env, unzipped=True) as emulator:
        for event in events:
            result = await emulator.call(event)
            spent_ms.append((time.perf_counter() - started) * 1000)
            if "error" in result or result.get("statusCode") != status:
                raise WrongAnswer(f"{built.function.path} answered {result}\n" + "\n".join(emulator.log))
            cpu_ms = cpu_ms or emulator.container.cpu_ms()
            started = time.perf_counter()
    return Timing(spent_ms[0], cpu_ms, statistics.median(spent_ms[1:]))
