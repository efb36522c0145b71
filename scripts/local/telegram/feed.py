"""What happened, in order, for pages and tests that follow along by long poll."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

KEPT = 2_000


class Feed:
    """Numbered events {"seq","kind",...}. Numbers start anew with each process; `boot` tells followers."""

    def __init__(self, boot: str) -> None:
        self.boot = boot
        self.last_seq = 0
        self._events: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._news = asyncio.Event()

    def publish(self, kind: str, **details: Any) -> None:
        self.last_seq += 1
        self._events.append({"seq": self.last_seq, "kind": kind, **details})
        news, self._news = self._news, asyncio.Event()
        news.set()

    def after(self, seq: int) -> list[dict[str, Any]]:
        return [event for event in self._events if event["seq"] > seq]

    async def wait_after(self, seq: int, wait_s: float) -> list[dict[str, Any]]:
        """Events later than `seq`, waiting for the first one at most `wait_s` seconds."""
        if not self.after(seq):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait_s)
        return self.after(seq)
