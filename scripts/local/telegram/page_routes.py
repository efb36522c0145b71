"""The chat page's files, under /telegram/ and, for a proxy that cuts the prefix off, under /."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"
POLICY = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'"
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}


async def index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html", headers=HEADERS)


async def asset(request: web.Request) -> web.FileResponse:
    path = (PAGE / request.match_info["path"]).resolve()
    if PAGE not in path.parents or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers=HEADERS)


async def add_slash(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/telegram/")


def add_page(app: web.Application) -> None:
    app.router.add_get("/telegram", add_slash)
    for prefix in ("/telegram", ""):
        app.router.add_get(f"{prefix}/", index)
        app.router.add_get(f"{prefix}/{{path:assets/.+}}", asset)
