"""Kills, database restarts, lost answers, 429s and disorder under updates and sends: nothing lost, nothing twice.

Updates go through the functions in their containers, behind a proxy that kills the caller (SIGKILL) before a request
is forwarded or before its answer returns; Postgres keeps fsync on and crashes with its sessions open; a tenth of the
updates arrives twice or late; Telegram's limits are enforced. It runs until nothing moves. Then a referee that knows
nothing of the library compares the orders, written down before, with the simulator's log and SQL.

duplicate_effects: rows or usage events twice for one cause, and messages twice of a kind that is never sent again.
injected_ambiguities: lost answers, and calls of which a kill, or a crash of the database (at_restarts), left the
intent stored and the outcome not (open_calls: the request had reached Telegram; open_intents: it had not, which nobody
inside can know).
FAULTS_BOTS, FAULTS_CHATS, FAULTS_KILLS, FAULTS_RATE (acts a second) and FAULTS_SEED make another run.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psycopg2

from scripts.benches.faults_house import ROOT, House
from scripts.benches.faults_orders import plan
from scripts.benches.faults_people import Control, People
from scripts.benches.faults_proxy import Kill, Points
from scripts.benches.faults_record import Record

Progress = Callable[[str], None]
SHARES = {"double_share": 0.07, "overtaken_share": 0.07, "deaf_share": 0.01}
LOST_ANSWERS = 0.02
QUIET_WITHIN_S = 300.0
NETWORK_NICE = -10
ANSWERS_WITHIN_S = 30.0
_LEFT_OPEN = """
    SELECT outbox.id, bots.telegram_id, outbox.chat_id, outbox.method, extract(epoch FROM outbox.intent_at)::float8
    FROM outbox JOIN bots ON bots.id = outbox.bot_id
    WHERE outbox.state = 'leased' AND outbox.intent_at IS NOT NULL AND (%(all)s OR outbox.lease_token = ANY(%(dead)s))
"""
_MOVING = """
    SELECT (SELECT count(*) FROM telegram_updates WHERE state IN ('leased', 'waiting'))
        + (SELECT count(*) FROM outbox WHERE state IN ('leased', 'waiting'))
"""
# Time passes for what the dead hold.
_END_LEASES = """
    UPDATE outbox SET lease_until = now() - interval '1 s' WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM outbox WHERE state = 'leased' AND lease_token = ANY(%(dead)s) FOR UPDATE SKIP LOCKED);
    UPDATE telegram_updates SET lease_until = now() - interval '1 s' WHERE (tenant_id, bot_id, update_id) IN (
        SELECT tenant_id, bot_id, update_id FROM telegram_updates
        WHERE state = 'leased' AND lease_token = ANY(%(dead)s) FOR UPDATE SKIP LOCKED);
    UPDATE sender_shifts SET held_until = now() - interval '1 s' WHERE number IN (
        SELECT number FROM sender_shifts WHERE holder = ANY(%(dead)s) FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True)
class Size:
    """How much of everything. is_fast: the leases of whoever was killed end at the next tick, not in their time."""

    bots: int
    chats: int
    kills: int
    rate: float
    restarts: int
    bursts: int
    seed: int = 20261122
    at_once: int = 40
    spread_s: float = 20.0
    tick_s: float = 5.0
    is_fast: bool = False


FULL = Size(
    bots=int(os.environ.get("FAULTS_BOTS", "100")),
    chats=int(os.environ.get("FAULTS_CHATS", "2500")),
    kills=int(os.environ.get("FAULTS_KILLS", "310")),
    rate=float(os.environ.get("FAULTS_RATE", "30")),
    restarts=5,
    bursts=30,
    is_fast=True,
    seed=int(os.environ.get("FAULTS_SEED", "20261122")),
)


def run(progress: Progress) -> dict[str, Any]:
    return run_size(FULL, progress)


def run_size(size: Size, progress: Progress) -> dict[str, Any]:
    """The figures of one run; `problems` says what was wrong, in words, and then its records are kept."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    figures = asyncio.run(_Run(size, folder, progress).go())
    if figures["problems"]:
        progress(f"orders, calls, kills and the database are in {folder}")
    else:
        shutil.rmtree(folder)
    return figures


class _Run:
    def __init__(self, size: Size, folder: Path, progress: Progress) -> None:
        self._size, self._folder, self._progress = size, folder, progress
        self._rng = random.Random(size.seed)
        self._house = House(folder)
        self._points = Points(size.seed, lambda: self._house.gateway_pid, self._killed)
        self._kills: list[Kill] = []
        self._notes: list[asyncio.Task[None]] = []
        self._dead: set[str] = set()
        self._done: Counter[str] = Counter()

    async def go(self) -> dict[str, Any]:
        began = time.monotonic()
        proxies = await self._house.open(self._points, self._size.bots)
        usual = os.getpriority(os.PRIO_PROCESS, 0)
        with contextlib.suppress(PermissionError):
            # This thread stands for a network, which does not starve when processes do.
            os.setpriority(os.PRIO_PROCESS, 0, NETWORK_NICE)
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
                figures = await self._trouble(session)
        finally:
            os.setpriority(os.PRIO_PROCESS, 0, usual)
            for proxy in proxies:
                await proxy.stop()
            self._house.close()
        return {**figures, "seconds": round(time.monotonic() - began, 1)}

    async def _trouble(self, session: aiohttp.ClientSession) -> dict[str, Any]:
        house, size = self._house, self._size
        chats = plan(house.bots, size.chats, size.seed)
        (self._folder / "orders.json").write_text(json.dumps([chat.as_record() for chat in chats]))
        self._control = Control(session, house.telegram, house.funderpro)
        record = Record(session, house.telegram, self._folder / "calls.jsonl")
        people = People(self._control, record, house.dsn, rate=size.rate, seed=size.seed, spread_s=size.spread_s)
        await people.set_scene(chats)
        await self._control.telegram("PUT", "/settings", flood=True, **SHARES)
        await self._control.telegram("POST", "/faults", kind="lost_answer", times=None, share=LOST_ANSWERS)
        steps = sum(len(chat.steps) for chat in chats)
        self._progress(f"{len(house.bots)} bots, {len(chats)} chats, {steps} updates, {size.kills} kills")
        self._lasts_s = max(steps / size.rate, 1.0)
        background = [asyncio.create_task(each) for each in (record.follow(), self._tick(), self._report(people))]
        try:
            work = [people.live(chats, size.at_once), self._kill(), self._restart(), self._burst()]
            await asyncio.gather(*work)
            await asyncio.gather(*self._notes)
            await self._until_nothing_moves()
            while await record.look():
                await asyncio.sleep(0.2)  # until the last call has its answer
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
        return self._figures()

    async def _kill(self) -> None:
        pause_s = self._lasts_s / self._size.kills
        for _ in range(self._size.kills):
            await asyncio.sleep(self._rng.uniform(0.3, 1.3) * pause_s)  # until the next blow
            await self._points.strike()

    async def _restart(self) -> None:
        for _ in range(self._size.restarts):
            await asyncio.sleep(self._lasts_s / (self._size.restarts + 1))  # until the next one
            began = time.monotonic()
            await asyncio.to_thread(self._house.restart_database)
            self._done["database_restarts"] += 1
            await self._note(Kill(time.time(), "postgres", "crash", []))
            self._progress(f"the database was away for {time.monotonic() - began:.1f} s")

    async def _burst(self) -> None:
        for _ in range(self._size.bursts):
            await asyncio.sleep(self._lasts_s / (self._size.bursts + 1))  # until the next one
            trouble = {"retry_after": self._rng.randint(1, 4), "times": self._rng.randint(1, 3)}
            bot = self._rng.choice(self._house.bots)["username"]
            await self._control.telegram("POST", "/faults", kind="429", bot=bot, **trouble)
            self._done["bursts_of_429"] += 1

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._size.tick_s)  # the cron's minute, in short
            await self._tick_once()

    async def _tick_once(self) -> None:
        if self._size.is_fast:
            await self._rows(_END_LEASES, {"dead": sorted(self._dead)})
        with contextlib.suppress(OSError):
            await asyncio.to_thread(self._house.fire_tick)

    async def _report(self, people: People) -> None:
        while True:
            await asyncio.sleep(20)
            self._progress(f"{people.updates} updates, {len(self._kills)} kills, {await self._moving()} open")

    async def _until_nothing_moves(self) -> None:
        """Redelivery and the tick finish what was left; raises RuntimeError when they do not."""
        deadline = time.monotonic() + QUIET_WITHIN_S
        while time.monotonic() < deadline:
            await self._tick_once()
            # Telegram's own clock jumps over the wait for the next delivery.
            await self._control.telegram("PUT", "/clock", advance_s=60)
            await self._control.telegram("PUT", "/clock", mode="run")
            settled = await self._control.telegram("POST", "/settle", timeout_s=5)
            if settled["settled"] and not await self._moving() and not await self._pending():
                return
            await asyncio.sleep(1)  # between two looks
        raise RuntimeError(f"{await self._moving()} rows still move after {QUIET_WITHIN_S:g} s")

    async def _pending(self) -> bool:
        """True while Telegram has updates to deliver."""
        for bot in self._house.bots:
            updates = await self._control.telegram("GET", f"/updates?bot={bot['username']}")
            if any(update["state"] == "pending" for update in updates):
                return True
        return False

    def _killed(self, kill: Kill) -> None:
        """Notes what the victim left open: rows whose call was announced and whose outcome is not known."""
        self._kills.append(kill)
        self._notes.append(asyncio.create_task(self._note(kill)))

    async def _note(self, kill: Kill) -> None:
        """A database that died leaves open whatever was announced: the commit of an outcome may not have come back."""
        await asyncio.sleep(0.1)  # what the victim had sent to the server is through
        is_database = kill.function == "postgres"
        rows = await self._rows(_LEFT_OPEN, {"all": is_database, "dead": kill.tokens})
        names = ("row", "bot", "chat", "method", "intent_at")
        left = [dict(zip(names, row, strict=True)) for row in rows]
        with (self._folder / "kills.jsonl").open("a") as file:
            file.write(json.dumps({**kill.__dict__, "left_open": left}) + "\n")
        self._dead.update(kill.tokens)

    async def _moving(self) -> int:
        return int((await self._rows(_MOVING))[0][0])

    async def _rows(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
        """Asked in a thread: traffic goes on, or a lock would wait for what the proxy holds."""
        return await asyncio.to_thread(self._ask, sql, params)

    def _ask(self, sql: str, params: object) -> list[tuple[Any, ...]]:
        """What the database says, as soon as it says something; it restarts now and then."""
        deadline = time.monotonic() + ANSWERS_WITHIN_S
        while True:
            try:
                made = psycopg2.connect(self._house.dsn, options="-c lock_timeout=5000")
                with contextlib.closing(made) as connection, connection, connection.cursor() as cursor:
                    cursor.execute(sql, params)
                    return list(cursor.fetchall()) if cursor.description else []
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)  # while it restarts

    def _figures(self) -> dict[str, Any]:
        self._progress("the referee reads")
        command = [sys.executable, "-m", "scripts.benches.faults_referee", str(self._folder)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [*command, self._house.dsn, self._house.telegram],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        seen = json.loads(done.stdout)
        doubled = seen.pop("doubled_rows_and_kinds") + seen.pop("doubled_events")
        return {
            "bots": len(self._house.bots),
            "kills": len(self._kills),
            "kills_by_place": dict(Counter(kill.place for kill in self._kills)),
            "kills_by_function": dict(Counter(kill.function for kill in self._kills)),
            **self._done,
            **seen,
            "duplicate_effects": doubled,
            "seed": self._size.seed,
            "limits_lifted": ["600 a minute"],
        }


def wrong(figures: dict[str, Any]) -> Iterator[str]:
    """What must not be; nothing when the run was as it has to be."""
    for name in ("lost", "duplicate_effects", "duplicates_outside_ambiguous", "accepted_and_undone", "parked"):
        if figures[name]:
            yield f"{name}: {figures[name]}"
    if figures["ambiguous"] > figures["injected_ambiguities"]:
        yield f"{figures['ambiguous']} ambiguous, {figures['injected_ambiguities']} injected"
    yield from figures["problems"]
