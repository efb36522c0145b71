"""The one address of the local platform: hosts, function calls, the static site, the CDN and the chat page.

    127.0.0.1, localhost      the public site; /dash/ and /admin/ redirect to their hosts; /telegram/ is the chat page
    dash.localhost, admin.…   their pages at /, what is shared beside them, the identity provider at /clerk/
    api.localhost             functions at /<package>/<function>[/path]
    every host                functions at /api/<package>/<function>[/path], public objects at /cdn/<key>, and the
                              platform's REST API below /api/v1/ with the access key as basic auth

Run by gateway_main.py.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from scripts.local import gateway_proxy, platform_cron, platform_http
from scripts.local.container import NAMESPACE
from scripts.local.gateway_static import SAFETY, Site
from scripts.local.platform_calls import Activation, Platform
from scripts.local.platform_limits import TooMany

WEB_TIMEOUT_S = 30.0
BLOCKING_TIMEOUT_S = 60.0
NOT_FOUND = "The requested resource does not exist."
SHARED = frozenset({"shared", "vendor", "config.json", "favicon.ico", "favicon.svg"})
FAILED = "There was an error processing your request."


@dataclass(frozen=True)
class Upstreams:
    """Base addresses of the servers behind the gateway."""

    public_bucket: str
    telegram: str
    clerk: str


class Gateway:
    """One handler for every request; nothing is kept between them."""

    def __init__(
        self,
        platform: Platform,
        site: Path,
        upstreams: Upstreams,
        access_key: str,
        *,
        web_timeout_s: float = WEB_TIMEOUT_S,
    ) -> None:
        self._platform, self._upstreams, self._web_timeout_s = platform, upstreams, web_timeout_s
        self._credentials = "Basic " + base64.b64encode(access_key.encode()).decode()
        self._public = Site(site)
        store = "/".join(upstreams.public_bucket.split("/")[:3])
        self._private_hosts = {
            f"{name}.localhost": Site(site / name, shared=SHARED, connect=store) for name in ("dash", "admin")
        }
        self._session: ClientSession

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        host = request.headers.get("Host", "").partition(":")[0].lower()
        if path.startswith("/api/v1/"):
            return await self._rest(request, path.split("/")[3:])
        if path.startswith("/api/"):
            return await self._web_call(request, path[len("/api/") :])
        if path.startswith("/cdn/"):
            url = f"{self._upstreams.public_bucket}/{path[len('/cdn/') :]}"
            return await gateway_proxy.serve_public_object(self._session, request, url)
        if host == "api.localhost":
            return await self._web_call(request, path[1:])
        if host in self._private_hosts and path.startswith("/clerk/"):
            return await self._identity_provider(request)
        if host in self._private_hosts:
            return self._private_hosts[host].respond(request, path)
        return await self._public_page(request, path)

    async def keep_session(self, _: web.Application) -> Any:
        async with gateway_proxy.make_session() as self._session:
            yield

    async def _identity_provider(self, request: web.Request) -> web.StreamResponse:
        """The proxy that Clerk describes: it names its own address, without which no token could name the page."""
        url = self._upstreams.clerk + request.raw_path.removeprefix("/clerk")
        own = {"Clerk-Proxy-Url": f"{request.scheme}://{request.headers['Host']}/clerk"}
        name = "The identity provider's simulator"
        return await gateway_proxy.forward(self._session, request, url, name=name, headers=own)

    async def _public_page(self, request: web.Request, path: str) -> web.StreamResponse:
        if path == "/telegram":
            return web.Response(status=308, headers={**SAFETY, "Location": "/telegram/"})
        if path.startswith("/telegram/"):
            url = self._upstreams.telegram + request.raw_path
            return await gateway_proxy.forward(self._session, request, url, name="The Telegram simulator")
        first, _, rest = path[1:].partition("/")
        if first in ("dash", "admin"):
            port = request.headers.get("Host", "").partition(":")[2]
            address = f"http://{first}.localhost{f':{port}' if port else ''}/{rest}"
            return web.Response(status=302, headers={**SAFETY, "Location": address})
        return self._public.respond(request, path)

    async def _web_call(self, request: web.Request, path: str) -> web.Response:
        """`path` is PACKAGE/FUNCTION[/REST], still percent-encoded."""
        package, _, rest = path.partition("/")
        name, slash, rest = rest.partition("/")
        function = self._platform.functions.get(f"{package}/{name}")
        if function is None or not function.web:
            return platform_http.problem(404, NOT_FOUND)
        if request.method == "OPTIONS" and not function.own_cors:
            return platform_http.preflight(request)
        try:
            body = await platform_http.read_body(request)
            event = platform_http.to_event(request, body, slash + rest)
            response = await self._answer(self._platform.invoke(function.path, event))
        except platform_http.RequestTooLarge:
            response = platform_http.problem(413, "The request is larger than 1048576 bytes.")
            response.force_close()  # what is left of the body is not read
        except TooMany as refusal:
            response = platform_http.problem(429, str(refusal))
        if not function.own_cors:
            response.headers.update(platform_http.CORS)
        return response

    async def _answer(self, task: asyncio.Task[Activation]) -> web.Response:
        """The function runs on to its own time limit when the visitor's wait is over."""
        done, _ = await asyncio.wait([task], timeout=self._web_timeout_s)
        if not done:
            message = f"The function did not answer within {self._web_timeout_s:g} seconds."
            return platform_http.problem(504, message, task.get_name())
        activation = task.result()
        if activation.error:
            return platform_http.problem(400, FAILED, activation.activation_id)
        try:
            response = platform_http.to_response(_projection(activation.result))
        except platform_http.InvalidResult as problem:
            return platform_http.problem(400, str(problem), activation.activation_id)
        response.headers["X-OpenWhisk-Activation-Id"] = activation.activation_id
        return response

    async def _rest(self, request: web.Request, parts: list[str]) -> web.Response:
        """namespaces/NS/{actions/PACKAGE/FUNCTION | triggers/NAME | activations/ID}, or web/NS/PACKAGE/FUNCTION."""
        if parts[0] == "web" and len(parts) >= 4 and parts[1] == NAMESPACE:
            return await self._web_call(request, "/".join(parts[2:]))
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), self._credentials.encode()):
            return platform_http.problem(401, "The supplied authentication is invalid.")
        match request.method, parts:
            case "POST", ["namespaces", ns, "actions", package, name] if ns in ("_", NAMESPACE):
                return await self._start(request, f"{package}/{name}", await request.read())
            case "POST", ["namespaces", ns, "triggers", name] if ns in ("_", NAMESPACE):
                return await self._fire(request, name)
            case "GET", ["namespaces", ns, "activations", activation_id] if ns in ("_", NAMESPACE):
                activation = self._platform.find_activation(activation_id)
                return _json(activation.record()) if activation else platform_http.problem(404, NOT_FOUND)
        return platform_http.problem(404, NOT_FOUND)

    async def _fire(self, request: web.Request, name: str) -> web.Response:
        found = platform_cron.triggers(list(self._platform.functions.values())).get(name)
        if found is None:
            return platform_http.problem(404, NOT_FOUND)
        function, trigger = found
        return await self._start(request, function.path, json.dumps(dict(trigger.body)).encode())

    async def _start(self, request: web.Request, path: str, body: bytes) -> web.Response:
        if path not in self._platform.functions:
            return platform_http.problem(404, NOT_FOUND)
        try:
            event = json.loads(body or b"{}")
        except ValueError:
            event = None
        if not isinstance(event, dict):
            return platform_http.problem(400, "The request content was malformed: a JSON object is expected.")
        try:
            task = self._platform.invoke(path, event)
        except TooMany as refusal:
            return platform_http.problem(429, str(refusal))
        if request.query.get("blocking") == "true":
            done, _ = await asyncio.wait([task], timeout=BLOCKING_TIMEOUT_S)
            if done:
                activation = task.result()
                answer = activation.record()
                answer = answer["response"]["result"] if request.query.get("result") == "true" else answer
                return _json(answer, 200 if activation.is_success else 502)
        return _json({"activationId": task.get_name()}, 202)


def _projection(result: dict[str, Any]) -> Any:
    """An `error` key makes the platform answer with what is in it; a text there is no HTTP response."""
    inner = result.get("error", result)
    if not isinstance(inner, dict):
        raise platform_http.InvalidResult("Response is not valid 'message/http'.")
    return inner


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def make_app(gateway: Gateway) -> web.Application:
    # A REST body may be as large as an event; web calls count for themselves.
    app = web.Application(client_max_size=platform_http.REQUEST_LIMIT)
    app.router.add_route("*", "/{path:.*}", gateway.handle)
    app.cleanup_ctx.append(gateway.keep_session)
    return app
