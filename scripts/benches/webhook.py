"""The bot's webhook: cold CPU of a duplicate and of an answer, warm times, getMe calls, from the tap to the picture.

Cold: a fresh emulator each time, unzipped before; CPU of its process up to the answer, connecting and committing
included. Warm: calls of one emulator, each a code that gets its answer, less what the simulators took for theirs. getMe
is counted by the Telegram simulator over many updates. From tap to picture: new codes, one chat each, twenty at a time,
Telegram and CRM with 50 ms; from the tap's POST until the simulator has read the whole photo. Invocations are the
deliveries that the simulator made, the ticks that the bench fired, and the senders that those started.
WEBHOOK_UPDATES and WEBHOOK_CHATS make it smaller.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import requests

from scripts.benches.statistics_ms import percentile
from scripts.local import build, measuring, product
from scripts.local.runtime import Emulator

FUNCTION = "hooks/telegram-webhook"
UPDATES = int(os.environ.get("WEBHOOK_UPDATES", "10000"))
CHATS = int(os.environ.get("WEBHOOK_CHATS", "300"))
COLD_ROUNDS, WARM_UPS, WARM_CALLS, AT_ONCE = 10, 20, min(300, CHATS), 20
LATENCY_S = 0.05
TICK_S = 20.0
WAIT_S = 120.0


class Scene:
    """The running product's simulators and the demo bot."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.values = facts["values"]
        self._telegram = f"{facts['telegram']}/_control"
        self._crm = f"{facts['funderpro']}/_control"
        self._gateway = facts["url"]
        self._fill = measuring.demo_bot(self.values)
        self.bot = next(each["username"] for each in self.telegram("GET", "/bots") if each.get("username"))
        self._update_ids = iter(range(900_000_000, 1_000_000_000))

    def telegram(self, method: str, path: str, /, **body: object) -> Any:
        answer = requests.request(method, f"{self._telegram}{path}", json=body or None, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def calls(self, method: str, **query: object) -> dict[str, Any]:
        wanted = {"method": method, "limit": 100_000, **query}
        answer = requests.get(f"{self._telegram}/calls", params=wanted, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())

    def know_code(self, code: str) -> None:
        requests.put(f"{self._crm}/codes/{code}", json={"percent": 10}, timeout=10).raise_for_status()

    def crm_takes(self, seconds: float) -> None:
        mode = {"mode": "slow", "delay_s": seconds} if seconds else {"mode": "normal"}
        requests.put(f"{self._crm}/mode", json=mode, timeout=10).raise_for_status()

    def people(self, count: int, name: str) -> list[int]:
        """Persons who have started the bot; the answers to that are out."""
        made = []
        for number in range(count):
            made.append(self.telegram("POST", "/users", first_name="P", username=f"{name}{number:05d}")["id"])
            self.telegram("POST", "/start", bot=self.bot, user=made[-1])
        self.telegram("POST", "/settle", timeout_s=50)
        return made

    def event(self, user: int, text: str) -> dict[str, Any]:
        """A text of that person as the platform hands it to the function."""
        person = {"id": user, "is_bot": False, "first_name": "P", "language_code": "en"}
        number = next(self._update_ids)
        message = {"message_id": number, "from": person, "chat": {"id": user, "type": "private"}, "date": 1767225600}
        body = json.dumps({"update_id": number, "message": {**message, "text": text}})
        headers = {
            "content-type": "application/json",
            "x-telegram-bot-api-secret-token": self._fill["${BOT_SECRET}"],
        }
        http = {"method": "POST", "path": f"/{self._fill['${BOT_ID}']}", "queryString": "", "headers": headers}
        return {"http": {**http, "body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}}

    def fire_tick(self) -> int:
        """What the platform's cron does; returns how many invocations it came to, its own included."""
        user, _, password = self.values["FUNCTIONS_ACCESS_KEY"].partition(":")
        address = f"{self._gateway}/api/v1/namespaces/_/actions/work/tick?blocking=true&result=true"
        result = requests.post(address, json={}, auth=(user, password), timeout=90).json()
        return 1 + int(result.get("started_senders", 0))


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    progress("building the zip")
    (item,) = [each for each in build.build() if each.function.path == FUNCTION]
    with product.running(**measuring.PRODUCT, PROMOSTACK_LIMITS="off") as facts:
        scene = Scene(facts)
        env = item.function.resolved(scene.values)
        progress(f"cold: {COLD_ROUNDS} duplicates and answers")
        cold = asyncio.run(_cold(scene, item, env))
        progress(f"warm: {WARM_CALLS} answers, then {UPDATES} updates")
        warm = asyncio.run(_warm(scene, item, env))
        progress(f"{CHATS} chats, {AT_ONCE} at a time")
        chats = _chats(scene)
    return {**cold, **warm, **chats, "updates": UPDATES, "chats": CHATS, "limits_lifted": ["guesses", "600 a minute"]}


async def _cold(scene: Scene, item: build.Built, env: dict[str, str]) -> dict[str, Any]:
    duplicates, answers = [], []
    for number, user in enumerate(scene.people(COLD_ROUNDS, "cold")):
        scene.know_code(f"COLD-{number}")
        event = scene.event(user, f"COLD-{number}")
        for taken in (answers, duplicates):  # the second delivery of the same update is the duplicate
            async with Emulator(item, env, unzipped=True) as emulator:
                _check(await emulator.call(event), emulator)
                taken.append(emulator.container.cpu_ms())
    return {
        "duplicate_cold_cpu_ms": round(statistics.median(duplicates), 1),
        "answer_cold_cpu_ms": round(statistics.median(answers), 1),
    }


async def _warm(scene: Scene, item: build.Built, env: dict[str, str]) -> dict[str, Any]:
    users = scene.people(WARM_UPS + WARM_CALLS, "warm")
    for number in range(len(users)):
        scene.know_code(f"WARM-{number}")
    times, asked = [], scene.calls("getMe", limit=1)["count"]
    async with Emulator(item, env, unzipped=True) as emulator:
        for number, user in enumerate(users):
            event = scene.event(user, f"WARM-{number}")
            started = time.perf_counter()
            _check(await emulator.call(event), emulator)
            times.append(time.perf_counter() - started)
        waits = _vendors_seconds(scene, users)
        for number in range(UPDATES):
            _check(await emulator.call(scene.event(users[number % len(users)], "/help")), emulator)
    own = [took - waits.get(user, 0.0) for took, user in zip(times, users, strict=True)][WARM_UPS:]
    return {
        "warm_p50_ms": percentile(own, 0.5),
        "warm_p99_ms": percentile(own, 0.99),
        "getme_calls": scene.calls("getMe", limit=1)["count"] - asked,
    }


def _vendors_seconds(scene: Scene, users: Sequence[int]) -> dict[int, float]:
    """What the Telegram simulator itself took for each person's gallery."""
    took: dict[int, float] = {}
    wanted = set(users)
    for call in scene.calls("sendPhoto")["calls"]:
        if call["chat_id"].lstrip("-").isdecimal() and int(call["chat_id"]) in wanted:
            took[int(call["chat_id"])] = took.get(int(call["chat_id"]), 0.0) + call["ms"] / 1000
    return took


def _chats(scene: Scene) -> dict[str, Any]:
    users = scene.people(CHATS, "tap")
    for number in range(CHATS):
        scene.know_code(f"TAP-{number:04d}")
    scene.crm_takes(LATENCY_S)
    scene.telegram("PUT", "/settings", latency_s=LATENCY_S)
    before = _deliveries(scene)
    with _ticking(scene) as ticks, ThreadPoolExecutor(AT_ONCE) as pool:
        tapped = list(pool.map(lambda pair: _one_chat(scene, *pair), enumerate(users)))
    waits = [read_at - at for at, read_at in tapped]
    invocations = _deliveries(scene) - before + sum(ticks)
    return {
        "code_to_picture_p50_ms": percentile(waits, 0.5),
        "code_to_picture_p95_ms": percentile(waits, 0.95),
        "invocations_per_step": round(invocations / (2 * CHATS), 3),
        "latency_ms": LATENCY_S * 1000,
    }


def _one_chat(scene: Scene, number: int, user: int) -> tuple[float, float]:
    """(when the tap was posted, when Telegram had the whole photo): a code, the gallery, a tap on its first format."""
    who = {"bot": scene.bot, "user": user}
    scene.telegram("POST", "/send", **who, text=f"TAP-{number:04d}")
    gallery = _await_photo(scene, user, 1)
    shown = scene.telegram("GET", f"/messages?bot={scene.bot}&user={user}")["messages"]
    message = next(each["message"] for each in shown if each["message"]["message_id"] == _message_id(gallery))
    button = message["reply_markup"]["inline_keyboard"][0][0]
    tapped_at = time.time()
    scene.telegram("POST", "/press", **who, message_id=message["message_id"], data=button["callback_data"])
    return tapped_at, float(_await_photo(scene, user, 2)["read_at"])


def _await_photo(scene: Scene, user: int, count: int) -> dict[str, Any]:
    """The count-th photo that was sent to that person."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        calls = [each for each in scene.calls("sendPhoto", chat_id=user)["calls"] if each["status"] == 200]
        if len(calls) >= count:
            return dict(calls[count - 1])
        time.sleep(0.1)  # between two looks at the simulator's record
    raise RuntimeError(f"photo {count} for {user} did not come within {WAIT_S:g} s")


def _message_id(call: dict[str, Any]) -> int:
    return int(call["answer"]["result"]["message_id"])


@contextmanager
def _ticking(scene: Scene) -> Iterator[list[int]]:
    """The cron's tick, now and then; the list fills with what each came to."""
    ticks: list[int] = []
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(TICK_S):
            ticks.append(scene.fire_tick())

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        yield ticks
    finally:
        ended.set()
        thread.join()


def _deliveries(scene: Scene) -> int:
    """How often the simulator has called the webhook."""
    return sum(len(update["attempts"]) for update in scene.telegram("GET", f"/updates?bot={scene.bot}"))


def _check(result: dict[str, Any], emulator: Emulator) -> None:
    if result.get("statusCode") not in (200, 204):
        raise RuntimeError(f"{FUNCTION} answered {result}\n" + "\n".join(emulator.log))
