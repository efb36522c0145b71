"""A bot's token is replaced at Telegram and given anew while people write to it: what is lost, what is said twice."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4

from scripts.benches.onboarding_world import World

SECONDS = float(os.environ.get("ONBOARDING_RENEWAL_S", "30"))
UPDATES_A_S, PEOPLE = 50, 100
RENEW_EVERY_S = 6.0
# Answers leave at the rate that Telegram allows a bot, so a part of them comes later.
ENDS_WITHIN_S = 300.0
LOOK_EVERY_S = 1.0


def renewed_under_load(world: World) -> dict[str, Any]:
    """Counts of updates and renewals; `lost`: messages without an answer, `doubled`: answers too many."""
    call = world.newcomer()
    bot = world.telegram("POST", "/bots", username=f"r{uuid4().hex[:12]}_bot", first_name="Gold")
    bot_id = call("POST", "client/connections/bots", token=bot["token"])["id"]
    people = [world.user() for _ in range(PEOPLE)]
    for each in people:
        world.telegram("POST", "/start", bot=bot["id"], user=each)
    _answers_when_still(world, bot["id"], PEOPLE)
    ended = threading.Event()
    renewals: list[float] = []

    def renew() -> None:
        while not ended.wait(RENEW_EVERY_S):
            token = world.telegram("POST", "/bots/token", bot=bot["id"])["token"]
            began = time.perf_counter()
            call("PUT", f"client/bots/{bot_id}/token", token=token)
            renewals.append(time.perf_counter() - began)

    renewing = threading.Thread(target=renew)
    renewing.start()
    sent, began = Counter(dict.fromkeys(people, 1)), time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        while sent.total() - PEOPLE < passed * UPDATES_A_S:
            who = people[sent.total() % PEOPLE]
            world.telegram("POST", "/send", bot=bot["id"], user=who, text="/help")
            sent[who] += 1
        time.sleep(0.005)
    took = time.perf_counter() - began
    ended.set()
    renewing.join()
    answered = _answers_when_still(world, bot["id"], sent.total())
    return {
        "renewal_updates": sent.total() - PEOPLE,
        "renewal_updates_per_s": round((sent.total() - PEOPLE) / took, 1),
        "renewals": len(renewals),
        "lost": (sent - answered).total(),
        "doubled": (answered - sent).total(),
    }


def _answers_when_still(world: World, bot: int, wanted: int) -> Counter[int]:
    """Person → messages that the bot wrote to him, once as many came as are wanted or none came for a while."""
    deadline, seen, still_since = time.monotonic() + ENDS_WITHIN_S, -1, time.monotonic()
    while True:
        world.telegram("POST", "/settle", timeout_s=10)
        found: Counter[int] = Counter()
        for call in world.telegram("GET", f"/calls?method=sendMessage&bot={bot}&limit=100000")["calls"]:
            if call["status"] == 200:
                found[int(call["chat_id"])] += 1
        if found.total() != seen:
            seen, still_since = found.total(), time.monotonic()
        is_still = time.monotonic() - still_since > 15
        if time.monotonic() > deadline or is_still or (seen >= wanted and time.monotonic() - still_since > 3):
            return found
        world.tick()
        time.sleep(LOOK_EVERY_S)
