"""How long functions take from nothing to their first answer, measured on built zips against the running product."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2

from scripts.local import build, project, runtime

EVENTS = project.ROOT / "tests" / "functions" / "events"
# Nothing runs beside what is measured, from the folders as in `make run`.
PRODUCT = {"PROMOSTACK_CRON": "off", "PROMOSTACK_FUNCTIONS": "folders"}
WARM_CALLS = 10
TOKENS = {"${OWNER_TOKEN}": "user_demo_owner", "${PLATFORM_TOKEN}": "user_platform"}
TOKEN_LIVES_S = 3_600
# Asks the library in a process of its own, which has the running product's variables.
_ASK_FOR_BOT = """
import json, os, psycopg2
from promostack.telegram import bots
with psycopg2.connect(os.environ["DATABASE_URL_DIRECT"]) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT tenant_id::text, id::text FROM bots LIMIT 1")
    print(json.dumps(bots.webhook_of(*cursor.fetchone())))
"""


@dataclass(frozen=True)
class Measured:
    """Medians over fresh processes, in milliseconds of wall clock; CPU of the process up to its first answer."""

    name: str
    zip_mib: float
    first_call_ms: float
    first_call_cpu_ms: float
    warm_call_ms: float


def demo_bot(values: Mapping[str, str]) -> dict[str, str]:
    """What a recorded update leaves open: the id in the webhook's address, and the secret that Telegram sends along."""
    environment = {**os.environ, **values, "PYTHONPATH": str(project.ROOT / "shared")}
    answer = subprocess.run(
        [sys.executable, "-c", _ASK_FOR_BOT], env=environment, check=True, capture_output=True, text=True
    )
    return dict(zip(("${BOT_ID}", "${BOT_SECRET}"), json.loads(answer.stdout), strict=True))


def placeholders(values: Mapping[str, str]) -> dict[str, str]:
    """What recorded events leave open: the demo bot, and session tokens that outlast a measurement."""
    return demo_bot(values) | {name: _token(values, subject) for name, subject in TOKENS.items()}


def _token(values: Mapping[str, str], subject: str) -> str:
    asked = {"subject": subject, "overrides": {"exp": int(time.time()) + TOKEN_LIVES_S}}
    address = f"{values['CLERK_API_BASE']}/_control/token"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, data=json.dumps(asked).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["token"])


def recorded(function: project.Function, outcome: str, fill: Mapping[str, str]) -> dict[str, Any]:
    """A recorded event and what it is answered with, placeholders filled in."""
    text = (EVENTS / f"{function.package}.{function.name}.{outcome}.json").read_text()
    for placeholder, value in fill.items():
        text = text.replace(placeholder, value)
    return dict(json.loads(text))


def measure(
    items: Sequence[build.Built], values: Mapping[str, str], *, rounds: int, warm_calls: int = WARM_CALLS
) -> list[Measured]:
    """Each function's accepted event in `rounds` fresh processes; functions take turns, so a busy moment hits all.

    Every call is another caller with another code, so that nothing is answered from what was stored before; what a
    tenant may do in an hour is forgotten after each process.
    Raises runtime.WrongAnswer when an answer is not the recorded one.
    """
    fill = placeholders(values)
    records = {item.function.path: recorded(item.function, "accepted", fill) for item in items}
    timings: dict[str, list[runtime.Timing]] = {item.function.path: [] for item in items}
    numbers = itertools.count(1)
    for _ in range(rounds):
        for item in items:
            path = item.function.path
            callers = [next(numbers) for _ in range(1 + warm_calls)]
            for number in callers:
                _add_code(values["FUNDERPRO_API_BASE"], number)
            events = [another_caller(records[path]["event"], number) for number in callers]
            env, status = item.function.resolved(values), records[path]["answer"].get("status")
            timings[path].append(asyncio.run(runtime.measure(item, env, events, status=status)))
            _forget_counts(values["DATABASE_URL_DIRECT"])
    return [_median(item, timings[item.function.path]) for item in items]


def _median(item: build.Built, timings: Sequence[runtime.Timing]) -> Measured:
    return Measured(
        name=item.function.path,
        zip_mib=item.zip_mib,
        first_call_ms=round(statistics.median(each.first_call_ms for each in timings), 1),
        first_call_cpu_ms=round(statistics.median(each.first_call_cpu_ms for each in timings), 1),
        warm_call_ms=round(statistics.median(each.warm_call_ms for each in timings), 1),
    )


def another_caller(event: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The recorded event from another address and chat, with a code of its own where it has one."""
    if "http" not in event:
        return dict(event)
    http = dict(event["http"])
    address = f"198.18.{number // 250}.{number % 250 + 1}"
    http["headers"] = {**http["headers"], "x-forwarded-for": f"{address}, 10.244.0.12", "do-connecting-ip": address}
    if http["isBase64Encoded"]:
        body = json.loads(base64.b64decode(http["body"]))
        if "update_id" in body:
            person = {**body["message"]["from"], "id": 10_000 + number}
            message = {"text": code(number), "from": person, "chat": {**body["message"]["chat"], "id": person["id"]}}
            body = {"update_id": body["update_id"] + number, "message": {**body["message"], **message}}
        elif "code" in body:
            body["code"] = code(number)
        http["body"] = base64.b64encode(json.dumps(body).encode()).decode()
    return {**event, "http": http}


def code(number: int) -> str:
    return f"PROBE-{number}"


def _forget_counts(dsn: str) -> None:
    with contextlib.closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM rate_limits")


def _add_code(simulator: str, number: int) -> None:
    address = f"{simulator}/_control/codes/{code(number)}"
    request = urllib.request.Request(address, data=b'{"percent": 10}', method="PUT")
    with urllib.request.urlopen(request, timeout=10):
        pass
