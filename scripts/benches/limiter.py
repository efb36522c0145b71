"""One bot's messages from many processes: never more than 30 in any second by the receiver's clock, and hardly fewer.

Every process is a whole sender (outbox, limiter, python-telegram-bot) on one bot with a large broadcast; one is killed
with SIGKILL every five seconds and replaced. The receiver notes arrivals by its own clock; all calls count, the window
slides over every instant. A limiter statement is a call of the database function that takes slots, whether it gave any
or not, counted by Postgres. The peer is python-telegram-bot's AIORateLimiter in as many processes.
LIMITER_PROCESSES and LIMITER_SECONDS make it smaller.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from scripts.benches import delivery_world
from scripts.benches.delivery_world import World
from scripts.local import supervisor

PROCESSES = int(os.environ.get("LIMITER_PROCESSES", "32"))
SECONDS = float(os.environ.get("LIMITER_SECONDS", "60"))
PEER_SECONDS = min(10.0, SECONDS)
KILL_EVERY_S = 5.0
START_WITHIN_S = 90
SEED = 20261122


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    with delivery_world.world(bots=1) as world, receiver() as address:
        world.query("ALTER DATABASE bench SET track_functions = 'pl'")
        world.add_messages(int((SECONDS + START_WITHIN_S) * 40))
        environment = world.environment(TELEGRAM_API_BASE=address)
        progress(f"{PROCESSES} senders, {SECONDS:g} s, one killed every {KILL_EVERY_S:g} s")
        ours = _measure(world, address, environment)
        progress(f"{PROCESSES} processes with AIORateLimiter, {PEER_SECONDS:g} s")
        peer = _peer(address, environment)
    return {"processes": PROCESSES, "seconds": SECONDS, **ours, **peer, "limits_lifted": []}


def _measure(world: World, address: str, environment: dict[str, str]) -> dict[str, Any]:
    senders = [_start("ours", environment) for _ in range(PROCESSES)]
    try:
        _wait_for(address, calls=60)
        requests.delete(f"{address}/arrivals", timeout=10)
        statements, kills, rng = _statements(world), 0, random.Random(SEED)
        began = time.monotonic()
        while (left := began + SECONDS - time.monotonic()) > 0:
            time.sleep(min(KILL_EVERY_S, left))
            if left > KILL_EVERY_S:
                victim = rng.randrange(PROCESSES)
                senders[victim].kill()
                senders[victim].wait()
                senders[victim] = _start("ours", environment)
                kills += 1
        took = time.monotonic() - began
        arrivals = requests.get(f"{address}/arrivals", timeout=10).json()
        used = _statements(world) - statements
    finally:
        _end(senders)
    return {
        "max_in_any_second": most_in_any_second(arrivals),
        "sustained_per_s": round(len(arrivals) / took, 2),
        "limiter_statements_per_send": round(used / len(arrivals), 3),
        "sends": len(arrivals),
        "kills": kills,
    }


def _peer(address: str, environment: dict[str, str]) -> dict[str, Any]:
    senders = [_start("aiorate", environment) for _ in range(PROCESSES)]
    try:
        requests.delete(f"{address}/arrivals", timeout=10)
        _wait_for(address, calls=60)
        time.sleep(PEER_SECONDS)
        arrivals = requests.get(f"{address}/arrivals", timeout=10).json()
    finally:
        _end(senders)
    return {"aioratelimiter_max_in_any_second": most_in_any_second(arrivals)}


def most_in_any_second(arrivals: list[float]) -> int:
    """The most arrivals in any window of one second, open at one end."""
    ordered, first, most = sorted(arrivals), 0, 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _statements(world: World) -> int:
    found = world.query("SELECT sum(calls) FROM pg_stat_user_functions WHERE funcname = 'reserve_slots'")
    return int(found[0][0] or 0)


@contextmanager
def receiver(slowest_s: float = 0.3) -> Iterator[str]:
    """A server that only notes when calls arrive; gives its address."""
    port = supervisor.free_ports(1)[0]
    process = delivery_world.process("limiter_receiver", str(port), str(slowest_s), environment=os.environ)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_WITHIN_S
    try:
        while True:
            try:
                requests.get(f"{address}/arrivals", timeout=5)
                break
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


def _start(kind: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return delivery_world.process("limiter_sender", kind, environment=environment, stdout=subprocess.DEVNULL)


def _wait_for(address: str, *, calls: int) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while len(requests.get(f"{address}/arrivals", timeout=10).json()) < calls:
        if time.monotonic() > deadline:
            raise RuntimeError("the senders do not send")
        time.sleep(0.2)


def _end(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()
