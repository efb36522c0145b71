"""Clerk as clerk-js and our functions meet it: frontend API, keys, Backend API, one-click sign-in. Tests script it.

Run:      CLERK_SECRET_KEY=KEY python -m scripts.local.clerk --port 8902 --issuer URL [--state FILE]
Frontend: GET /v1/environment, GET /v1/client, POST /v1/client/sessions/SID/{tokens,touch,end,remove},
          POST /v1/client/sessions?_method=DELETE, GET /.well-known/jwks.json
          GET|POST /sign-in?redirect_url=                 the hosted page: one click signs somebody in
Backend:  GET /v1/users/SUBJECT                           with the secret key as bearer
Control:  GET  /_control/health                           {"status":"ok"}
          GET|POST /_control/people                       {"email","subject"?,"name"?,"is_verified"?}
          POST /_control/token                            {"subject","overrides"?} → {"token"}; null takes a claim away
          POST /_control/sign-in                          {"subject"} → {"cookie"}: a browser that is signed in
          POST /_control/end-sessions                     {"subject"?}: as if ended at the provider
          PUT  /_control/mode                             {"mode":"normal"|"down","token_lives_s"?}
          GET  /_control/calls                            {"calls":[{"method","path"}]}
          POST /_control/reset                            people, sessions, mode and calls as at the start
The gateway stands before it at /clerk and names itself in `Clerk-Proxy-Url`, as Clerk asks of a proxy.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hmac
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from scripts.local import clerk_objects, clerk_page
from scripts.local.clerk_people import Directory

COOKIE = "__client"
COOKIE_LIVES_S = 365 * 24 * 3600
MODES = ("normal", "down")
CALLS_KEPT = 1_000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Issuer:
    """The simulator's state."""

    directory: Directory
    secret_key: str
    mode: str = "normal"
    calls: list[dict[str, str]] = field(default_factory=list)


ISSUER: web.AppKey[Issuer] = web.AppKey("issuer", Issuer)


def _proxy_url(request: web.Request) -> str:
    return request.headers.get("Clerk-Proxy-Url") or f"{request.scheme}://{request.host}"


def _party(request: web.Request) -> str:
    """`azp`: the page's origin. A GET of the same origin names none, so the proxy's stands for it."""
    parts = urlsplit(_proxy_url(request))
    return request.headers.get("Origin") or f"{parts.scheme}://{parts.netloc}"


def _problem(status: int, code: str, message: str) -> web.Response:
    error = {"code": code, "message": message, "long_message": message, "meta": {}}
    return web.json_response({"errors": [error], "clerk_trace_id": secrets.token_hex(16)}, status=status)


async def _environment(request: web.Request) -> web.Response:
    return web.json_response(clerk_objects.environment(_proxy_url(request)))


def _client_of(request: web.Request) -> dict[str, Any]:
    directory = request.app[ISSUER].directory
    return clerk_objects.client(directory, request.cookies.get(COOKIE, ""), party=_party(request))


async def _client(request: web.Request) -> web.Response:
    """Deleting all its sessions is what sign-out sends, as a POST that says `_method=DELETE`."""
    method = request.query.get("_method", request.method)
    if method == "DELETE":
        request.app[ISSUER].directory.sign_out(request.cookies.get(COOKIE, ""))
    elif request.path.endswith("/sessions"):
        return _problem(405, "method_not_allowed", "Only DELETE works here.")
    return web.json_response({"response": _client_of(request), "client": None})


async def _session(request: web.Request) -> web.Response:
    directory = request.app[ISSUER].directory
    session_id, action = request.match_info["session"], request.match_info["action"]
    held = next((each for each in directory.active_in(request.cookies.get(COOKIE, "")) if each.id == session_id), None)
    if held is None:
        return _problem(401, "authentication_invalid", "Invalid authentication")
    if action == "tokens":
        token = directory.token(held.subject, held.id, party=_party(request), overrides={})
        return web.json_response({"object": "token", "jwt": token})
    if action in ("end", "remove"):
        directory.sign_out(held.browser)
    answer = clerk_objects.session(directory, held, party=_party(request))
    return web.json_response({"response": answer, "client": _client_of(request)})


async def _jwks(request: web.Request) -> web.Response:
    return web.json_response(request.app[ISSUER].directory.jwks())


async def _user(request: web.Request) -> web.Response:
    issuer = request.app[ISSUER]
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {issuer.secret_key}".encode()):
        return _problem(401, "authorization_header_format_invalid", "Invalid Authorization header format")
    person = issuer.directory.people.get(request.match_info["subject"])
    return web.json_response(clerk_objects.user(person)) if person else _problem(404, "resource_not_found", "not found")


async def _sign_in_page(request: web.Request) -> web.Response:
    home = _proxy_url(request).removesuffix("/clerk") + "/"
    wanted = next((request.query[name] for name in clerk_page.RETURN_NAMES if request.query.get(name)), None)
    people = list(request.app[ISSUER].directory.people.values())
    text = clerk_page.page(people, proxy_url=_proxy_url(request), back=clerk_page.safe_return(wanted, home))
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": clerk_page.POLICY})


async def _sign_in(request: web.Request) -> web.Response:
    directory, form = request.app[ISSUER].directory, await request.post()
    subject, email = str(form.get("subject", "")), str(form.get("email", "")).strip().lower()
    if subject not in directory.people and "@" not in email:
        return _problem(422, "form_identifier_not_found", "Choose somebody from the list, or type an e-mail address.")
    person = directory.people.get(subject) or directory.add_person(email)
    browser = secrets.token_urlsafe(24)
    directory.sign_in(person.subject, browser)
    home = _proxy_url(request).removesuffix("/clerk") + "/"
    back = clerk_page.safe_return(str(form.get("redirect_url", "")), home)
    response = web.Response(status=303, headers={"Location": back})
    response.set_cookie(COOKIE, browser, max_age=COOKIE_LIVES_S, httponly=True, samesite="Lax", path="/")
    return response


async def _style(_request: web.Request) -> web.Response:
    return web.Response(text=clerk_page.STYLE, content_type="text/css")


async def _script(_request: web.Request) -> web.Response:
    return web.Response(text=clerk_page.SCRIPT, content_type="text/javascript")


async def _people(request: web.Request) -> web.Response:
    directory = request.app[ISSUER].directory
    if request.method == "GET":
        return web.json_response([asdict(each) for each in directory.people.values()])
    return web.json_response(asdict(directory.add_person(**await request.json())), status=201)


async def _token(request: web.Request) -> web.Response:
    """For tests without a browser; the subject need not be known, and no party is named unless an override does."""
    asked = await request.json()
    session_id = f"sess_{secrets.token_hex(12)}"
    token = request.app[ISSUER].directory.token(
        asked["subject"], session_id, party=None, overrides=asked.get("overrides", {})
    )
    return web.json_response({"token": token})


async def _open_session(request: web.Request) -> web.Response:
    browser = secrets.token_urlsafe(24)
    request.app[ISSUER].directory.sign_in((await request.json())["subject"], browser)
    return web.json_response({"cookie": browser}, status=201)


async def _end_sessions(request: web.Request) -> web.Response:
    directory = request.app[ISSUER].directory
    subject = (await request.json()).get("subject")
    ended = [each for each in directory.sessions.values() if each.is_active and subject in (None, each.subject)]
    for session in ended:
        session.is_active = False
    directory.save()
    return web.json_response({"ended": len(ended)})


async def _mode(request: web.Request) -> web.Response:
    issuer, asked = request.app[ISSUER], await request.json()
    if asked.get("mode", "normal") not in MODES:
        raise web.HTTPUnprocessableEntity(text=f"mode is one of {MODES}")
    issuer.mode = asked.get("mode", issuer.mode)
    issuer.directory.token_lives_s = int(asked.get("token_lives_s", issuer.directory.token_lives_s))
    return web.json_response({"mode": issuer.mode, "token_lives_s": issuer.directory.token_lives_s})


async def _calls(request: web.Request) -> web.Response:
    return web.json_response({"calls": request.app[ISSUER].calls})


async def _reset(request: web.Request) -> web.Response:
    issuer = request.app[ISSUER]
    issuer.directory.reset()
    issuer.mode, issuer.calls = "normal", []
    return web.json_response({"status": "ok"})


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@web.middleware
async def _mind_mode(request: web.Request, handler: Handler) -> web.StreamResponse:
    issuer = request.app[ISSUER]
    if request.path.startswith("/_control/"):
        return await handler(request)
    method = request.query.get("_method", request.method)
    issuer.calls = [*issuer.calls[-CALLS_KEPT + 1 :], {"method": method, "path": request.path}]
    if issuer.mode == "down":
        return _problem(503, "service_unavailable", "The service is temporarily unavailable.")
    response = await handler(request)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def make_app(issuer: Issuer) -> web.Application:
    app = web.Application(middlewares=[_mind_mode])
    app[ISSUER] = issuer
    app.add_routes(
        [
            web.get("/.well-known/jwks.json", _jwks),
            web.get("/v1/environment", _environment),
            web.post("/v1/environment", _environment),
            web.get("/v1/client", _client),
            web.post("/v1/client", _client),
            web.post("/v1/client/sessions", _client),
            web.delete("/v1/client/sessions", _client),
            web.post("/v1/client/sessions/{session}/{action:tokens|touch|end|remove}", _session),
            web.get("/v1/users/{subject}", _user),
            web.get("/sign-in", _sign_in_page),
            web.post("/sign-in", _sign_in),
            web.get("/sign-in.css", _style),
            web.get("/sign-in.js", _script),
            web.get("/_control/health", _health),
            web.get("/_control/people", _people),
            web.post("/_control/people", _people),
            web.post("/_control/token", _token),
            web.post("/_control/sign-in", _open_session),
            web.post("/_control/end-sessions", _end_sessions),
            web.put("/_control/mode", _mode),
            web.get("/_control/calls", _calls),
            web.post("/_control/reset", _reset),
        ]
    )
    return app


async def serve(issuer: Issuer, port: int) -> None:
    """Serves until cancelled."""
    runner = web.AppRunner(make_app(issuer), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        print(f"Issuer simulator on http://127.0.0.1:{port}", flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--issuer", required=True)
    parser.add_argument("--state", type=Path)
    args = parser.parse_args()
    issuer = Issuer(Directory.load(args.issuer, args.state), os.environ["CLERK_SECRET_KEY"])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(issuer, args.port))


if __name__ == "__main__":
    main()
