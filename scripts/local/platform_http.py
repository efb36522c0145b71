"""The platform's HTTP conventions for `web: raw` functions: a request becomes an event, a result becomes a response.

Sources: DigitalOcean's "Parameters and Responses" for the event, OpenWhisk's WebActions for the conversion of results.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web

REQUEST_LIMIT = 1024 * 1024
_TEXT_TYPES = {"application/x-www-form-urlencoded", "application/xml", "application/javascript", "image/svg+xml"}
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # a line break would begin another header
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH",
}
_DEFAULT_ALLOWED_HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent"


class RequestTooLarge(Exception):
    """The body has more than REQUEST_LIMIT bytes."""


class InvalidResult(Exception):
    """The function's result is no HTTP response; the message is the platform's."""


async def read_body(request: web.Request) -> bytes:
    """Raises RequestTooLarge, without reading what a Content-Length has already announced as too much."""
    if (request.content_length or 0) > REQUEST_LIMIT:
        raise RequestTooLarge
    if not request.body_exists:
        return b""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > REQUEST_LIMIT:
            raise RequestTooLarge
    return bytes(body)


def to_event(request: web.Request, body: bytes, path: str) -> dict[str, Any]:
    """`path` is what follows the function's name, with its leading slash, or empty."""
    is_base64 = bool(body) and _is_binary(request.headers.get("Content-Type", ""))
    return {
        "http": {
            "headers": _headers(request),
            "method": request.method,
            "path": _text(path),
            "queryString": _text(request.raw_path.partition("?")[2]),
            "body": base64.b64encode(body).decode() if is_base64 else body.decode(errors="replace"),
            "isBase64Encoded": is_base64,
        }
    }


def to_response(result: Mapping[str, Any]) -> web.Response:
    """Raises InvalidResult."""
    status = _status(result.get("statusCode"))
    headers = _response_headers(result.get("headers", {}))
    content_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    headers = [(name, value) for name, value in headers if name.lower() != "content-type"]
    body = result.get("body")
    if body is None or body == "":
        response = web.Response(status=status or 204)
        response.headers.popall("Content-Type", None)
    else:
        content, content_type = _entity(body, content_type)
        response = web.Response(status=status or 200, body=content, headers={"Content-Type": content_type})
    for name, value in headers:
        response.headers.add(name, value)
    return response


def preflight(request: web.Request) -> web.Response:
    """What the platform itself answers to OPTIONS when a function has no `web-custom-options`."""
    allowed = request.headers.get("Access-Control-Request-Headers", _DEFAULT_ALLOWED_HEADERS)
    return web.Response(headers={**CORS, "Access-Control-Allow-Headers": allowed})


def problem(status: int, message: str, activation_id: str = "") -> web.Response:
    """The platform's error form."""
    body = {"code": activation_id or uuid.uuid4().hex, "error": message}
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _headers(request: web.Request) -> dict[str, str]:
    """Lower-case names, repeated ones joined, and what the ingress adds: it appends to X-Forwarded-For what it saw."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        name, value = name.lower(), _text(value)
        joint = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    peer = request.remote or ""
    forwarded = headers.get("x-forwarded-for")
    return headers | {
        "host": "ccontroller",
        "x-forwarded-for": f"{forwarded}, {peer}" if forwarded else peer,
        "x-forwarded-host": request.headers.get("Host", ""),
        "x-forwarded-proto": request.scheme,
        "x-request-id": uuid.uuid4().hex,
        # Everybody here connects from this machine; who wants to play another address forwards it, like an edge would.
        "do-connecting-ip": forwarded.rpartition(",")[2].strip() if forwarded else peer,
    }


def _text(raw: str) -> str:
    """Bytes that are no UTF-8 arrive as lone surrogates, which JSON in UTF-8 cannot carry."""
    return raw if raw.isascii() else raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _is_binary(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return not (kind.startswith("text/") or kind in _TEXT_TYPES)


def _status(code: object) -> int | None:
    if code is None:
        return None
    if isinstance(code, str) and code.isdigit():
        code = int(code)
    if isinstance(code, bool) or not isinstance(code, int) or not 100 <= code <= 999:
        raise InvalidResult("Response is not valid 'message/http'.")
    return code


def _response_headers(raw: object) -> list[tuple[str, str]]:
    if not isinstance(raw, Mapping):
        raise InvalidResult("Response is not valid 'message/http'.")
    return [(str(name), value) for name, entry in raw.items() for value in _header_values(entry)]


def _header_values(entry: object) -> list[str]:
    if isinstance(entry, bool):
        return [str(entry).lower()]
    if isinstance(entry, (str, int, float)) and not _CONTROL.search(str(entry)):
        return [str(entry)]
    if isinstance(entry, list):
        return [value for inner in entry for value in _header_values(inner)]
    raise InvalidResult("Response is not valid 'message/http'.")


def _entity(body: object, content_type: str | None) -> tuple[bytes, str]:
    kind = (content_type or "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or kind.endswith("+json")
    if not isinstance(body, str):
        if kind and not is_json:
            raise InvalidResult("Response type in header did not match generated content type.")
        return json.dumps(body, ensure_ascii=False).encode(), content_type or "application/json"
    if not content_type:
        return body.encode(), "text/html; charset=utf-8"
    if "/" not in kind:
        raise InvalidResult("Response did not specify a known content-type.")
    if is_json or not _is_binary(kind):
        return _maybe_base64_json(body) if is_json else body.encode(), content_type
    try:
        return base64.b64decode(body, validate=True), content_type
    except binascii.Error:
        raise InvalidResult("Response type in header did not match generated content type.") from None


def _maybe_base64_json(body: str) -> bytes:
    """JSON may be handed over in base64 too; no JSON object, array or string is valid base64."""
    if len(body) % 4 == 0 and body[:1] not in '{["':
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error:
            pass
    return body.encode()
