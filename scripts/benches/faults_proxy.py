"""A TCP proxy that stands before the database and the vendors, counts what passes, and kills the caller at a point.

A point is a piece of a request before it is forwarded, or of an answer before it returns; so a kill always meets work
in flight. Whose connection it is, is read from /proc: containers of one gateway can be killed, nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CHUNK = 1 << 16
# What an opaque id looks like in a statement; leases are among them.
_TOKEN = re.compile(rb"'([\w-]{22})'")
# What is killed at: many statements, fewer calls, so the kind is chosen before the point.
KINDS = {
    ("database", "before"): 28,
    ("database", "after"): 28,
    ("telegram", "before"): 14,
    ("telegram", "after"): 14,
    ("crm", "before"): 4,
    ("crm", "after"): 4,
    ("store", "before"): 4,
    ("store", "after"): 4,
}
MOST_PASSED_OVER = {"database": 25, "telegram": 4, "crm": 1, "store": 1}
# When no such point comes, another kind is chosen.
PATIENCE_S = 1.5


@dataclass(eq=False)
class Caller:
    """A container. `tokens`: ids that it has named to the database, its leases among them; `links`: its connections."""

    pid: int
    function: str
    tokens: set[str] = field(default_factory=set)
    links: set[asyncio.StreamWriter] = field(default_factory=set)
    is_dead: bool = False


@dataclass(frozen=True)
class Kill:
    """at: epoch seconds. tokens: the victim's leases, by which what it left open is found."""

    at: float
    function: str
    place: str
    tokens: list[str]


class Points:
    """Every point passes here. `on_kill` hears of each kill."""

    def __init__(self, seed: int, gateway_pid: Callable[[], int], on_kill: Callable[[Kill], None]) -> None:
        self.passed = dict.fromkeys(KINDS, 0)
        self._rng = random.Random(seed)
        self._gateway_pid = gateway_pid
        self._on_kill = on_kill
        self._callers: dict[int, Caller] = {}
        self._wanted: tuple[str, str] | None = None
        self._pass_over = 0
        self._struck = asyncio.Event()

    async def strike(self) -> None:
        """Kills somebody at the next point of some kind; returns when it is done."""
        self._struck.clear()
        while not self._struck.is_set():
            self._wanted = self._rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
            self._pass_over = self._rng.randint(0, MOST_PASSED_OVER[self._wanted[0]])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._struck.wait(), PATIENCE_S)
        self._wanted = None

    def reach(self, caller: Caller | None, kind: tuple[str, str]) -> bool:
        """A point is passed; False when the caller is dead and nothing may go on."""
        self.passed[kind] += 1
        if caller is None:
            return True
        if not caller.is_dead and kind == self._wanted:
            self._pass_over -= 1
            if self._pass_over < 0:
                self._wanted = None
                self._kill(caller, " ".join(kind))
                self._struck.set()
        return not caller.is_dead

    async def caller_at(self, port: int, proxy_port: int) -> Caller | None:
        """The container at the other end of a connection that the proxy has accepted."""
        # In a thread: when all connect anew after a crash of the database, seconds of looking would hold up everything.
        pid = await asyncio.to_thread(_owner_of, port, proxy_port, self._gateway_pid())
        return self._caller(pid) if pid else None

    def _caller(self, pid: int) -> Caller:
        known = self._callers.get(pid)
        if known is None or known.is_dead:
            folder = os.path.realpath(f"/proc/{pid}/cwd")
            known = self._callers[pid] = Caller(pid, "/".join(folder.split("/")[-2:]))
        return known

    def _kill(self, caller: Caller, place: str) -> None:
        caller.is_dead = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(caller.pid, signal.SIGKILL)
        for link in caller.links:  # as the kernel does it; the servers see the end now
            link.transport.abort()
        self._on_kill(Kill(time.time(), caller.function, place, sorted(caller.tokens)))


class Proxy:
    """Listens on a free port of 127.0.0.1 and forwards to `target`."""

    def __init__(self, name: str, points: Points, target: int) -> None:
        self.name, self._points, self._target = name, points, target
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = await self._points.caller_at(writer.get_extra_info("peername")[1], self.port)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target, limit=CHUNK)
        except OSError:  # the database restarts
            writer.transport.abort()
            return
        links = {writer, back}
        if caller:
            caller.links |= links
        both = (self._pump(reader, back, caller, "before"), self._pump(there, writer, caller, "after"))
        tasks = [asyncio.ensure_future(each) for each in both]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            return  # the run is over
        finally:
            for task in tasks:
                task.cancel()
            for link in links:
                link.close()
            if caller:
                caller.links -= links

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, caller: Caller | None, when: str
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(CHUNK):
                if caller and when == "before" and self.name == "database":
                    caller.tokens.update(token.decode() for token in _TOKEN.findall(piece))
                if not self._points.reach(caller, (self.name, when)):
                    return
                sink.write(piece)
                await sink.drain()


def _owner_of(port: int, peer_port: int, gateway: int) -> int | None:
    """The container that connected from `port` to `peer_port`."""
    inode = _socket_of(port, peer_port)
    return next((pid for pid in _containers(gateway) if inode in _sockets(pid)), None) if inode else None


def _containers(gateway: int) -> Iterator[int]:
    """The gateway's function containers."""
    for task in Path(f"/proc/{gateway}/task").iterdir():
        with contextlib.suppress(OSError):
            for pid in (task / "children").read_text().split():
                if b"launcher.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield int(pid)


def _socket_of(port: int, peer_port: int) -> str | None:
    """The socket's name of the end that connected from `port` to `peer_port`."""
    wanted = f"0100007F:{port:04X}", f"0100007F:{peer_port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if (fields[1], fields[2]) == wanted:
            return f"socket:[{fields[9]}]"
    return None


def _sockets(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                found.add(os.readlink(entry.path))
    return found
