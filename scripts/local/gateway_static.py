"""The static site as a file server behind an edge cache gives it: types, validators, gzip, headers for safety."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from aiohttp import web

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
SAFETY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HASHED = re.compile(r"\.[0-9a-f]{8,}\.[a-z0-9]+$")  # name.<hash8>.ext never changes its content
_INCOMPRESSIBLE = {".gif", ".jpg", ".png", ".webp", ".woff2"}


@dataclass(frozen=True)
class _Entry:
    stamp: tuple[int, int]
    body: bytes
    packed: bytes | None
    etag: str


class Site:
    """Files below `root`; a folder is its index.html. `shared` names what is taken from the folder above instead.

    `connect` is an origin that pages may talk to beside their own, as publishing writes it into their policy.
    """

    def __init__(self, root: Path, *, shared: frozenset[str] = frozenset(), connect: str = "") -> None:
        self._root, self._shared, self._connect = root.resolve(), shared, connect
        self._cache: dict[Path, _Entry] = {}

    def respond(self, request: web.Request, raw_path: str) -> web.Response:
        """200, 304, a redirect to the folder with its slash, or 404."""
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={**SAFETY, "Allow": "GET, HEAD"})
        file = self._find(unquote(raw_path))
        if file is None:
            return web.Response(status=404, text="There is no such page.\n", headers=SAFETY)
        if file.name == "index.html" and not raw_path.endswith(("/", "/index.html")):
            query = f"?{request.query_string}" if request.query_string else ""
            return web.Response(status=308, headers={**SAFETY, "Location": f"{raw_path}/{query}"})
        return self._send(request, file)

    def _find(self, path: str) -> Path | None:
        parts = path.strip("/").split("/")
        if "\0" in path or any(part.startswith(".") for part in parts):
            return None
        root = self._root.parent if parts[0] in self._shared else self._root
        file = root.joinpath(*parts).resolve()
        if not file.is_relative_to(root):  # a link that leads out
            return None
        if file.is_dir():
            file /= "index.html"
        return file if file.is_file() else None

    def _send(self, request: web.Request, file: Path) -> web.Response:
        entry = self._load(file)
        cache = "public, max-age=31536000, immutable" if _HASHED.search(file.name) else "no-cache"
        headers = {**SAFETY, "ETag": entry.etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
        headers["Content-Type"] = TYPES.get(file.suffix, "application/octet-stream")
        if entry.etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        if entry.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=entry.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=entry.body, headers=headers)

    def _load(self, file: Path) -> _Entry:
        stat = file.stat()
        stamp = stat.st_mtime_ns, stat.st_size
        entry = self._cache.get(file)
        if entry is None or entry.stamp != stamp:
            body = file.read_bytes()
            if self._connect and file.suffix == ".html":
                body = body.replace(b"connect-src 'self'", f"connect-src 'self' {self._connect}".encode())
            small = len(body) < 1024 or file.suffix in _INCOMPRESSIBLE
            packed = None if small else gzip.compress(body, 6, mtime=0)
            etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            entry = self._cache[file] = _Entry(stamp, body, packed, etag)
        return entry
