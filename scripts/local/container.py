"""The host's half of a function container: starts the launcher, speaks its protocol, watches memory and deadline.

    container = await Container.start("public/health", source=Folder(path), env={...}, python=[sys.executable])
    result = await container.call(event, deadline_ms=epoch_ms)      # the function's JSON object
    await container.kill()

One container serves one call at a time, as on the platform. Every failure of a call kills the container; the caller
discards it and starts another. asyncio, standard library only.
"""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local import supervisor

LAUNCHER = Path(__file__).with_name("launcher.py")
NAMESPACE = "fn-local"
MEMORY_POLL_S = 0.1
LOG_LIMIT_BYTES = 256 * 1024  # per invocation, facts of the platform

LogSink = Callable[[str], None]


@dataclass(frozen=True)
class Zip:
    """A built function; it travels in the init message and is unzipped by the container, as on the platform."""

    path: Path


@dataclass(frozen=True)
class Folder:
    """A function's source folder, or a zip unzipped before: what is in it is run in place."""

    path: Path


class ContainerError(Exception):
    """The container is gone and the call has no result."""


class InitFailed(ContainerError):
    """The code could not be imported; the message is the platform's text for it."""


class ContainerDied(ContainerError):
    """The process ended without an answer: sys.exit, a result that is not JSON, a crash or a kill from outside."""


class DeadlineExceeded(ContainerError):
    """The call was not answered before its deadline."""


class MemoryExceeded(ContainerError):
    """The process used more resident memory than its function may."""


def _child_setup(answer_fd: int) -> Callable[[], None]:
    """What runs between fork and exec: fd 3 becomes the answers' pipe, and the child dies with its parent."""
    parent = os.getpid()

    def setup() -> None:
        supervisor.die_with_parent(parent, signal.SIGKILL)
        os.dup2(answer_fd, 3, inheritable=True)

    return setup


class _Pipe:
    """A pipe's reading end on the event loop, cut into lines."""

    def __init__(self, on_line: Callable[[bytes], None], on_end: Callable[[], None] = lambda: None) -> None:
        self.read_fd, self.write_fd = os.pipe()
        os.set_blocking(self.read_fd, False)
        self._on_line, self._on_end = on_line, on_end
        self._buffer = bytearray()
        self._open = True
        asyncio.get_running_loop().add_reader(self.read_fd, self.drain)

    def close_writer(self) -> None:
        os.close(self.write_fd)

    def drain(self) -> None:
        """Take whatever the pipe holds now. Called by the loop, and once more before an answer is handed on, so that
        the log lines written before an answer are always seen before it."""
        while self._open:
            try:
                data = os.read(self.read_fd, 1 << 18)
            except BlockingIOError:
                return
            if not data:
                self._finish()
                return
            self._buffer += data
            *lines, rest = self._buffer.split(b"\n")
            self._buffer = rest
            for line in lines:
                self._on_line(bytes(line))

    def _finish(self) -> None:
        if self._buffer:
            self._on_line(bytes(self._buffer))
        self.close()
        self._on_end()

    def close(self) -> None:
        if self._open:
            self._open = False
            asyncio.get_running_loop().remove_reader(self.read_fd)
            os.close(self.read_fd)


class Container:
    """One process that holds one function's code. Made by `Container.start`."""

    def __init__(self, function: str, *, memory_mb: int | None, on_log: LogSink | None) -> None:
        self.function = function
        self.calls = 0
        self.busy = False
        self._memory_mb = memory_mb
        self._on_log = on_log
        self._log_room = LOG_LIMIT_BYTES
        self._answers: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._process: asyncio.subprocess.Process
        self._folder: Path | None = None

    @classmethod
    async def start(
        cls,
        function: str,
        *,
        source: Zip | Folder,
        env: Mapping[str, str],
        python: Sequence[str] = (sys.executable, "-I"),
        layer: Path | None = None,
        memory_mb: int | None = None,
        init_timeout_s: float = 60,
        on_log: LogSink | None = None,
    ) -> "Container":
        """Start a process and load `function` ("package/name") from `source` with nothing but `env` around it.

        `python` is the interpreter's command line, `layer` a folder of packages that stands for the image's;
        `memory_mb` is watched during calls. Raises InitFailed, ContainerDied or DeadlineExceeded.
        """
        self = cls(function, memory_mb=memory_mb, on_log=on_log)
        try:
            await self._spawn([*python, str(LAUNCHER), *([str(layer)] if layer else [])], source)
            await self._exchange(None, init_timeout_s)
            reply = await self._exchange({"value": self._init_value(source, env)}, init_timeout_s)
        except BaseException:
            await self.kill()
            raise
        if "error" in reply:
            await self.kill()
            raise InitFailed(reply["error"])
        return self

    async def call(self, event: Any, *, deadline_ms: int, activation_id: str | None = None) -> dict[str, Any]:
        """Run the function once; `deadline_ms` is epoch milliseconds.

        Returns the function's result; an exception inside it arrives as {"error": text}, as on the platform. Raises
        ContainerDied, DeadlineExceeded or MemoryExceeded, after which the container is dead.
        """
        message = {
            "value": event,
            "activation_id": activation_id or uuid.uuid4().hex,
            "action_name": f"/{NAMESPACE}/{self.function}",
            "action_version": "0.0.1",
            "namespace": NAMESPACE,
            "transaction_id": uuid.uuid4().hex,
            "deadline": str(deadline_ms),
        }
        self.busy, self._log_room = True, LOG_LIMIT_BYTES
        try:
            result = await self._exchange(message, deadline_ms / 1000 - time.time())
        except BaseException:
            await self.kill()
            raise
        finally:
            self.busy = False
        self.calls += 1
        if not isinstance(result, dict):
            return {"error": "The action did not return a dictionary."}
        return result

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def rss_bytes(self) -> int:
        """Resident memory now; 0 when the process is gone or the system has no /proc."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        except (OSError, IndexError):
            return 0

    def cpu_ms(self) -> int:
        """Processor time spent so far by all its threads, to the kernel's tick of 10 ms."""
        after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) * 1000 // os.sysconf("SC_CLK_TCK")

    async def kill(self) -> None:
        """End the process at once and remove what it unpacked; harmless when it is already dead."""
        process = getattr(self, "_process", None)
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            for pipe in (self._answer_pipe, self._log_pipe):
                pipe.close()
            process._transport.close()  # type: ignore[attr-defined]  # else stdin's transport outlives its loop
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _spawn(self, command: list[str], source: Zip | Folder) -> None:
        if isinstance(source, Zip):
            self._folder = Path(tempfile.mkdtemp(prefix="promostack-function-"))
        self._answer_pipe = _Pipe(self._answers.put_nowait, lambda: self._answers.put_nowait(None))
        self._log_pipe = _Pipe(self._log_line)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=self._log_pipe.write_fd,
                stderr=self._log_pipe.write_fd,
                cwd=self._folder or source.path,
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp"},
                pass_fds=(3,),
                preexec_fn=_child_setup(self._answer_pipe.write_fd),
                start_new_session=True,
            )
        except BaseException:
            self._answer_pipe.close()
            self._log_pipe.close()
            raise
        finally:
            self._answer_pipe.close_writer()
            self._log_pipe.close_writer()

    def _init_value(self, source: Zip | Folder, env: Mapping[str, str]) -> dict[str, Any]:
        value: dict[str, Any] = {"name": self.function.split("/")[-1], "main": "main", "env": dict(env)}
        if isinstance(source, Folder):
            return {**value, "folder": str(source.path)}
        return {**value, "binary": True, "code": base64.b64encode(source.path.read_bytes()).decode()}

    async def _exchange(self, message: dict[str, Any] | None, timeout_s: float) -> Any:
        """Send one message (None: only listen) and wait for one answer."""
        watch = asyncio.create_task(self._watch_memory()) if self._memory_mb else None
        talk = asyncio.create_task(self._talk(message))
        tasks = [task for task in (talk, watch) if task]
        try:
            done, _ = await asyncio.wait(tasks, timeout=max(0, timeout_s), return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise DeadlineExceeded(f"{self.function} did not answer in time")
            return await (talk if talk in done else done.pop())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _talk(self, message: dict[str, Any] | None) -> Any:
        if message is not None:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
            with contextlib.suppress(ConnectionError):
                await self._process.stdin.drain()
        line = await self._answers.get()
        self._log_pipe.drain()
        if line is None:
            raise ContainerDied(f"{self.function} ended without an answer")
        return json.loads(line)

    async def _watch_memory(self) -> None:
        assert self._memory_mb is not None
        while self.rss_bytes() <= self._memory_mb * 1024 * 1024:
            await asyncio.sleep(MEMORY_POLL_S)
        raise MemoryExceeded(f"{self.function} used more than {self._memory_mb} MB")

    def _log_line(self, line: bytes) -> None:
        if self._on_log is None or self._log_room <= 0:
            return
        self._log_room -= len(line) + 1
        self._on_log(line.decode(errors="replace"))
