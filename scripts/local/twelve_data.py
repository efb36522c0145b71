"""Twelve Data's time series as they behave from outside, replaying candles by a clock that a test may set.

Run:     python -m scripts.local.twelve_data --port 8906 [--csv FILE]; the key is TWELVE_DATA_API_KEY
Vendor:  GET /time_series?symbol=XAU/USD&interval=15min&outputsize=30&timezone=UTC&order=ASC
         with `Authorization: apikey KEY`, or `apikey=KEY`; 5min, 15min, 30min and 1h
Control: GET  /_control/health              {"status":"ok"}
         GET|PUT /_control/mode             how the next calls are answered, see Mode
         GET|PUT /_control/clock            {"at": ISO time or null}: the server's time, standing; null is the real one
         GET  /_control/calls               {"count","credits","calls":[{"at","interval","outputsize","mode","status"}]}
         POST /_control/reset               mode, clock, credits and calls as at the start

The candles repeat every four weeks, by New York's clock, so that every moment has a market behind it. Within the file's
own weeks the times are the file's.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import os
import random
import socket
import struct
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

SEED = Path(__file__).with_name("candles") / "xauusd_m15.csv"
SYMBOL = "XAU/USD"
KEY = "local-twelve-data-key"
SECONDS = {"5min": 300, "15min": 900, "30min": 1800, "1h": 3600}
# What the vendor does when nobody says otherwise: the metal's own zone, newest first, thirty bars.
DEFAULT_ZONE, DEFAULT_SIZE, MOST_SIZE = "Australia/Sydney", 30, 5000
A_MINUTE, A_DAY = 8, 800
NEW_YORK, SERVER = ZoneInfo("America/New_York"), ZoneInfo("Europe/Athens")
PERIOD = timedelta(weeks=4)
CALLS_KEPT = 50_000
MODES = (
    "normal", "400", "401", "403", "404", "414", "429_minute", "429_day", "500", "503", "html", "not_json", "no_values",
    "no_date", "slow", "drip", "down",
)  # fmt: skip
MESSAGES = {
    400: "**symbol** parameter is missing or invalid.",
    401: "**apikey** parameter is incorrect or not specified.",
    403: "This resource is not available with your current plan.",
    404: "The specified data is not available: **XAU/USD**",
    414: "The input array is too long.",
    500: "Internal server error.",
    503: "Service unavailable.",
}
MINUTE_MESSAGE = (
    "You have run out of API credits for the current minute. 9 API credits were used, with the current limit being 8."
)
DAY_MESSAGE = (
    "You have run out of API credits for the day. 801 API credits were used, with the current limit being 800."
)

Bar = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mode:
    """How calls are answered.

    mode: one of MODES. in_body: errors come as HTTP 200 with the code in the body. times: after that many calls the
    mode falls back to normal. delay_s: of `slow` before the answer, of `drip` between two bytes.
    lag_s: a bar is there only that long after its close. forming: the bar that has not closed yet is given too.
    missing, doubled, revised, impossible: share of bars (by chance of their time) that are so. stray: bars at weekends.
    """

    mode: str = "normal"
    in_body: bool = False
    times: int | None = None
    delay_s: float = 10.0
    lag_s: float = 0.0
    forming: bool = True
    missing: float = 0.0
    doubled: float = 0.0
    revised: float = 0.0
    impossible: float = 0.0
    stray: bool = False

    @staticmethod
    def parse(data: dict[str, Any]) -> Mode:
        unknown = set(data) - set(Mode.__dataclass_fields__)
        if unknown or data.get("mode", "normal") not in MODES:
            raise web.HTTPUnprocessableEntity(text=f"mode is one of {MODES}; unknown: {sorted(unknown)}")
        return Mode(**data)


class Candles:
    """Quarter-hours of a file, for any moment: outside its weeks, those of the same weekday in its last four weeks."""

    def __init__(self, path: Path) -> None:
        with path.open(newline="") as file:
            self._bars: dict[datetime, Bar] = {
                _wall(_opened_at(row["time"])): _prices(row) for row in csv.DictReader(file)
            }
        self._first, self._last = min(self._bars), max(self._bars)

    def quarter(self, opened_at: datetime) -> Bar | None:
        """The bar that opened then, None where the file has none."""
        wall = _wall(opened_at)
        if not self._first <= wall <= self._last:
            last_week = self._last - PERIOD + timedelta(minutes=15)
            wall = last_week + (wall - last_week) % PERIOD
        return self._bars.get(wall)

    def bar(self, opened_at: datetime, seconds: int) -> Bar | None:
        """A bar of any interval here: built of quarters, or a third of one, whose three make the quarter."""
        if seconds < 900:
            quarter = opened_at - timedelta(seconds=opened_at.timestamp() % 900)
            whole = self.quarter(quarter)
            return _third(whole, int((opened_at - quarter).total_seconds()) // 300) if whole else None
        steps = (self.quarter(opened_at + timedelta(seconds=900 * n)) for n in range(seconds // 900))
        parts = [part for part in steps if part]
        if not parts:
            return None
        return parts[0][0], max(part[1] for part in parts), min(part[2] for part in parts), parts[-1][3]


def _opened_at(text: str) -> datetime:
    """The broker's export counts the seconds of its server's wall clock."""
    return datetime.fromtimestamp(int(text), UTC).replace(tzinfo=SERVER)


def _prices(row: dict[str, str]) -> Bar:
    return float(row["open"]), float(row["high"]), float(row["low"]), float(row["close"])


def _wall(at: datetime) -> datetime:
    return at.astimezone(NEW_YORK).replace(tzinfo=None)


def _third(bar: Bar, place: int) -> Bar:
    """A way through the quarter: first to the extreme against its direction, then to the other one, then to the end."""
    opened, high, low, closed = bar
    turns = [opened, low, high, closed] if closed >= opened else [opened, high, low, closed]
    start, end = turns[place], turns[place + 1]
    return start, max(start, end), min(start, end), end


@dataclass
class Vendor:
    """Everything the simulator knows."""

    candles: Candles
    key: str = KEY
    mode: Mode = field(default_factory=Mode)
    at: datetime | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    used: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)

    def reset(self) -> None:
        self.mode, self.at, self.calls, self.count, self.used = Mode(), None, [], 0, {}

    def take_mode(self) -> Mode:
        """The mode for this call; uses up one of its `times`."""
        mode = self.mode
        if mode.times is not None:
            self.mode = replace(mode, times=mode.times - 1) if mode.times > 1 else Mode()
        return mode

    def spend(self) -> tuple[int, int]:
        """Credits used in this minute and on this day, this call included."""
        minute, day = self.now().strftime("%Y-%m-%dT%H:%M"), self.now().strftime("%Y-%m-%d")
        for name in (minute, day):
            self.used[name] = self.used.get(name, 0) + 1
        return self.used[minute], self.used[day]


async def _time_series(request: web.Request) -> web.StreamResponse:
    vendor = request.app[VENDOR]
    mode = vendor.take_mode()
    call = {
        "at": vendor.now().isoformat(),
        "interval": request.query.get("interval"),
        "outputsize": request.query.get("outputsize"),
        "mode": mode.mode,
        "status": None,
    }
    vendor.count += 1
    vendor.calls = [*vendor.calls[-CALLS_KEPT + 1 :], call]
    if mode.mode == "slow":
        await asyncio.sleep(mode.delay_s)
    if mode.mode == "down":
        _reset_connection(request)
        return web.Response(status=500)
    answer = _answer(vendor, mode, request)
    call["status"] = answer.status
    if mode.mode != "no_date":
        answer.headers["Date"] = format_datetime(vendor.now().replace(microsecond=0), usegmt=True)
    else:
        answer.headers["Date"] = ""
    return await _drip(request, answer, mode.delay_s) if mode.mode == "drip" else answer


def _answer(vendor: Vendor, mode: Mode, request: web.Request) -> web.Response:
    given = request.headers.get("Authorization", "").removeprefix("apikey ") or request.query.get("apikey")
    if given != vendor.key:
        return _error(401, MESSAGES[401], in_body=mode.in_body)
    if mode.mode == "html":
        return web.Response(text="<!doctype html><title>Just a moment...</title>", content_type="text/html")
    if mode.mode in ("not_json", "no_values"):
        return web.Response(text='{"meta": {' if mode.mode == "not_json" else "{}", content_type="application/json")
    if mode.mode.isdigit():
        return _error(int(mode.mode), MESSAGES[int(mode.mode)], in_body=mode.in_body)
    minute, day = vendor.spend()
    if mode.mode == "429_day" or day > A_DAY:
        return _error(429, DAY_MESSAGE, in_body=mode.in_body)
    if mode.mode == "429_minute" or minute > A_MINUTE:
        return _error(429, MINUTE_MESSAGE, in_body=mode.in_body)
    headers = {"api-credits-used": str(minute), "api-credits-left": str(max(0, A_MINUTE - minute))}
    try:
        body = _series(vendor, mode, request.query)
    except (KeyError, ValueError):
        return _error(400, MESSAGES[400], in_body=mode.in_body)
    return web.json_response(body, headers=headers)


def _error(code: int, message: str, *, in_body: bool) -> web.Response:
    body = {"code": code, "message": message, "status": "error"}
    return web.json_response(body, status=200 if in_body else code)


def _series(vendor: Vendor, mode: Mode, query: Any) -> dict[str, Any]:
    """Raises KeyError and ValueError for a question that the vendor would not take."""
    interval = query["interval"]
    seconds, zone = SECONDS[interval], ZoneInfo(query.get("timezone", DEFAULT_ZONE).replace("Exchange", DEFAULT_ZONE))
    size = int(query.get("outputsize", DEFAULT_SIZE))
    if query["symbol"] != SYMBOL or not 1 <= size <= MOST_SIZE:
        raise ValueError(query["symbol"])
    rows = _rows(vendor, mode, seconds, size)
    values = [
        {
            "datetime": at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            **{name: f"{price:.5f}" for name, price in zip(("open", "high", "low", "close"), bar, strict=True)},
        }
        for at, bar in rows
    ]
    if query.get("order", "DESC").upper() != "ASC":
        values.reverse()
    meta = {"symbol": SYMBOL, "interval": interval, "currency_base": "Gold Spot", "currency_quote": "US Dollar",
            "type": "Precious Metal"}  # fmt: skip
    return {"meta": meta, "values": values, "status": "ok"}


def _rows(vendor: Vendor, mode: Mode, seconds: int, size: int) -> list[tuple[datetime, Bar]]:
    """The newest `size` bars, oldest first."""
    now = vendor.now()
    newest = int(now.timestamp()) // seconds * seconds
    found: list[tuple[datetime, Bar]] = []
    for stamp in range(newest, newest - 90 * 86_400, -seconds):
        if len(found) >= size:
            break
        at = datetime.fromtimestamp(stamp, UTC)
        found += [(at, bar) for bar in _told(vendor, mode, at, seconds, now)]
    return found[:size][::-1]


def _told(vendor: Vendor, mode: Mode, at: datetime, seconds: int, now: datetime) -> list[Bar]:
    """What the vendor says of one bar: nothing, once or twice."""
    bar = vendor.candles.bar(at, seconds)
    chance = random.Random(int(at.timestamp()) + seconds)
    closed_at = at + timedelta(seconds=seconds)
    if bar is None:
        return [(2000.0, 2000.0, 2000.0, 2000.0)] if mode.stray and at.weekday() == 5 and not at.hour % 6 else []
    if closed_at > now:
        share = 0.5  # half of the way that it will have gone
        half = tuple(round(bar[0] + (price - bar[0]) * share, 5) for price in bar)
        return [half] if mode.forming else []  # type: ignore[list-item]
    if closed_at + timedelta(seconds=mode.lag_s) > now or chance.random() < mode.missing:
        return []
    if chance.random() < mode.impossible:
        return [(bar[0], bar[2] - 1, bar[1] + 1, bar[3])]
    if chance.random() < mode.revised:
        bar = (bar[0], bar[1] + 0.5, bar[2], bar[3])
    return [bar, bar] if chance.random() < mode.doubled else [bar]


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
    stream.headers["Date"] = answer.headers["Date"]
    stream.content_length = len(body)
    await stream.prepare(request)
    with contextlib.suppress(ConnectionError):
        for index in range(len(body)):
            await stream.write(body[index : index + 1])
            await asyncio.sleep(delay_s)
    return stream


async def _mode(request: web.Request) -> web.Response:
    if request.method == "PUT":
        request.app[VENDOR].mode = Mode.parse(await request.json())
    return web.json_response(asdict(request.app[VENDOR].mode))


async def _clock(request: web.Request) -> web.Response:
    vendor = request.app[VENDOR]
    if request.method == "PUT":
        told = (await request.json())["at"]
        vendor.at = datetime.fromisoformat(told).astimezone(UTC) if told else None
    return web.json_response({"at": vendor.now().isoformat(), "stands": vendor.at is not None})


async def _calls(request: web.Request) -> web.Response:
    vendor = request.app[VENDOR]
    credits = {day: count for day, count in vendor.used.items() if len(day) == len("2024-01-01")}
    return web.json_response({"count": vendor.count, "credits": credits, "calls": vendor.calls})


async def _reset(request: web.Request) -> web.Response:
    request.app[VENDOR].reset()
    return web.json_response({"status": "ok"})


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


VENDOR: web.AppKey[Vendor] = web.AppKey("vendor", Vendor)


def make_app(path: Path = SEED, key: str = KEY) -> web.Application:
    app = web.Application()
    app[VENDOR] = Vendor(Candles(path), key)
    app.router.add_get("/time_series", _time_series)
    app.router.add_get("/_control/health", _health)
    app.router.add_route("GET", "/_control/mode", _mode)
    app.router.add_route("PUT", "/_control/mode", _mode)
    app.router.add_route("GET", "/_control/clock", _clock)
    app.router.add_route("PUT", "/_control/clock", _clock)
    app.router.add_get("/_control/calls", _calls)
    app.router.add_post("/_control/reset", _reset)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--csv", type=Path, default=SEED, help="quarter-hours to replay")
    args = parser.parse_args()
    key = os.environ.get("TWELVE_DATA_API_KEY", KEY)
    web.run_app(make_app(args.csv, key), host=args.host, port=args.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
