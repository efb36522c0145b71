"""FunderPro's discount check as it behaves from outside, scriptable for tests.

Run:     python -m scripts.local.funderpro --port 8901
Vendor:  GET /discount?coupons[]=CODE&productIds=ID      (no authentication)
Control: GET  /_control/health                           {"status":"ok"}
         GET|PUT /_control/mode                          how the next calls are answered, see Mode
         GET  /_control/codes                            the catalogue
         PUT|DELETE /_control/codes/CODE                 {"percent":30,"answer":200|404|422,"mode":{...}|null}
         GET  /_control/calls                            {"count","calls":[{"at","coupons","products","mode","status"}]}
         POST /_control/reset                            catalogue, mode and calls as at the start
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from aiohttp import web

MODES = ("normal", "429", "500", "502", "503", "504", "slow", "drip", "html", "odd", "down")
SHAPES = ("objects", "strings", "wrapped", "other_code", "empty_list", "no_body", "scalar", "broken_json")
VALID_CODES = {"WELCOME-30": 30, "SUMMER25": 25, "GOLD-50": 50, "BLACKFRIDAY": 40, "VIP-10": 10, "A": 5}
EXPIRED_CODES = ("EXPIRED-2024", "OLD-20")
CALLS_KEPT = 10_000


@dataclass(frozen=True)
class Mode:
    """How calls are answered.

    mode: one of MODES. `down` resets the connection; with `for_s` the port really refuses for that many seconds.
    times: after that many calls the mode falls back to normal; None means until changed.
    delay_s: `slow` waits it before answering; `drip` waits it between two bytes.
    retry_after_s: the Retry-After header of 429 and 503; None leaves it out.
    shape: body of a 200 answer, one of SHAPES; `odd` without a shape answers `scalar`.
    """

    mode: str = "normal"
    times: int | None = None
    delay_s: float | None = None
    retry_after_s: int | None = None
    for_s: float | None = None
    shape: str = "objects"

    @staticmethod
    def parse(data: dict[str, Any]) -> Mode:
        unknown = set(data) - set(Mode.__dataclass_fields__)
        mode = Mode(**{**data, "mode": str(data.get("mode", "normal"))}) if not unknown else None
        if mode is None or mode.mode not in MODES or mode.shape not in SHAPES:
            raise web.HTTPUnprocessableEntity(text=f"mode is one of {MODES}, shape one of {SHAPES}; unknown: {unknown}")
        return mode


@dataclass(frozen=True)
class Code:
    """One code of the catalogue. answer: 200 valid, 404 or 422 invalid. mode: overrides the global mode when set."""

    percent: int = 10
    answer: int = 200
    mode: Mode | None = None


def _first_catalogue() -> dict[str, Code]:
    valid = {code: Code(percent=percent) for code, percent in VALID_CODES.items()}
    return valid | {code: Code(answer=422) for code in EXPIRED_CODES}


@dataclass
class Vendor:
    """Everything the simulator knows."""

    codes: dict[str, Code] = field(default_factory=_first_catalogue)
    mode: Mode = field(default_factory=Mode)
    calls: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def reset(self) -> None:
        self.codes, self.mode, self.calls, self.count = _first_catalogue(), Mode(), [], 0

    def take_mode(self, coupons: list[str]) -> Mode:
        """The mode for this call; uses up one of its `times`."""
        for coupon in coupons:
            known = self.codes.get(coupon)
            if known and known.mode:
                self.codes[coupon] = replace(known, mode=_after_one_use(known.mode))
                return known.mode
        mode, self.mode = self.mode, _after_one_use(self.mode) or Mode()
        return mode

    def verdict(self, coupons: list[str], products: list[str]) -> int:
        """200 when every coupon is valid, 422 for a malformed question or an expired code, else 404."""
        if not coupons or not products or not all(coupons):
            return 422
        return max(self.codes.get(coupon.upper(), Code(answer=404)).answer for coupon in coupons)


def _after_one_use(mode: Mode) -> Mode | None:
    if mode.times is None:
        return mode
    return replace(mode, times=mode.times - 1) if mode.times > 1 else None


def _valid_body(vendor: Vendor, coupons: list[str], products: list[str], shape: str) -> bytes:
    objects = [
        {"code": code.upper(), "type": "percentage", "value": vendor.codes.get(code.upper(), Code()).percent,
         "productIds": products}
        for code in coupons
    ]  # fmt: skip
    bodies: dict[str, Any] = {
        "objects": objects,
        "strings": [code.upper() for code in coupons],
        "wrapped": {"data": objects, "total": len(objects)},
        "other_code": [{"code": "SOMETHING-ELSE", "type": "percentage", "value": 1, "productIds": products}],
        "empty_list": [],
        "scalar": "OK",
    }
    if shape in bodies:
        return json.dumps(bodies[shape]).encode()
    return b"" if shape == "no_body" else b'[{"code": "WELC'


async def _discount(request: web.Request) -> web.StreamResponse:
    vendor: Vendor = request.app[VENDOR]
    coupons = request.query.getall("coupons[]", []) or request.query.getall("coupons", [])
    products = [part for value in request.query.getall("productIds", []) for part in value.split(",") if part]
    mode = vendor.take_mode([coupon.upper() for coupon in coupons])
    call = {"at": time.time(), "coupons": coupons, "products": products, "mode": mode.mode, "status": None}
    vendor.count += 1
    vendor.calls = [*vendor.calls[-CALLS_KEPT + 1 :], call]
    if mode.mode == "slow":
        await asyncio.sleep(mode.delay_s if mode.delay_s is not None else 10)
    status = vendor.verdict(coupons, products)
    answer = _faulty(request, mode) or _answer(vendor, mode, status, coupons, products)
    call["status"] = answer.status
    if mode.mode == "drip":
        return await _drip(request, answer, mode.delay_s if mode.delay_s is not None else 0.5)
    return answer


def _answer(vendor: Vendor, mode: Mode, status: int, coupons: list[str], products: list[str]) -> web.Response:
    if status != 200:
        message = "Discount not found" if status == 404 else "The given data was invalid."
        return web.json_response({"message": message}, status=status)
    shape = "scalar" if mode.mode == "odd" and mode.shape == "objects" else mode.shape
    body = _valid_body(vendor, coupons, products, shape)
    return web.Response(body=body, content_type="application/json")


def _faulty(request: web.Request, mode: Mode) -> web.Response | None:
    headers = {} if mode.retry_after_s is None else {"Retry-After": str(mode.retry_after_s)}
    if mode.mode == "down":
        _reset_connection(request)
        return web.Response(status=500)
    if mode.mode == "html":
        page = "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"
        return web.Response(text=page, content_type="text/html")
    if mode.mode.isdigit():
        return web.json_response({"message": "Too Many Attempts." if mode.mode == "429" else "Server Error"},
                                 status=int(mode.mode), headers=headers)  # fmt: skip
    return None


def _reset_connection(request: web.Request) -> None:
    """Makes the caller see a reset (RST), not a clean close: linger 0 discards what is queued."""
    transport = request.transport
    if transport is None:
        return
    with contextlib.suppress(OSError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _drip(request: web.Request, answer: web.Response, delay_s: float) -> web.StreamResponse:
    body = answer.body if isinstance(answer.body, bytes) else b""
    stream = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    stream.content_length = len(body)
    await stream.prepare(request)
    with contextlib.suppress(ConnectionError):
        for index in range(len(body)):
            await stream.write(body[index : index + 1])
            await asyncio.sleep(delay_s)
    return stream


async def _put_mode(request: web.Request) -> web.Response:
    mode = Mode.parse(await request.json())
    request.app[VENDOR].mode = mode
    if mode.mode == "down" and mode.for_s is not None:
        request.app[VENDOR].mode = Mode()
        refusing = asyncio.get_running_loop().create_task(request.app[REFUSE](mode.for_s))
        request.app[TASKS].add(refusing)
        refusing.add_done_callback(request.app[TASKS].discard)
    return web.json_response(asdict(mode))


async def _get_mode(request: web.Request) -> web.Response:
    return web.json_response(asdict(request.app[VENDOR].mode))


async def _get_codes(request: web.Request) -> web.Response:
    return web.json_response({code: asdict(known) for code, known in request.app[VENDOR].codes.items()})


async def _put_code(request: web.Request) -> web.Response:
    data = await request.json() if request.can_read_body else {}
    override = Mode.parse(data["mode"]) if data.get("mode") else None
    known = Code(percent=int(data.get("percent", 10)), answer=int(data.get("answer", 200)), mode=override)
    request.app[VENDOR].codes[request.match_info["code"].upper()] = known
    return web.json_response(asdict(known))


async def _delete_code(request: web.Request) -> web.Response:
    request.app[VENDOR].codes.pop(request.match_info["code"].upper(), None)
    return web.json_response({"status": "ok"})


async def _get_calls(request: web.Request) -> web.Response:
    vendor = request.app[VENDOR]
    return web.json_response({"count": vendor.count, "calls": vendor.calls})


async def _reset(request: web.Request) -> web.Response:
    request.app[VENDOR].reset()
    return web.json_response({"status": "ok"})


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _cannot_refuse(_for_s: float) -> None:
    """The app runs under somebody else's server (a test), whose port it cannot close."""


VENDOR: web.AppKey[Vendor] = web.AppKey("vendor", Vendor)
REFUSE: web.AppKey[Callable[[float], Coroutine[Any, Any, None]]] = web.AppKey("refuse")
TASKS: web.AppKey[set[Any]] = web.AppKey("tasks", set)


def make_app() -> web.Application:
    app = web.Application()
    app[VENDOR], app[REFUSE], app[TASKS] = Vendor(), _cannot_refuse, set()
    app.router.add_get("/discount", _discount)
    app.router.add_get("/_control/health", _health)
    app.router.add_get("/_control/mode", _get_mode)
    app.router.add_put("/_control/mode", _put_mode)
    app.router.add_get("/_control/codes", _get_codes)
    app.router.add_put("/_control/codes/{code}", _put_code)
    app.router.add_delete("/_control/codes/{code}", _delete_code)
    app.router.add_get("/_control/calls", _get_calls)
    app.router.add_post("/_control/reset", _reset)
    return app


async def serve(port: int, host: str = "127.0.0.1") -> None:
    """Serves until cancelled."""
    app = make_app()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    sites = []

    async def listen() -> None:
        site = web.TCPSite(runner, host, port, reuse_address=True)
        await site.start()
        sites.append(site)

    async def refuse(for_s: float) -> None:
        await asyncio.sleep(0.05)  # lets the control call's own answer leave first
        await sites.pop().stop()
        await asyncio.sleep(for_s)
        await listen()

    app[REFUSE] = refuse
    await runner.setup()
    try:
        await listen()
        print(f"FunderPro simulator on http://{host}:{port}", flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    args = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(args.port, args.host))


if __name__ == "__main__":
    main()
