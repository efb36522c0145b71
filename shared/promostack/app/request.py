"""The platform's event as a request, and a reply as the platform's result (calling convention of `web: raw`)."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs

from promostack.core.errors import BadRequest, PayloadTooLarge
from promostack.core.ids import opaque_id

if TYPE_CHECKING:
    from promostack.auth.models import Caller

# The platform's limit of a request's and of a result's body.
MAX_BODY_BYTES = 1_000_000

_Caller = TypeVar("_Caller", bound="Caller")


@dataclass(frozen=True)
class Request:
    """One web call. Header names are lower case; `path` is what follows the function's name, split at slashes."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    request_id: str
    caller: "Caller | None" = None

    def caller_as(self, kind: type[_Caller]) -> _Caller:
        """The caller of a route whose access rule makes it that kind; a handler behind another rule is a bug."""
        if not isinstance(self.caller, kind):
            raise TypeError(f"the route's rule gives {type(self.caller).__name__}, not {kind.__name__}")
        return self.caller

    @property
    def client_ip(self) -> str:
        """The caller's address as the platform's ingress reports it, else an empty text.

        `do-connecting-ip` is written by DigitalOcean's edge; the forwarded list starts with what a caller may have made
        up and counts only where no edge stands in front, as on one's own machine.
        """
        return self.headers.get("do-connecting-ip") or self.headers.get("x-forwarded-for", "").split(",")[0].strip()

    @property
    def origin(self) -> str:
        """The page's origin as the browser states it, or an empty text."""
        return self.headers.get("origin", "")

    @property
    def host(self) -> str:
        """The host that the caller named, as forwarded, without its port."""
        return (self.headers.get("x-forwarded-host") or self.headers.get("host", "")).split(":")[0].lower()


@dataclass(frozen=True)
class Reply:
    """An answer that is more than a JSON object with status 200."""

    body: bytes | dict[str, Any] | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def parse_event(event: Mapping[str, Any], context: object) -> Request:
    """Reads the event of a raw web call, but for its body: what is wrong with that is answered like everything else."""
    http = event.get("http", {})
    return Request(
        method=str(http.get("method", "GET")).upper(),
        path=tuple(part for part in str(http.get("path", "")).split("/") if part),
        query={
            name: values[-1] for name, values in parse_qs(http.get("queryString", ""), keep_blank_values=True).items()
        },
        headers={str(name).lower(): str(value) for name, value in http.get("headers", {}).items()},
        body=b"",
        request_id=str(getattr(context, "activation_id", "") or opaque_id(12)),
    )


def to_result(reply: Reply) -> dict[str, Any]:
    """The reply as the platform wants it: text for JSON and `text/…`, base64 for binary bodies, no body for 204."""
    headers = dict(reply.headers)
    if reply.body is None:
        return {"statusCode": reply.status, "headers": headers}
    if isinstance(reply.body, bytes) and headers.get("Content-Type", "").startswith("text/"):
        return {"statusCode": reply.status, "headers": headers, "body": reply.body.decode()}
    if isinstance(reply.body, bytes):
        return {"statusCode": reply.status, "headers": headers, "body": base64.b64encode(reply.body).decode()}
    headers["Content-Type"] = "application/json"
    return {
        "statusCode": reply.status,
        "headers": headers,
        "body": json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"), default=str),
    }


def read_body(event: Mapping[str, Any]) -> bytes:
    """The body's bytes; raises PayloadTooLarge over 1 MB and BadRequest when it claims to be base64 and is not."""
    http = event.get("http", {})
    raw = http.get("body") or ""
    try:
        body = base64.b64decode(raw, validate=True) if http.get("isBase64Encoded") else str(raw).encode()
    except binascii.Error as error:
        raise BadRequest("The body is not valid base64.") from error
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body has {len(body)} bytes; at most {MAX_BODY_BYTES} are taken.")
    return body
