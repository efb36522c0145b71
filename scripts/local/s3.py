"""A small S3 server on files, for the local platform and tests: what Spaces does with what our adapter asks of it.

Run:   S3_ACCESS_KEY=… S3_SECRET_KEY=… python -m scripts.local.s3 --port 9000 --root DIR [--bucket NAME]…
Takes: buckets (path style), PUT/GET/HEAD/DELETE of objects with ACL private or public-read, metadata, ranges and
       If-None-Match, ListObjectsV2, DeleteObjects, CORS rules; signature V4 by header or presigned query.
Not:   multipart and chunked uploads, copies, versions, policies. Asked for one of them it says NotImplemented.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

from aiohttp import web

from scripts.local import s3_answers, s3_cors
from scripts.local.s3_signature import Request, S3Error, Signed, parse_query, verify
from scripts.local.s3_store import Store

KEPT_HEADERS = (
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
)
ACLS = ("private", "public-read")
_SUBRESOURCES = {
    "acl", "accelerate", "analytics", "attributes", "delete", "encryption", "inventory", "legal-hold", "lifecycle",
    "logging", "metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment",
    "restore", "retention", "select", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning",
    "versions", "website",
}  # fmt: skip
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """The S3 API over one store; `keys` maps access keys to secrets."""

    def __init__(self, store: Store, keys: Mapping[str, str]) -> None:
        self._store, self._keys = store, keys

    async def handle(self, request: web.Request) -> web.StreamResponse:
        request_id = uuid.uuid4().hex
        raw_path = request.raw_path.partition("?")[0]
        query = parse_query(request.raw_path.partition("?")[2])
        bucket, key = s3_answers.split_path(raw_path)
        try:
            if request.method == "OPTIONS":
                return self._preflight(request, bucket)
            headers = {name.lower(): value for name, value in request.headers.items()}
            signed = verify(Request(request.method, raw_path, query, headers), self._keys)
            response = await self._route(request, bucket, key, dict(query), signed)
        except S3Error as error:
            response = s3_answers.error(error, request, request_id)
        except (OSError, sqlite3.OperationalError) as error:
            # No space left, above all. 507 is what other servers of this API answer, and clients do not repeat it.
            response = s3_answers.error(S3Error(507, "InsufficientStorage", str(error)), request, request_id)
        if not response.prepared:
            response.headers["x-amz-request-id"] = request_id
            response.headers.update(self._cors_headers(request, bucket))
        return response

    async def _route(
        self, request: web.Request, bucket: str, key: str, query: dict[str, str], signed: Signed | None
    ) -> web.StreamResponse:
        if not bucket:
            _require(signed and request.method == "GET")
            return s3_answers.bucket_list(self._store.list_buckets())
        unknown = _SUBRESOURCES & query.keys() - ({"delete"} if request.method == "POST" and not key else set())
        if unknown or "x-amz-copy-source" in request.headers:
            raise S3Error(501, "NotImplemented", f"This server does not do that: {', '.join(unknown) or 'copy'}.")
        if key:
            return await self._object(request, bucket, key, query, signed)
        _require(signed)
        return await self._bucket(request, bucket, query, signed)

    async def _bucket(
        self, request: web.Request, bucket: str, query: dict[str, str], signed: Signed | None
    ) -> web.StreamResponse:
        if request.method == "PUT" and "cors" not in query:
            if not self._store.create_bucket(bucket):
                raise S3Error(409, "BucketAlreadyOwnedByYou", "The bucket exists and is yours.")
            return web.Response(headers={"Location": f"/{bucket}"})
        rules = self._store.cors(bucket)  # also: does the bucket exist?
        body = _check_payload(signed, await request.read())
        match request.method:
            case "PUT":
                self._store.set_cors(bucket, s3_cors.parse(body))
                return web.Response()
            case "DELETE" if "cors" in query:
                self._store.set_cors(bucket, [])
                return web.Response(status=204)
            case "DELETE":
                self._store.delete_bucket(bucket)
                return web.Response(status=204)
            case "HEAD":
                return web.Response()
            case "POST" if "delete" in query:
                return s3_answers.deleted(self._store, bucket, body)
            case "GET" if "cors" in query:
                if not rules:
                    raise S3Error(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
                return s3_answers.xml(s3_cors.to_xml(rules))
            case "GET" if "location" in query:
                return s3_answers.xml(ElementTree.Element("LocationConstraint"))
            case "GET":
                return s3_answers.listing(self._store, bucket, query)
        raise S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")

    async def _object(
        self, request: web.Request, bucket: str, key: str, query: dict[str, str], signed: Signed | None
    ) -> web.StreamResponse:
        if request.method in ("GET", "HEAD"):
            return await self._read(request, bucket, key, query, signed)
        _require(signed)
        self._store.cors(bucket)
        if request.method == "PUT":
            return await self._write(request, bucket, key, signed)
        if request.method == "DELETE":
            self._store.delete(bucket, key)
            return web.Response(status=204)
        raise S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")

    async def _read(
        self, request: web.Request, bucket: str, key: str, query: dict[str, str], signed: Signed | None
    ) -> web.StreamResponse:
        opened = self._store.open(bucket, key)
        if opened is None:
            # Without the right to list, a stranger is not told what does not exist.
            _require(signed)
            self._store.cors(bucket)
            raise S3Error(404, "NoSuchKey", "The specified key does not exist.")
        found, file = opened
        with file:
            _require(signed or found.acl == "public-read")
            headers = {**found.headers, "ETag": found.etag, "Last-Modified": s3_answers.http_date(found.modified_at)}
            headers |= {h: query[f"response-{h}"] for h in KEPT_HEADERS if signed and f"response-{h}" in query}
            headers |= self._cors_headers(request, bucket)  # now: what is streamed has left before `_route` returns
            if found.etag in request.headers.get("If-None-Match", ""):
                return web.Response(status=304, headers=headers)
            return await s3_answers.send_file(request, found, file, headers)

    async def _write(self, request: web.Request, bucket: str, key: str, signed: Signed | None) -> web.Response:
        acl = request.headers.get("x-amz-acl", "private")
        if acl not in ACLS:
            raise S3Error(501, "NotImplemented", f"The ACL is one of {', '.join(ACLS)}.")
        if len(key.encode()) > 1024:
            raise S3Error(400, "KeyTooLongError", "Your key is too long.")
        headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        headers.setdefault("content-type", "binary/octet-stream")
        headers |= {
            name.lower(): value for name, value in request.headers.items() if name[:11].lower() == "x-amz-meta-"
        }
        draft = self._store.draft()
        try:
            async for chunk in request.content.iter_chunked(1 << 18):
                draft.write(chunk)
            s3_answers.check_body(request, draft, signed)
            only_new = request.headers.get("If-None-Match") == "*"
            put = asyncio.to_thread(self._store.put, bucket, key, draft, acl=acl, headers=headers, only_new=only_new)
            return web.Response(headers={"ETag": await put})
        except BaseException:
            draft.discard()
            raise

    def _preflight(self, request: web.Request, bucket: str) -> web.Response:
        allowed = s3_cors.response_headers(
            self._store.cors(bucket),
            origin=request.headers.get("Origin", ""),
            method=request.headers.get("Access-Control-Request-Method", ""),
            wanted=request.headers.get("Access-Control-Request-Headers", ""),
        )
        if allowed is None:
            raise S3Error(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.")
        return web.Response(headers=allowed)

    def _cors_headers(self, request: web.Request, bucket: str) -> dict[str, str]:
        """What the bucket's rules say to the asking page; nothing to others."""
        origin = request.headers.get("Origin")
        if not origin or not bucket or request.method == "OPTIONS":
            return {}
        with contextlib.suppress(S3Error):
            rules = self._store.cors(bucket)
            return s3_cors.response_headers(rules, origin=origin, method=request.method) or {}
        return {}


def _require(right: Signed | bool | None) -> None:
    if not right:
        raise S3Error(403, "AccessDenied", "Access Denied")


def _check_payload(signed: Signed | None, body: bytes) -> bytes:
    s3_answers.check_sha256(signed, s3_answers.sha256(body))
    return body


def make_app(store: Store, keys: Mapping[str, str]) -> web.Application:
    app = web.Application(client_max_size=4 * 1024 * 1024)  # of XML documents; objects are streamed
    app.router.add_route("*", "/{path:.*}", Server(store, keys).handle)
    return app


async def serve(port: int, root: Path, buckets: list[str], keys: Mapping[str, str]) -> None:
    """Serves until cancelled."""
    store = Store(root)
    for bucket in buckets:
        store.create_bucket(bucket)
    runner = web.AppRunner(make_app(store, keys), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        print(f"S3 server on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # port 0 takes a free one
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--bucket", action="append", default=[])
    args = parser.parse_args()
    keys = {os.environ["S3_ACCESS_KEY"]: os.environ["S3_SECRET_KEY"]}
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(args.port, args.root, args.bucket, keys))


if __name__ == "__main__":
    main()
