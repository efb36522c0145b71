"""Hands a request on to another local server and streams the answer back."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

_HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host",
}  # fmt: skip
_CDN_REQUEST = ("If-None-Match", "If-Modified-Since", "Origin", "Range")
_CDN_ANSWER = (
    "Accept-Ranges", "Access-Control-Allow-Origin", "Cache-Control", "Content-Disposition", "Content-Encoding",
    "Content-Length", "Content-Range", "Content-Type", "ETag", "Last-Modified",
)  # fmt: skip
WHOLE_BYTES = 12 << 20  # up to this size an answer is sent in one piece
_COMPRESSIBLE = ("text/", "font/ttf", "font/otf", "application/json", "application/wasm", "image/svg+xml")
GZIPPED_KEPT = 64
_gzipped: dict[tuple[str, str], bytes] = {}


def make_session() -> ClientSession:
    """One for the process; long polls of the chat page need more than a short time-out."""
    return ClientSession(
        connector=TCPConnector(limit=0, keepalive_timeout=60),
        timeout=ClientTimeout(total=120),
        auto_decompress=False,
        cookie_jar=DummyCookieJar(),  # what one visitor is given is not sent for another
    )


async def forward(
    session: ClientSession,
    request: web.Request,
    url: str,
    *,
    name: str,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> web.StreamResponse:
    """Everything: method, headers (ours last), body and the whole answer. 502 when `name` does not answer."""
    dropped = _HOP_BY_HOP | {key.lower() for key in headers}
    passed = [(key, value) for key, value in request.headers.items() if key.lower() not in dropped]
    body = request.content if request.body_exists else None
    try:
        async with session.request(
            request.method,
            url,
            headers=[*passed, *headers.items()],
            data=body,
            allow_redirects=False,
            skip_auto_headers=("User-Agent",),
        ) as answer:
            response = web.StreamResponse(status=answer.status)
            for key, value in answer.headers.items():
                if key.lower() not in _HOP_BY_HOP:
                    response.headers.add(key, value)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response
    except ClientError as problem:
        return web.Response(status=502, text=f"{name} does not answer: {problem}\n")


async def serve_public_object(session: ClientSession, request: web.Request, url: str) -> web.StreamResponse:
    """As a CDN in front of the public bucket: anonymous, compressed where that helps.

    Which pages may read is said by the bucket's own CORS rule, as in production: without one a browser refuses.
    """
    if request.method not in ("GET", "HEAD"):
        return web.Response(status=405, headers={"Allow": "GET, HEAD"})
    headers = {key: request.headers[key] for key in _CDN_REQUEST if key in request.headers}
    try:
        async with session.request(request.method, url, headers=headers, allow_redirects=False) as answer:
            given = {key: answer.headers[key] for key in _CDN_ANSWER if key in answer.headers}
            given |= {"X-Content-Type-Options": "nosniff", "Vary": "Origin"}
            if request.method == "HEAD" or int(answer.headers.get("Content-Length", WHOLE_BYTES + 1)) <= WHOLE_BYTES:
                return await _packed(request, answer.status, given, await answer.read())
            response = web.StreamResponse(status=answer.status, headers=given)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response
    except ClientError:
        return web.Response(status=502, text="The object store does not answer.\n")


async def _packed(request: web.Request, status: int, headers: dict[str, str], body: bytes) -> web.Response:
    """gzip as the edge does it, once for each object: fonts shrink to a half."""
    packable = status == 200 and body and "Content-Encoding" not in headers
    if packable and headers.get("Content-Type", "").startswith(_COMPRESSIBLE):
        headers["Vary"] += ", Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            key = request.path, headers.get("ETag", "")
            if key not in _gzipped:
                if len(_gzipped) >= GZIPPED_KEPT:
                    _gzipped.clear()
                _gzipped[key] = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
            body = _gzipped[key]
            headers |= {"Content-Encoding": "gzip", "Content-Length": str(len(body))}
    return web.Response(status=status, headers=headers, body=body)
