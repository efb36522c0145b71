"""What a namespace may do at once and in a minute; more is refused with 429, as the platform does."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CONCURRENT = 120
PER_MINUTE = 600


class TooMany(Exception):
    """The message is the platform's own."""


class Namespace:
    """Counts every invocation, web or not. `per_minute` None lifts that limit (benches); the other one always holds."""

    def __init__(self, *, per_minute: int | None = PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._running = 0
        self._started: deque[float] = deque()

    @contextmanager
    def invocation(self) -> Iterator[None]:
        """Raises TooMany; a refused call counts for nothing."""
        self._check()
        self._started.append(self._clock())
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def _check(self) -> None:
        now = self._clock()
        while self._started and self._started[0] <= now - 60:
            self._started.popleft()
        if self._running >= CONCURRENT:
            raise TooMany(
                f"Too many concurrent requests in flight (count: {self._running + 1}, allowed: {CONCURRENT})."
            )
        count = len(self._started) + 1
        if self._per_minute is not None and count > self._per_minute:
            raise TooMany(f"Too many requests in the last minute (count: {count}, allowed: {self._per_minute}).")
