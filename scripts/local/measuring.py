"""How long functions take from nothing to their first answer, measured on built zips against the running product."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local import build, project, runtime

EVENTS = project.ROOT / "tests" / "functions" / "events"
READY = "PROMOSTACK_READY "
# Asks the library in a process of its own, which has the running product's variables.
_ASK_FOR_BOT = """
import json, os, psycopg2
from promostack.telegram import bots
with psycopg2.connect(os.environ["DATABASE_URL_DIRECT"]) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT tenant_id::text, id::text FROM bots LIMIT 1")
    print(json.dumps(bots.webhook_of(*cursor.fetchone())))
"""


class ProductDidNotStart(RuntimeError):
    """The message holds the end of its output."""


@dataclass(frozen=True)
class Measured:
    """Medians over fresh processes, in milliseconds of wall clock."""

    name: str
    zip_mib: float
    first_call_ms: float
    warm_call_ms: float


@contextlib.contextmanager
def running_product() -> Iterator[dict[str, str]]:
    """The product on free ports with data of its own, until the end of the block; gives the values of its variables."""
    with tempfile.TemporaryDirectory(prefix="promostack-measuring-") as folder:
        environment = {**os.environ, "PORT": "0", "PROMOSTACK_DATA": folder, "PROMOSTACK_CRON": "off"}
        for name in ("DATABASE_URL", "DATABASE_URL_DIRECT", "PROMOSTACK_FUNCTIONS"):
            environment.pop(name, None)
        process = subprocess.Popen(
            [project.ROOT / "scripts" / "dev"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _wait_until_ready(process)
            yield json.loads((Path(folder) / "run.json").read_text())["values"]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(READY):
            return
    raise ProductDidNotStart("".join(said[-20:]))


def demo_bot(values: Mapping[str, str]) -> dict[str, str]:
    """What a recorded update leaves open: the id in the webhook's address, and the secret that Telegram sends along."""
    environment = {**os.environ, **values, "PYTHONPATH": str(project.ROOT / "shared")}
    answer = subprocess.run(
        [sys.executable, "-c", _ASK_FOR_BOT], env=environment, check=True, capture_output=True, text=True
    )
    return dict(zip(("${BOT_ID}", "${BOT_SECRET}"), json.loads(answer.stdout), strict=True))


def recorded(function: project.Function, outcome: str, fill: Mapping[str, str]) -> dict[str, Any]:
    """A recorded event and what it is answered with, placeholders filled in."""
    text = (EVENTS / f"{function.package}.{function.name}.{outcome}.json").read_text()
    for placeholder, value in fill.items():
        text = text.replace(placeholder, value)
    return dict(json.loads(text))


def measure(items: Sequence[build.Built], values: Mapping[str, str], *, rounds: int) -> list[Measured]:
    """Each function's accepted event, `rounds` fresh processes; functions take turns, so that a busy moment hits all.

    Raises runtime.WrongAnswer when an answer is not the recorded one.
    """
    fill = demo_bot(values)
    timings: dict[str, list[runtime.Timing]] = {item.function.path: [] for item in items}
    for _ in range(rounds):
        for item in items:
            record = recorded(item.function, "accepted", fill)
            timing = asyncio.run(runtime.measure(item, item.function.resolved(values), record))
            timings[item.function.path].append(timing)
    return [
        Measured(
            name=item.function.path,
            zip_mib=item.zip_mib,
            first_call_ms=round(statistics.median(each.first_call_ms for each in timings[item.function.path]), 1),
            warm_call_ms=round(statistics.median(each.warm_call_ms for each in timings[item.function.path]), 1),
        )
        for item in items
    ]
