"""The application: Bot API, files, control API and chat page on one port."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from .calls import Api
from .control import add_control, explain_refusals
from .control.context import SIMULATOR, Simulator
from .files import FileStore
from .page_routes import add_page
from .people import People
from .snapshot import keep_saving, load
from .state import World

MAX_BODY_BYTES = 50 * 1024 * 1024 + 64 * 1024


def make_app(state: Path | None = None) -> web.Application:
    """`state` is the file that keeps chats across restarts; None keeps everything in memory."""
    world = World(FileStore(state.with_name(state.name + ".files") if state else None))
    if state:
        load(world, state)
    api = Api(world)
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[explain_refusals])
    app[SIMULATOR] = Simulator(world, api, People(world, api.courier))
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", api.handle)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", api.download)
    add_control(app)
    add_page(app)

    async def life(_app: web.Application) -> AsyncIterator[None]:
        await api.courier.start()
        saving = asyncio.create_task(keep_saving(world, state)) if state else None
        yield
        await api.courier.stop()
        if saving:
            saving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await saving

    app.cleanup_ctx.append(life)
    return app


async def serve(port: int, *, host: str = "127.0.0.1", state: Path | None = None) -> None:
    """Serves until cancelled."""
    runner = web.AppRunner(make_app(state), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
        print(f"Telegram simulator on http://{host}:{port}/telegram/", flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
