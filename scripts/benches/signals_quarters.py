"""The quarter-hours of a file through the built scan and tracker, at the times at which the tick would start them.

Five tenants, each with one strategy, share the market. The vendor's stand-in replays the file by the clock that each
call brings along; Postgres and Telegram are those of the running product. Scans run at each close, the tracker at the
closes of five-minute bars while a signal is open. A chat's waits are forgotten between two calls, because hours pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import requests

from promostack.db.uow import unit_of_work
from promostack.signals import backtest, holes, market, market_calendar, repository
from promostack.signals.bars import History
from promostack.signals.candle_files import read_candles
from promostack.signals.candles import Candles
from promostack.signals.models import Settings
from promostack.telegram import bots
from scripts.benches.signals_compare import Lived, differences
from scripts.local import build, project
from scripts.local.container import LAUNCHER, Container, Folder
from scripts.local.runtime import ISOLATED

CLOCK = Path(__file__).with_name("signals_clock.py")
FUNCTIONS = ("work/forex-scan", "work/forex-track")
RIGHTS = {"can_post_messages": True, "can_edit_messages": True}
# The bars before are what the first question brings.
FIRST = 300
LIVING = "SELECT EXISTS (SELECT FROM signals WHERE state IN ('draft', 'open'))"


@dataclass(frozen=True)
class Pass:
    """Ticks of one run. `offsets_s`: after a close; without faults the one at the close itself is enough."""

    lag_s: float = 0.0
    missed: float = 0.0
    doubled: float = 0.0
    offsets_s: tuple[int, ...] = (0,)


PERFECT = Pass()
FAULTY = Pass(75.0, 0.05, 0.05, (5, 125))


@dataclass
class Replayed:
    lived: dict[str, Lived]
    differences: dict[str, list[str]]
    bars: int
    seconds: float
    scan_ms: list[float] = field(default_factory=list)
    credits: dict[str, int] = field(default_factory=dict)


class House:
    """The product's simulators and database, and five tenants in it."""

    def __init__(self, facts: Mapping[str, Any], file: Path) -> None:
        self.values = dict(facts["values"])
        self._telegram = f"{facts['telegram']}/_control"
        self.owner = psycopg2.connect(self.values["DATABASE_URL_DIRECT"])
        self.owner.autocommit = True
        self.candles = read_candles(file)
        self.behind_holes = set(_behind_holes(self.candles))
        self.tenants: dict[str, str] = {}

    def sql(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        with self.owner.cursor() as cursor:
            cursor.execute(statement, params or None)
            return cursor.fetchall() if cursor.description else []

    def empty_market(self) -> None:
        """Nobody else's signals, and no bars."""
        self.sql("UPDATE signal_settings SET strategy = NULL, queued = NULL")
        self.sql("UPDATE signals SET state = 'unpublished' WHERE state IN ('draft', 'open')")
        self.sql("TRUNCATE bars, bar_revisions")
        self.sql(
            "UPDATE feeds SET credits = 0, credits_day = '-infinity', asked_at = '-infinity',"
            " scan_asked_for = '-infinity', watch_asked_for = '-infinity', paused_until = NULL, pause_code = NULL"
        )

    def settle(self, key: str, params: Mapping[str, Any], since: datetime) -> None:
        """A tenant with a bot, a channel and this strategy."""
        tenant_id, name, channel_id = str(uuid4()), f"r{uuid4().hex[:12]}", str(uuid4())
        self.sql("INSERT INTO tenants (tenant_id, slug, name) VALUES (%s, %s, %s)", tenant_id, name, key)
        token = self._ask("/bots", username=f"{name}_bot", first_name="Replay")["token"]
        bot = bots.connect(tenant_id, token, webhook_base="http://127.0.0.1:9", call=_call)
        person = self._ask("/users", first_name="Ada", username=f"{name}p")["id"]
        chat = self._ask("/chats", type="channel", title="Gold", username=name, members=[person])["id"]
        self._ask("/chats/bot", chat=chat, bot=bot.username, by=person, **RIGHTS)
        self.sql(
            "INSERT INTO channels (tenant_id, id, bot_id, chat_id, title, connected_by, told_at, told_update)"
            " VALUES (%s, %s, %s, %s, 'Gold', %s, now(), 1)",
            tenant_id, channel_id, bot.id, chat, person,
        )  # fmt: skip
        chosen = Settings(channel_id=channel_id, strategy=key, params=params, active_since=since)
        with unit_of_work(tenant_id) as tx:
            repository.save_settings(tx, tenant_id, chosen)
        self.tenants[key] = tenant_id

    def lived(self, key: str) -> Lived:
        tenant_id, found = self.tenants[key], Lived()
        for at, fate, reason, evaluated_at in self.sql(
            "SELECT bar_closed_at, fate, reason, evaluated_at FROM signal_evaluations WHERE tenant_id = %s", tenant_id
        ):
            found.fates[at], found.evaluated_at[at] = (fate, reason), evaluated_at
        before = None
        with unit_of_work(tenant_id) as tx:
            while page := repository.list_signals(tx, tenant_id, before=before, most=200):
                before = (page[-1].bar_closed_at, page[-1].id)
                for signal in page:
                    found.plans[signal.bar_closed_at] = signal.plan
                    if signal.position is not None:
                        found.published_at[signal.bar_closed_at] = signal.position.published_at
                    if signal.position is not None and signal.state == "closed":
                        events = tuple(repository.list_events(tx, tenant_id, signal.id))
                        found.ended[signal.bar_closed_at] = (signal.position, events)
        return found

    def _ask(self, path: str, **body: object) -> Any:
        answer = requests.post(f"{self._telegram}{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()


def _behind_holes(candles: Candles) -> Iterator[datetime]:
    """Closes of bars before which one is missing: they wait a little for it, and the tick comes once more."""
    length = timedelta(seconds=candles.seconds)
    for index in range(1, len(candles)):
        is_next = candles.stamps[index - 1] + candles.seconds == candles.stamps[index]
        if not is_next and market_calendar.is_open(candles.opened_at(index) - length):
            yield candles.closed_at(index)


def replay(
    facts: Mapping[str, Any],
    file: Path,
    strategies: Mapping[str, Any],
    kind: Pass,
    *,
    most: int,
    progress: Callable[[str], None],
) -> Replayed:
    """At most so many bars of the file. `strategies`: made, by key."""
    house = House(facts, file)
    closes = [house.candles.closed_at(index) for index in range(FIRST, len(house.candles))][:most]
    house.empty_market()
    for key, strategy in strategies.items():
        house.settle(key, strategy.p.model_dump(mode="json"), closes[0] - timedelta(seconds=1))
    with _vendor(file, house.values["TWELVE_DATA_API_KEY"]) as vendor:
        vendor.put("mode", lag_s=kind.lag_s)
        started = time.monotonic()
        scan_ms = asyncio.run(_live(house, vendor, closes, kind, progress))
        seconds = time.monotonic() - started
        credits = vendor.session.get(f"{vendor.base}/_control/calls", timeout=30).json()["credits"]
    done = Replayed({}, {}, len(closes), seconds, scan_ms, credits)
    with unit_of_work(None) as tx:
        quarters = _stored(tx, "15min", closes[-1])
        finer = _stored(tx, "5min", closes[-1])
    for key, strategy in strategies.items():
        lived = done.lived[key] = house.lived(key)
        schedule = lived.schedule() if kind is not PERFECT else None
        report = backtest.run(strategy, History(quarters), finer=finer, schedule=schedule, since=closes[0])
        done.differences[key] = differences(lived, report, with_times=schedule is not None)
    return done


async def _live(
    house: House, vendor: Vendor, closes: list[datetime], kind: Pass, progress: Callable[[str], None]
) -> list[float]:
    chance, scan_ms = random.Random(17), []
    async with contextlib.AsyncExitStack() as stack:
        containers = {path: await _container(stack, path, {**house.values, **vendor.variables}) for path in FUNCTIONS}

        async def call(path: str, at: datetime) -> None:
            vendor.put("clock", at=at.isoformat())
            for _ in range(1 + (chance.random() < kind.doubled)):
                house.sql("DELETE FROM chat_limiters")
                answer = await containers[path].call(
                    {"at": at.isoformat()}, deadline_ms=int(time.time() * 1000) + 120_000
                )
                if not answer.get("ok") or answer["broken"]:
                    raise RuntimeError(f"{path} at {at}: {answer}")
                if path == FUNCTIONS[0]:
                    scan_ms.append(answer["cpu_ms"])

        for number, close in enumerate(closes):
            if number % 250 == 0:
                progress(f"bar {number} of {len(closes)}")
            for offset in kind.offsets_s:
                if chance.random() >= kind.missed:
                    await call(FUNCTIONS[0], close + timedelta(seconds=offset))
            if kind is PERFECT and close in house.behind_holes:
                await call(FUNCTIONS[0], close + holes.WAITS)
            for minutes in (5, 10):
                at = close + timedelta(minutes=minutes, seconds=kind.offsets_s[0])
                if at < closes[-1] and chance.random() >= kind.missed and house.sql(LIVING)[0][0]:
                    await call(FUNCTIONS[1], at)
    return scan_ms


async def _container(stack: contextlib.AsyncExitStack, path: str, values: Mapping[str, str]) -> Container:
    function = next(each for each in project.read() if each.path == path)
    built = next(iter(build.build([function])))
    python = [build.base_python(), *ISOLATED, str(CLOCK)]
    assert LAUNCHER.exists()
    container = await Container.start(
        path, source=Folder(built.folder), env=function.resolved(values), python=python, layer=build.LAYER
    )
    stack.push_async_callback(container.kill)
    return container


class Vendor:
    """Twelve Data's stand-in on a file of its own."""

    def __init__(self, base: str, key: str) -> None:
        self.base, self.session = base, requests.Session()
        self.variables = {"TWELVE_DATA_API_BASE": base, "TWELVE_DATA_API_KEY": key}

    def put(self, what: str, **values: object) -> None:
        self.session.put(f"{self.base}/_control/{what}", json=values, timeout=30).raise_for_status()


@contextlib.contextmanager
def _vendor(file: Path, key: str) -> Iterator[Vendor]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "scripts.local.twelve_data", "--port", str(port), "--csv", str(file)]
    process = subprocess.Popen(command, cwd=project.ROOT, env={"PATH": "/usr/bin:/bin", "TWELVE_DATA_API_KEY": key})
    made = Vendor(f"http://127.0.0.1:{port}", key)
    retries = requests.adapters.HTTPAdapter(max_retries=requests.adapters.Retry(12, backoff_factor=0.1))
    made.session.mount("http://", retries)
    try:
        made.session.get(f"{made.base}/_control/health", timeout=30).raise_for_status()
        yield made
    finally:
        process.terminate()
        process.wait()


def _stored(tx: Any, interval: Any, until: datetime) -> Any:
    """All stored bars, not only those that a scan reads."""
    from promostack.signals.candles import candles_from

    rows = tx.rows(
        "SELECT date_part('epoch', opened_at)::bigint AS stamp, open::float8, high::float8, low::float8, close::float8"
        " FROM bars WHERE symbol = %(symbol)s AND bar_interval = %(interval)s AND opened_at < %(until)s ORDER BY 1",
        symbol=market.SYMBOL, interval=interval, until=until,
    )  # fmt: skip
    return candles_from(interval, [tuple(row.values()) for row in rows])


def _call(token: str, method: str, params: dict[str, Any]) -> object:
    from promostack.integrations.telegram_bot import call

    return call(token, method, params)
