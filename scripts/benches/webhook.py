"""The bot's webhook: cold CPU of a duplicate and of an answer, warm times, getMe calls, from the tap to the picture.

Cold: a fresh emulator each time, unzipped before; CPU of its process up to the answer, connecting and committing
included. Warm: calls of one emulator, each a code that gets its answer, less what the simulators took for theirs, ten
a second: at 28 a second and more all of a bot's answers wait for the limiter, and that is what would be timed. getMe is
counted by the Telegram simulator over many updates. From tap to picture: new codes, one chat each, twenty at a time,
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
from itertools import takewhile
from typing import Any

import requests

from scripts.benches.statistics_ms import percentile
from scripts.local import build, measuring, product
from scripts.local.runtime import Emulator

FUNCTION = "hooks/telegram-webhook"
UPDATES = int(os.environ.get("WEBHOOK_UPDATES", "10000"))
CHATS = int(os.environ.get("WEBHOOK_CHATS", "300"))
WARM_PER_S = 10
COLD_ROUNDS, WARM_UPS, WARM_CALLS, AT_ONCE = 10, 20, min(300, CHATS), 20
CHAT_WARM_UPS = 2 * AT_ONCE
LATENCY_S = 0.05
LOOK_EVERY_S = 0.05
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
    return {
        **cold,
        **warm,
        **chats,
        "warm_per_s": WARM_PER_S,
        "updates": UPDATES,
        "chats": CHATS,
        "limits_lifted": ["guesses", "600 a minute"],
    }


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
            await asyncio.sleep(max(0.0, 1 / WARM_PER_S - times[-1]))
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
    users = scene.people(CHAT_WARM_UPS + CHATS, "tap")
    for number in range(len(users)):
        scene.know_code(f"TAP-{number:04d}")
    scene.crm_takes(LATENCY_S)
    scene.telegram("PUT", "/settings", latency_s=LATENCY_S)
    with _photos(scene) as photos, ThreadPoolExecutor(AT_ONCE) as pool:
        waits = []
        for part in (users[:CHAT_WARM_UPS], users[CHAT_WARM_UPS:]):
            before = _deliveries(scene)
            with _ticking(scene) as ticks:
                waits = list(
                    pool.map(lambda user: _one_chat(scene, photos, user, f"TAP-{users.index(user):04d}"), part)
                )
            invocations = _deliveries(scene) - before + sum(ticks)
    return {
        "code_to_picture_p50_ms": percentile(waits, 0.5),
        "code_to_picture_p95_ms": percentile(waits, 0.95),
        "invocations_per_step": round(invocations / (2 * CHATS), 3),
        "latency_ms": LATENCY_S * 1000,
    }


def _one_chat(scene: Scene, photos: Photos, user: int, code: str) -> float:
    """Seconds from the tap's POST until Telegram had the whole photo: code, gallery, a tap on its first format."""
    who = {"bot": scene.bot, "user": user}
    scene.telegram("POST", "/send", **who, text=code)
    gallery = photos.of(user, 1)
    button = gallery["params"]["reply_markup"]["inline_keyboard"][0][0]
    tapped_at = time.time()
    message_id = int(gallery["answer"]["result"]["message_id"])
    scene.telegram("POST", "/press", **who, message_id=message_id, data=button["callback_data"])
    return float(photos.of(user, 2)["read_at"]) - tapped_at


class Photos:
    """What the simulator was sent, by person; read by one thread, because twenty that ask would slow it down."""

    def __init__(self) -> None:
        self._calls: dict[int, list[dict[str, Any]]] = {}
        self._news = threading.Condition()

    def add(self, calls: Sequence[dict[str, Any]]) -> None:
        """Photos that came."""
        with self._news:
            for call in calls:
                self._calls.setdefault(int(call["chat_id"]), []).append(call)
            self._news.notify_all()

    def of(self, user: int, count: int) -> dict[str, Any]:
        """The count-th photo that was sent to that person."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._calls.get(user, ())) >= count, WAIT_S):
                raise RuntimeError(f"photo {count} for {user} did not come within {WAIT_S:g} s")
            return self._calls[user][count - 1]


@contextmanager
def _photos(scene: Scene) -> Iterator[Photos]:
    """The photos from now on."""
    photos, ended = Photos(), threading.Event()
    last = max((call["id"] for call in scene.calls("sendPhoto", limit=1)["calls"]), default=0)

    def follow() -> None:
        after = last
        while not ended.wait(LOOK_EVERY_S):
            calls = scene.calls("sendPhoto", after=after)["calls"]
            done = list(
                takewhile(lambda call: call["status"], calls)
            )  # the first that is on its way is looked at again
            photos.add([call for call in done if call["status"] == 200])
            after = max((call["id"] for call in done), default=after)

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield photos
    finally:
        ended.set()
        thread.join()


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
