"""A process of the delivery bench: `ours` and `procrastinate` do jobs that are nothing, `bots` sends for new bots."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

OPEN_JOBS = 8


class NoTelegram:
    """A messenger that keeps to the slots, as the real one does in a loop of its own, and calls nobody."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def prepare(self) -> None:
        """Nothing to load."""

    def start(self, message: Any, *, file_id: str | None, content: bytes | None, slot: Any) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(self._in_slot(slot), self._loop)

    async def _in_slot(self, slot: Any) -> Any:
        from promostack.delivery.models import Receipt

        await asyncio.sleep(slot.wait_s())
        slot.enter()
        return Receipt(message_id=1)


def ours(seconds: float) -> None:
    from promostack.core import ids
    from promostack.delivery.sender import Sender

    Sender(NoTelegram(), lambda key: b"").drain(ids.opaque_id(), seconds=seconds)


def procrastinate(seconds: float) -> None:
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["DATABASE_URL"]))

    @app.task(name="send", queue="default")
    async def send(**payload: object) -> None: ...

    async def work() -> None:
        async with app.open_async():
            worker = app.run_worker_async(concurrency=OPEN_JOBS, install_signal_handlers=False, listen_notify=False)
            try:
                await asyncio.wait_for(worker, seconds)
            except TimeoutError:
                return

    asyncio.run(work())


def bots(seconds: float) -> None:
    """Reads lines; for each sends what is due through one warm sender and prints its time, memory and count."""
    from promostack.core import ids
    from promostack.delivery.sender import Sender
    from promostack.integrations.telegram_bot import TelegramMessenger
    from promostack.telegram import bots as known

    sender = Sender(TelegramMessenger(known.token_of), lambda key: b"")
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.monotonic()
        sent = sender.drain(ids.opaque_id(), seconds=seconds).sent
        took = {"cpu_s": time.process_time() - cpu, "wall_s": time.monotonic() - wall}
        print(json.dumps({"sent": sent, "rss_mb": _resident_mb(), **took}), flush=True)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    {"ours": ours, "procrastinate": procrastinate, "bots": bots}[sys.argv[1]](float(sys.argv[2]))
