"""One process of the bench `auth`: what it is sent it measures with the library, and sends back."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import jwt

from promostack.app import identity
from promostack.app.access import PUBLIC
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request
from promostack.app.signed_in import member
from promostack.auth.models import Member
from promostack.core import config
from promostack.db import connection
from promostack.tenants import service as tenants

# Seconds by what was timed.
Times = dict[str, list[float]]
TENANT = str(uuid5(NAMESPACE_OID, "tenant 0"))


def work(pipe: Connection, environment: dict[str, str], warm_ups: int) -> None:
    """Until the pipe closes: tokens → times without the warm-ups, or a number of unknown key ids → statuses."""
    os.environ.update(environment)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # what functions log; ends with the process
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        pipe.send(_flood(asked) if isinstance(asked, int) else _measure(asked, warm_ups))


def _measure(tokens: list[str], warm_ups: int) -> Times:
    """The four kinds in turn, so that a busy moment hits all of them."""
    verifier, own, past_policies = identity._verifier(), connection.current(), _past_policies()
    origin = config.require("DASH_ORIGIN")
    verifier.verify(tokens[0], origin=origin)
    key = verifier._keys.find("bench")
    times: Times = {"verify": [], "pyjwt": [], "public": [], "protected": []}
    for first, second in zip(tokens[::2], tokens[1::2], strict=True):
        _time(times["verify"], lambda token=first: verifier.verify(token, origin=origin))  # type: ignore[misc]
        _time(times["pyjwt"], lambda token=first: _decode(token, key))  # type: ignore[misc]
        connection._local.connection = past_policies
        _time(times["public"], lambda: _call("public"))
        connection._local.connection = own
        _time(times["protected"], lambda token=second: _call("protected", token))  # type: ignore[misc]
    return {name: each[warm_ups:] for name, each in times.items()}


def _flood(count: int) -> list[int]:
    """What so many tokens are answered whose key ids nobody knows."""
    payload = jwt.encode({"sub": "x"}, "k" * 32).split(".")[1]
    headers = [json.dumps({"alg": "RS256", "kid": f"{os.getpid()}-{number}"}).encode() for number in range(count)]
    return [
        _call("protected", f"{jwt.utils.base64url_encode(header).decode()}.{payload}.eA", 401) for header in headers
    ]


def _decode(token: str, key: Any) -> None:
    """PyJWT alone, with the checks that it knows."""
    options = {"require": ["exp", "iat", "nbf", "sub", "iss", "sid"]}
    jwt.decode(token, key, algorithms=["RS256"], issuer=config.require("CLERK_ISSUER"), options=options)


def _time(times: list[float], action: Callable[[], object]) -> None:
    started = time.perf_counter()
    action()
    times.append(time.perf_counter() - started)


def _past_policies() -> Any:
    """A connection as the database's owner: no policy is asked."""
    opened = connection.connect(config.require("DATABASE_URL_DIRECT"))
    opened.autocommit = True
    opened.answers_within_s = connection.ANSWER_WITHIN_S
    return opened


def _call(path: str, token: str | None = None, wanted: int = 200) -> int:
    """The status; raises when it is another than the wanted one."""
    headers = {"x-forwarded-host": config.require("DASH_ORIGIN").partition("://")[2], "do-connecting-ip": "203.0.113.9"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    http = {"method": "GET", "path": f"/{path}", "queryString": "", "headers": headers, "body": ""}
    answer = _endpoint.handle({"http": http}, None)
    if answer["statusCode"] != wanted:
        raise RuntimeError(f"/{path} was answered {answer}")
    return wanted


_endpoint = Endpoint("client/bench")


@_endpoint.get("public", access=PUBLIC)
def _public(request: Request) -> dict[str, Any]:
    return _read(TENANT)


@_endpoint.get("protected", access=member("tenant.read"))
def _protected(request: Request) -> dict[str, Any]:
    return _read(request.caller_as(Member).tenant_id)


def _read(tenant_id: str) -> dict[str, Any]:
    """What both routes do."""
    tenant = tenants.get_tenant(tenant_id)
    return {"slug": tenant.slug, "name": tenant.name}
