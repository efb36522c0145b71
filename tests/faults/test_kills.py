"""Containers, the gateway, Postgres and the store are killed while pictures are ordered and chats go on.

The plan of effects is written to a file before anything starts. The referee reads only that file, the simulators'
record and SQL: every order answered, every accepted update done, every picture whole, nothing sent twice but by a call
whose outcome nobody knows.
"""

import hashlib
import json
import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from scripts.local import product as running
from tests.contract.telegram_calls import assert_valid
from tests.faults.product import Product, kill

FULL = os.environ.get("PROOFS") == "full"
KILLS = 300 if FULL else 60
IN_FLIGHT_AT_LEAST = KILLS // 2
# Orders go on until there were kills enough; the plan holds more than that takes.
ORDERS, CHATS = (12_000, 200) if FULL else (3_000, 24)
KILLING_DEADLINE_S = 1_200 if FULL else 240
SEED = 20261122
QUIET_DEADLINE_S = 240


@dataclass
class Record:
    """What the outside saw."""

    kills: dict[str, int] = field(default_factory=dict)
    in_flight: int = 0
    told_to_try_again: int = 0
    ordered: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory):
    """A product of the module's own; at the end every call that it made to Telegram is one that Telegram would take."""
    data_dir = tmp_path_factory.mktemp("kills")
    process = running.start(data_dir, PROMOSTACK_LIMITS="off")
    try:
        made = Product(running.wait_until_ready(process), data_dir, process)
        yield made
        assert_valid(made.facts["telegram"])
    finally:
        running.stop(process)


@pytest.mark.long
def test_nothing_is_lost_half_done_or_doubled_when_processes_are_killed(product: Product, tmp_path: Path) -> None:
    templates = requests.get(f"{product.base}/api/public/templates?tenant=demo", timeout=60).json()["items"]
    plan = {
        "orders": [f"ORDER-{number:04d}" for number in range(ORDERS)],
        "chats": [f"CHAT-{number:04d}" for number in range(CHATS)],
        "template": templates[0]["slug"],
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    for code in (*plan["orders"], *plan["chats"]):
        product.allow_code(code)

    record = Record()
    killed_enough = threading.Event()
    workers = [
        *(threading.Thread(target=_order, args=(product, plan, slot, record, killed_enough)) for slot in range(3)),
        *(threading.Thread(target=_chat, args=(product, plan, slot, record)) for slot in range(4)),
    ]
    killer = threading.Thread(target=_kill, args=(product, record, killed_enough))
    for thread in (*workers, killer):
        thread.start()
    for thread in (*workers, killer):
        thread.join()
    assert product.runs, "the product ended: " + "".join(product.process.said[-30:])
    _wait_until_nothing_moves(product)

    plan = json.loads((tmp_path / "plan.json").read_text())
    counts = _referee(product, plan, record)
    print(json.dumps(counts))
    assert record.problems == []
    assert sum(record.kills.values()) >= KILLS
    assert record.in_flight >= IN_FLIGHT_AT_LEAST


def _order(product: Product, plan: dict, slot: int, record: Record, killed_enough: threading.Event) -> None:
    """A client that orders pictures, and tries again until it has each, for as long as the killing goes on."""
    for number, code in enumerate(plan["orders"][slot::3]):
        if not product.runs or killed_enough.is_set():
            return
        record.ordered.append(code)
        deadline = time.monotonic() + 120
        while product.runs:
            try:
                address = f"10.{slot}.{number // 200}.{number % 200}"
                answer = product.render(code, template=plan["template"], address=address)
                if answer.status_code == 200:
                    break
                if _is_ours(answer) and answer.status_code < 500 and answer.status_code != 429:
                    record.problems.append(f"{code}: {answer.status_code} {answer.text[:200]}")
                    break
            except requests.RequestException:
                pass  # the gateway was killed under the call
            if time.monotonic() > deadline:
                record.problems.append(f"{code}: no picture within two minutes")
                break
            time.sleep(0.1)


def _is_ours(answer: requests.Response) -> bool:
    """False for the platform's own 400 in place of a container that died: its `error` is a text, ours an object."""
    return isinstance(answer.json().get("error"), dict)


def _chat(product: Product, plan: dict, slot: int, record: Record) -> None:
    """People who send a code, wait for the gallery and tap a format."""
    codes = plan["chats"][slot::4]
    users = {
        code: product.telegram("POST", "/users", first_name=code, username=_username(code))["id"] for code in codes
    }
    bot = product.look("/bots")[0]["username"]
    for code, user in users.items():
        product.telegram("POST", "/start", bot=bot, user=user)
        product.telegram("POST", "/send", bot=bot, user=user, text=code)
    for code, user in users.items():
        if not product.runs:
            return
        gallery = _await_message(product, bot, user, "reply_markup")
        if gallery is None:
            record.problems.append(f"{code}: no gallery")
            continue
        button = gallery["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        product.telegram("POST", "/press", bot=bot, user=user, message_id=gallery["message_id"], data=button)


def _await_message(product: Product, bot: str, user: int, key: str) -> dict | None:
    deadline = time.monotonic() + 150
    while product.runs and time.monotonic() < deadline:
        for message in _messages(product, bot, user):
            if key in message:
                return message
        time.sleep(0.25)  # between two looks at the chat
    return None


def _kill(product: Product, record: Record, killed_enough: threading.Event) -> None:
    """Kills at random, and waits for work in flight to kill, until there were kills enough."""
    rng = random.Random(SEED)
    deadline = time.monotonic() + KILLING_DEADLINE_S
    while product.runs and sum(record.kills.values()) < KILLS:
        if time.monotonic() > deadline:
            record.problems.append("the killing did not end in time")
            break
        kind = rng.choices(("container", "gateway", "s3", "postgres"), weights=(56, 2, 2, 2))[0]
        busy, idle = _containers(product)
        targets = (busy or idle) if kind == "container" else [product.service_pid(kind)]
        if not targets or targets[0] is None:
            continue
        kill(rng.choice(targets))
        record.in_flight += bool(busy)
        record.kills[kind] = record.kills.get(kind, 0) + 1
        time.sleep(rng.uniform(0.2, 1.2))  # the product gets to its feet between two blows
    killed_enough.set()


def _containers(product: Product) -> tuple[list[int], list[int]]:
    """(working, idle) containers, at a moment when one works if that comes within a second."""
    until = time.monotonic() + 1
    while True:
        containers = list(product.containers())
        busy = [pid for pid, is_working in containers if is_working]
        if busy or time.monotonic() > until:
            return busy, [pid for pid, is_working in containers if not is_working]


def _wait_until_nothing_moves(product: Product) -> None:
    """Telegram's redelivery and the tick finish what was left; fails when they do not."""
    deadline = time.monotonic() + QUIET_DEADLINE_S
    while time.monotonic() < deadline:
        product.fire_tick()
        settled = product.telegram("POST", "/settle", timeout_s=5)["settled"]
        open_rows = product.query(
            "SELECT (SELECT count(*) FROM telegram_updates WHERE state IN ('leased', 'waiting'))"
            " + (SELECT count(*) FROM outbox WHERE state IN ('leased', 'waiting'))"
        )[0][0]
        if settled and open_rows == 0:
            return
        time.sleep(1)  # between two ticks
    pytest.fail("something still moves: " + str(product.query("SELECT state, count(*) FROM outbox GROUP BY 1")))


def _referee(product: Product, plan: dict, record: Record) -> dict:
    """Compares the plan with what the outside and the database hold; adds what is wrong to `record.problems`."""
    _check_pictures(product, plan, record)
    photos = _check_chats(product, plan, record)
    ambiguous = product.query("SELECT coalesce(sum(ambiguities), 0)::int FROM outbox")[0][0]
    doubled = sum(count - 1 for count in photos.values() if count > 1)
    if doubled > ambiguous:
        record.problems.append(f"{doubled} pictures too many, but only {ambiguous} calls with an unknown outcome")
    return {
        "kills": record.kills,
        "in_flight": record.in_flight,
        "orders": len(record.ordered),
        "chats": len(plan["chats"]),
        "told_to_try_again": record.told_to_try_again,
        "doubled": doubled,
        "ambiguous": ambiguous,
        "problems": len(record.problems),
    }


def _check_pictures(product: Product, plan: dict, record: Record) -> None:
    """Every row's object is there and whole; every order has its row."""
    rows = product.query("SELECT object_key, sha256, bytes FROM renders")
    for object_key, sha256, size in rows:
        answer = requests.get(f"{product.base}/cdn/{object_key}", timeout=60)
        if hashlib.sha256(answer.content).hexdigest() != sha256 or len(answer.content) != size:
            record.problems.append(f"{object_key}: {answer.status_code}, not the picture of its row")
    if len(rows) < len(record.ordered):
        record.problems.append(f"{len(record.ordered)} orders, {len(rows)} pictures")


def _check_chats(product: Product, plan: dict, record: Record) -> dict[str, int]:
    """Pictures by chat; every accepted update is done or parked visibly, and every tap has its picture."""
    bot = product.look("/bots")[0]["username"]
    accepted = {each["id"] for each in product.look("/updates", bot=bot) if each["state"] == "delivered"}
    stored = dict(product.query("SELECT update_id, state FROM telegram_updates"))
    for update_id in accepted:
        if stored.get(update_id) not in ("done", "ignored"):
            record.problems.append(f"update {update_id} was accepted and is {stored.get(update_id)}")
    photos = {}
    for code in plan["chats"]:
        messages = _messages(product, bot, _username(code))
        sent = [each for each in messages if "photo" in each]
        photos[code] = sum(
            code in each.get("caption", "") and "Choose a format" not in each["caption"] for each in sent
        )
        if photos[code] == 0:
            record.problems.append(f"{code}: no picture in the chat")
    return photos


def _messages(product: Product, bot: str, user: int | str) -> list[dict]:
    shown = product.look("/messages", bot=bot, user=user)["messages"]
    return [each["message"] for each in shown if each["message"].get("from", {}).get("is_bot")]


def _asks_again(message: dict) -> bool:
    return any(part in message.get("text", "") for part in ("could not be made", "can't check"))


def _username(code: str) -> str:
    return code.lower().replace("-", "_")
