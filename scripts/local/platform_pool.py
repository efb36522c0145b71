"""The containers of one function: as a rule always two or more, taken at random and retired at random.

A function that keeps in its process what belongs into the database fails here on the second call, not in production.
A call never waits for one before it to finish if it need not: it takes an idle container or has another one started.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field

from scripts.local.container import Container

MIN_CONTAINERS = 2
EAGER_CONTAINERS = 4  # up to this many, a call that finds none idle has one started at once;
PATIENCE_S = 0.6  # above it, it first waits this long for one to become idle: two cores gain little from sixteen
STARTS_AT_ONCE = 2
IDLE_S = 90.0


@dataclass(frozen=True)
class Wear:
    """How containers end. `fresh`: one call each. `retire`: the chance that a call was a container's last. `least`: so
    many stay."""

    fresh: bool = False
    retire: float = 1 / 1000
    least: int = MIN_CONTAINERS


@dataclass
class Pool:
    """`start` makes one container; what it raises goes to the call that waited for it."""

    start: Callable[[], Awaitable[Container]]
    wear: Wear = field(default_factory=Wear)
    rng: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._all: set[Container] = set()
        self._idle: dict[Container, float] = {}
        self._waiting: deque[asyncio.Future[Container]] = deque()
        self._starting = 0
        self._slots = asyncio.Semaphore(STARTS_AT_ONCE)
        self._starts: set[asyncio.Task[None]] = set()
        self._kills: set[asyncio.Task[None]] = set()

    async def acquire(self) -> Container:
        """A live container that nobody else has; give it back by `release` or `discard`."""
        if self.wear.fresh:
            return await self.start()
        self.warm()
        while self._idle:
            container = self.rng.choice(list(self._idle))
            del self._idle[container]
            if container.alive:
                return container
            self.discard(container)
        return await self._wait_for_one()

    def release(self, container: Container) -> None:
        """After a call that went well."""
        if self.wear.fresh or not container.alive or self.rng.random() < self.wear.retire:
            self.discard(container)
            if not self.wear.fresh:
                self.warm()
        else:
            self._offer(container)

    def discard(self, container: Container) -> None:
        """It is dead or shall be; harmless when said twice."""
        self._all.discard(container)
        self._idle.pop(container, None)
        _in_background(container.kill(), self._kills)

    def warm(self, count: int | None = None) -> None:
        """Have at least `count` containers, or as many as always stay, started in the background."""
        for _ in range((count or self.wear.least) - len(self._all) - self._starting):
            self._grow()

    def shrink(self) -> None:
        """End what nobody needed for a while."""
        for container, since in list(self._idle.items()):
            if len(self._all) > self.wear.least and time.monotonic() - since > IDLE_S:
                self.discard(container)

    def forget(self) -> None:
        """End every idle container and, after its call, every busy one: their code is out of date."""
        for container in list(self._idle):
            self.discard(container)
        self._all.clear()

    async def close(self) -> None:
        for task in self._starts:
            task.cancel()
        await asyncio.gather(*self._starts, return_exceptions=True)
        for container in list(self._all):
            self.discard(container)
        await asyncio.gather(*self._kills, return_exceptions=True)

    async def _wait_for_one(self) -> Container:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Container] = loop.create_future()
        self._waiting.append(waiter)
        patience = 0.0 if len(self._all) + self._starting < EAGER_CONTAINERS else PATIENCE_S
        timer = loop.call_later(patience, self._grow_for, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and not waiter.exception():
                self._offer(waiter.result())
            raise
        finally:
            timer.cancel()

    def _grow_for(self, waiter: asyncio.Future[Container]) -> None:
        if not waiter.done() and self._starting < sum(not each.done() for each in self._waiting):
            self._grow()

    def _grow(self) -> None:
        self._starting += 1
        _in_background(self._start_one(), self._starts)

    async def _start_one(self) -> None:
        try:
            async with self._slots:
                container = await self.start()
        except Exception as problem:
            self._starting -= 1
            waiter = self._next_waiter()
            if waiter:
                waiter.set_exception(problem)
            return
        except BaseException:
            self._starting -= 1
            raise
        self._starting -= 1
        self._all.add(container)
        self._offer(container)

    def _offer(self, container: Container) -> None:
        if container not in self._all:  # forgotten during its call
            self.discard(container)
            return
        waiter = self._next_waiter()
        if waiter:
            waiter.set_result(container)
        else:
            self._idle[container] = time.monotonic()

    def _next_waiter(self) -> asyncio.Future[Container] | None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                return waiter
        return None


def _in_background(work: Coroutine[None, None, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
