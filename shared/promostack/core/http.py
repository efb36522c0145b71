"""HTTP towards vendors: bounded in time, never inside an open transaction."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from promostack.core import transactions
from promostack.core.errors import Unavailable

_CHUNK = 16_384


class VendorUnreachable(Unavailable):
    """No complete answer within the time allowed: refused, reset, timed out or dripping."""

    code = "vendor_unreachable"


@dataclass(frozen=True)
class Answer:
    """A vendor's complete answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(url: str, *, params: Mapping[str, str | list[str]], timeout_s: float, max_bytes: int = 1_000_000) -> Answer:
    """GETs `url`; see `call`."""
    return call("GET", url, timeout_s=timeout_s, max_bytes=max_bytes, params=params)


def post(
    url: str,
    *,
    json: object,
    timeout_s: float,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> Answer:
    """POSTs a JSON body, with basic auth when `auth` is given; see `call`."""
    return call("POST", url, timeout_s=timeout_s, json=json, headers=headers, auth=auth)


def call(method: str, url: str, *, timeout_s: float, max_bytes: int = 1_000_000, **options: Any) -> Answer:
    """Calls with one deadline over connect, headers and the whole body.

    `requests` limits only the pause between two bytes, so a dripping server could hold a call for ever: the body is
    read in pieces against the clock. Raises VendorUnreachable.
    """
    transactions.refuse_network(url)
    requests = _requests()
    deadline = time.monotonic() + timeout_s
    options |= {"timeout": timeout_s, "stream": True, "allow_redirects": False}
    try:
        with _session().request(method, url, **options) as response:
            body = bytearray()
            # read1 hands over what has arrived; iter_content would wait for a full chunk and never see the clock.
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if time.monotonic() > deadline or len(body) > max_bytes:
                    raise VendorUnreachable(f"no complete answer within {timeout_s:g} s and {max_bytes} bytes")
                _wait_at_most(response.raw, deadline - time.monotonic())
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status_code, headers=headers, body=bytes(body))
    except (requests.RequestException, OSError) as error:
        raise VendorUnreachable(f"no answer within {timeout_s:g} s: {type(error).__name__}") from error


def _wait_at_most(raw: Any, seconds: float) -> None:
    """Limits the next read; a connection that will close has already handed its socket to the response."""
    connection = raw.connection
    socket = connection.sock if connection is not None and connection.sock else raw._fp.fp and raw._fp.fp.raw._sock
    if socket:
        socket.settimeout(max(0.01, seconds))


@cache
def _requests() -> Any:
    import requests

    return requests


@cache
def _session() -> Any:
    session = _requests().Session()
    session.trust_env = False
    return session
