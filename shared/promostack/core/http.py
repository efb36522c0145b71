"""HTTP towards vendors: bounded in time, never inside an open transaction."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from promostack.core import transactions
from promostack.core.errors import Unavailable

# Small, so that a dripping answer is left soon after the deadline.
_CHUNK = 1_024


class VendorUnreachable(Unavailable):
    """No complete answer within the time allowed: refused, reset, timed out or dripping."""

    code = "vendor_unreachable"


@dataclass(frozen=True)
class Answer:
    """A vendor's complete answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(
    url: str,
    *,
    params: Mapping[str, str | list[str]],
    timeout_s: float,
    max_bytes: int = 1_000_000,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """GETs `url`; see `call`."""
    return call("GET", url, timeout_s=timeout_s, max_bytes=max_bytes, params=params, headers=headers)


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
    """Calls with one deadline over name look-up, connect, headers and the whole body.

    `requests` limits only the pause between two bytes, so a server that drips its headers or body could hold a call for
    ever: the call runs beside the caller, who waits no longer than `timeout_s`. Raises VendorUnreachable.
    """
    transactions.refuse_network(url)
    options |= {"timeout": timeout_s, "stream": True, "allow_redirects": False}
    outcome: SimpleQueue[Answer | Exception] = SimpleQueue()
    arguments = (outcome, method, url, options, time.monotonic() + timeout_s, max_bytes)
    # A daemon, because one that is left behind must not keep the process from ending.
    Thread(target=_fetch, args=arguments, daemon=True).start()
    try:
        answer = outcome.get(timeout=timeout_s)
    except Empty as error:
        raise VendorUnreachable(f"no complete answer within {timeout_s:g} s") from error
    if isinstance(answer, Exception):
        raise VendorUnreachable(f"no answer within {timeout_s:g} s: {type(answer).__name__}") from answer
    return answer


def _fetch(
    outcome: SimpleQueue[Answer | Exception],
    method: str,
    url: str,
    options: dict[str, Any],
    deadline: float,
    max_bytes: int,
) -> None:
    """Puts the answer, or what went wrong, into `outcome`; gives up soon after the deadline."""
    try:
        with _session().request(method, url, **options) as response:
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if time.monotonic() > deadline or len(body) > max_bytes:
                    raise _requests().Timeout(f"not complete in time, or over {max_bytes} bytes")
            headers = {name.lower(): value for name, value in response.headers.items()}
            outcome.put(Answer(status=response.status_code, headers=headers, body=bytes(body)))
    except (_requests().RequestException, OSError) as error:
        outcome.put(error)


@cache
def _requests() -> Any:
    import requests

    return requests


@cache
def _session() -> Any:
    session = _requests().Session()
    session.trust_env = False
    return session
