"""The control API: what tests and the chat page use to set the scene, act as people, look, and make trouble.

Every path exists under /_control and /telegram/_control. A refused command answers 422 {"error": text}.
See setup.py, acting.py and looking.py for the commands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from ..people import Refused
from . import acting, looking, setup

PREFIXES = ("/_control", "/telegram/_control")


def add_control(app: web.Application) -> None:
    for prefix in PREFIXES:
        for module in (setup, acting, looking):
            for method, path, handler in module.ROUTES:
                app.router.add_route(method, prefix + path, handler)


@web.middleware
async def explain_refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turns a wrong command into 422 with words; only for the control API."""
    if "/_control/" not in request.path:
        return await handler(request)
    try:
        return await handler(request)
    except (Refused, LookupError, ValueError, TypeError) as problem:
        return web.json_response({"error": f"{type(problem).__name__}: {problem}"}, status=422)
