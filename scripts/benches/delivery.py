"""Jobs a second beside procrastinate, claiming from a long queue, and what one more bot costs a warm sender.

Both queues hold the same number of waiting rows in the same durable server (fsync and synchronous_commit on), and as
many processes with the same payload work on them in turns; a job does nothing, one completion is one commit. Ours keeps
its limits meanwhile: the rows belong to a thousand bots of fifty tenants, and each call waits for its slot. The claim
leases 10 000 due rows of ten bots out of all waiting ones, as a sender does. A bot's cost is the difference between the
first message that a warm sender sends for each of 900 bots and the later ones, in CPU time, against a server that
answers at once; memory is the slope from 100 to 1 000 bots. DELIVERY_ROWS and DELIVERY_SECONDS make it smaller.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from typing import Any

from scripts.benches import delivery_world, limiter
from scripts.benches.delivery_world import TEXT, World

ROWS = int(os.environ.get("DELIVERY_ROWS", "1000000"))
SECONDS = float(os.environ.get("DELIVERY_SECONDS", "10"))
ROUNDS, PROCESSES, WARM_UP_S = 3, 4, 3.0
BOTS, TENANTS = 1_000, 50
DUE, DUE_BOTS = 10_000, 10
FIRST_BOTS, TOTAL_BOTS = 100, 1_000


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    with delivery_world.world(bots=BOTS, tenants=TENANTS) as world:
        progress(f"{ROWS} waiting rows for each of the two queues")
        _fill(world)
        rates = _rates(world, progress)
        progress(f"claiming {DUE} due rows of {ROWS}")
        claim_s = _claim(world)
    with delivery_world.world(bots=TOTAL_BOTS, tenants=TENANTS) as world:
        progress(f"{TOTAL_BOTS} bots through one sender")
        bot = _bots(world)
    return {**rates, "claim_10k_of_1m_s": claim_s, **bot, "rows": ROWS, "processes": PROCESSES, "limits_lifted": []}


def _fill(world: World) -> None:
    import procrastinate

    world.add_messages(ROWS)
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=world.owner))
    with app.open():
        app.schema_manager.apply_schema()
    world.query(
        "INSERT INTO procrastinate_jobs (task_name, queue_name, args)"
        " SELECT 'send', 'default', jsonb_build_object('chat_id', number, 'method', 'sendMessage', 'text', %s::text)"
        " FROM generate_series(1, %s) AS number",
        TEXT,
        ROWS,
    )
    world.query("VACUUM ANALYZE procrastinate_jobs")
    world.query("CHECKPOINT")


def _rates(world: World, progress: Callable[[str], None]) -> dict[str, Any]:
    """Medians over the rounds, in which the two take turns."""
    finished = {
        "ours": "SELECT count(*) FROM outbox WHERE state = 'sent'",
        "procrastinate": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'",
    }
    environments = {"ours": world.environment(), "procrastinate": world.environment(DATABASE_URL=world.owner)}
    rates: dict[str, list[float]] = {name: [] for name in finished}
    for number in range(ROUNDS):
        for name, query in finished.items():
            rates[name].append(_rate(world, name, query, environments[name]))
            progress(f"round {number + 1}: {name} {rates[name][-1]:.0f} a second")
    return {
        "jobs_per_s": round(statistics.median(rates["ours"]), 1),
        "procrastinate_jobs_per_s": round(statistics.median(rates["procrastinate"]), 1),
        "rounds": {name: [round(rate, 1) for rate in each] for name, each in rates.items()},
    }


def _rate(world: World, name: str, finished: str, environment: dict[str, str]) -> float:
    """Completions a second, between two counts; the processes run before and after."""
    arguments = (name, str(SECONDS + 2 * WARM_UP_S + 10))
    workers = [
        delivery_world.process(
            "delivery_worker", *arguments, environment=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(PROCESSES)
    ]
    try:
        before = int(world.query(finished)[0][0])
        deadline = time.monotonic() + 60
        while int(world.query(finished)[0][0]) < before + 200:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not work")
            time.sleep(0.2)
        time.sleep(WARM_UP_S)
        first, began = int(world.query(finished)[0][0]), time.monotonic()
        time.sleep(SECONDS)
        last, ended = int(world.query(finished)[0][0]), time.monotonic()
        return (last - first) / (ended - began)
    finally:
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.wait()


def _claim(world: World) -> float:
    """Seconds until the due rows are leased, by the sender's own claims."""
    from promostack.delivery import claims
    from promostack.delivery.models import Counts
    from promostack.delivery.sender import CLAIM_MOST

    world.query("DELETE FROM outbox WHERE state <> 'waiting'")
    world.query("UPDATE outbox SET due_at = now() + interval '1 day'")
    missing = ROWS - int(world.query("SELECT count(*) FROM outbox")[0][0])
    world.add_messages(max(0, missing - DUE) + 1, due="now() + interval '1 day'")
    few = World(world.owner, world.app, world.bots[:DUE_BOTS])
    few.add_messages(DUE, due="now() - interval '1 minute' + number * interval '1 ms'")
    world.query("VACUUM ANALYZE outbox")  # a million rows were just rewritten, which no queue does to itself
    counts, claimed, began = Counts(), 0, time.monotonic()
    for tenant, bot in few.bots:
        while rows := claims.claim(tenant, bot, lease_token="bench", most=CLAIM_MOST, counts=counts):
            claimed += len(rows)
    took = time.monotonic() - began
    if claimed != DUE:
        raise RuntimeError(f"{claimed} rows were claimed instead of {DUE}")
    return round(took, 3)


def _bots(world: World) -> dict[str, Any]:
    with limiter.receiver(slowest_s=0.0) as address:
        environment = world.environment(TELEGRAM_API_BASE=address)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        worker = delivery_world.process("delivery_worker", "bots", "300", environment=environment, **pipes)
        try:
            first = World(world.owner, world.app, world.bots[:FIRST_BOTS])
            rest = World(world.owner, world.app, world.bots[FIRST_BOTS:])
            for _ in range(3):
                warm = _send(first, worker)
            new = _send(rest, worker)
            known = [_send(rest, worker) for _ in range(2)]
        finally:
            worker.kill()
            worker.wait()
    bots = len(rest.bots)
    known_cpu_s = statistics.mean(each["cpu_s"] for each in known)
    return {
        "bots": TOTAL_BOTS,
        "bot_ms": round(1000 * max(0.0, new["cpu_s"] - known_cpu_s) / bots, 3),
        "bot_mb": round((new["rss_mb"] - warm["rss_mb"]) / bots, 4),
        "message_cpu_ms": round(1000 * known_cpu_s / bots, 3),
    }


def _send(world: World, worker: subprocess.Popen[str]) -> dict[str, float]:
    """One message for each bot."""
    world.query("DELETE FROM chat_limiters")
    world.add_messages(len(world.bots))
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()
    while not (line := worker.stdout.readline()).startswith('{"sent"'):
        if not line:
            raise RuntimeError("the sender ended")
    done: dict[str, float] = json.loads(line)
    if done["sent"] != len(world.bots):
        raise RuntimeError(f"{done['sent']} of {len(world.bots)} messages were sent")
    return done
