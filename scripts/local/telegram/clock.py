"""The time by which updates are delivered: the machine's, or one that a test pushes forward."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable


class Clock:
    """Epoch seconds. `freeze` stops it, `advance` moves a stopped clock and wakes who waited, `run` returns to now."""

    def __init__(self) -> None:
        self._frozen_at: float | None = None
        self._changed = asyncio.Event()

    def now(self) -> float:
        return time.time() if self._frozen_at is None else self._frozen_at

    @property
    def is_frozen(self) -> bool:
        return self._frozen_at is not None

    def freeze(self) -> None:
        self._frozen_at = self.now()
        self.wake()

    def advance(self, seconds: float) -> None:
        self._frozen_at = self.now() + seconds
        self.wake()

    def run(self) -> None:
        self._frozen_at = None
        self.wake()

    def wake(self) -> None:
        """Makes every sleeper look at its deadline again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def sleep_until(self, due_at: Callable[[], float]) -> None:
        """Returns when `due_at()` has come; asks again after each `wake`."""
        while (left := due_at() - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if self.is_frozen else left)
