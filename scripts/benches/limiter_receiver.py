"""A Telegram that only notes when calls arrive, by its own clock; answers take 20 ms up to the given time, or none.

GET /arrivals gives the seconds of all calls so far, DELETE forgets them.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time

from aiohttp import web

FASTEST_S = 0.02


class Receiver:
    def __init__(self, slowest_s: float) -> None:
        self.slowest_s = slowest_s
        self.arrivals: list[float] = []
        self.random = random.Random(20261122)

    async def call(self, request: web.Request) -> web.Response:
        self.arrivals.append(time.monotonic())
        with contextlib.suppress(ConnectionResetError):  # its sender was killed
            await request.read()
        if self.slowest_s:
            await asyncio.sleep(self.random.uniform(FASTEST_S, self.slowest_s))
        chat = {"id": 1, "type": "private", "first_name": "A"}
        message = {"message_id": len(self.arrivals), "date": int(time.time()), "chat": chat, "text": "t"}
        return web.json_response({"ok": True, "result": message})

    async def list(self, _: web.Request) -> web.Response:
        return web.json_response(self.arrivals)

    async def clear(self, _: web.Request) -> web.Response:
        self.arrivals.clear()
        return web.json_response({})


if __name__ == "__main__":
    receiver, app = Receiver(float(sys.argv[2])), web.Application()
    app.add_routes(
        [
            web.get("/arrivals", receiver.list),
            web.delete("/arrivals", receiver.clear),
            web.post("/{token}/{method}", receiver.call),
        ]
    )
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
