"""Setting up: each check of the wizard, a bot made with two taps, a token's renewal under load, clicks to the picture.

All through the gateway, vendors with 200 ms a call; each newcomer has a workspace, bots, a channel and keys of his own,
several set up at once. `managed_live`: from the second tap until webhook, menu and description stand at Telegram. The
renewal: people write 50 messages a second while the bot's token is replaced at Telegram and given anew; lost is what no
answer came for once nothing moves any more. Clicks are those of somebody with a mouse, his taps in Telegram included.
ONBOARDING_NEWCOMERS and ONBOARDING_RENEWAL_S make it smaller.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from scripts.benches.onboarding_clicks import walk
from scripts.benches.onboarding_renewal import renewed_under_load
from scripts.benches.onboarding_world import World
from scripts.benches.statistics_ms import percentile
from scripts.local import measuring, product

NEWCOMERS = int(os.environ.get("ONBOARDING_NEWCOMERS", "320"))
WARM_UPS, AT_ONCE = min(20, NEWCOMERS // 2), 4
LATENCY_S = 0.2
# Twelve Data's free plan.
CREDITS_A_MINUTE = 8
SCOPES = ["promotion_code_read", "coupon_read", "product_read", "plan_read", "account_read"]


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    with product.running(**measuring.PRODUCT, PROMOSTACK_LIMITS="off") as facts:
        world = World(facts)
        progress("clicks, in Chromium")
        clicks = walk(world)
        world.vendors_take(LATENCY_S)
        progress(f"{NEWCOMERS} newcomers, {AT_ONCE} at a time, vendors with {LATENCY_S * 1000:g} ms")
        times = _checks(world)
        world.vendors_take(0.0)
        progress("a token is renewed under load")
        renewal = renewed_under_load(world)
    kept = {name: each[WARM_UPS:] for name, each in times.items()}
    live = kept.pop("two_taps")
    return {
        "check_max_s": round(max(map(max, kept.values())), 3),
        "checks": {
            name: {"p50_ms": percentile(each, 0.5), "p95_ms": percentile(each, 0.95), "max_ms": percentile(each, 1)}
            for name, each in kept.items()
        },
        "managed_live_p50_s": round(percentile(live, 0.5) / 1000, 3),
        "managed_live_max_s": round(max(live), 3),
        "clicks": clicks,
        **renewal,
        "newcomers": NEWCOMERS,
        "warm_ups": WARM_UPS,
        "at_once": AT_ONCE,
        "latency_ms": LATENCY_S * 1000,
        "limits_lifted": ["guesses", "600 a minute", "Twelve Data's credits a minute"],
    }


def _checks(world: World) -> dict[str, list[float]]:
    """Check → seconds of each newcomer, in the order in which they ended."""
    times: dict[str, list[float]] = {}
    lock = threading.Lock()

    def note(name: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        done = act()
        with lock:
            times.setdefault(name, []).append(time.perf_counter() - began)
        return done

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        # Its simulator counts credits for all keys together: one asks, and has them forgotten in between.
        market = pool.submit(_ask_twelve_data, world, note)
        for done in [pool.submit(_set_up, world, note) for _ in range(NEWCOMERS)]:
            done.result()
        market.result()
    return times


def _set_up(world: World, note: Callable[[str, Callable[[], Any]], Any]) -> None:
    call = world.newcomer()
    maker = world.user()
    link = note("offer", lambda: call("GET", "client/connections/managed"))["link"]
    _, _, manager, username = urlsplit(link).path.split("/")
    [hub] = [each for each in world.telegram("GET", "/bots") if each["username"] == manager]
    made = world.telegram("POST", "/newbot", manager=hub["id"], user=maker, username=username, name="Gold")
    note("two_taps", lambda: _until_live(world, call, made["id"]))
    own = world.telegram("POST", "/bots", username=f"b{uuid4().hex[:12]}_bot", first_name="Gold")
    bot = note("token", lambda: call("POST", "client/connections/bots", token=own["token"]))["id"]
    note("webhook", lambda: call("POST", f"client/bots/{bot}/webhook"))
    name = f"c{uuid4().hex[:12]}"
    chat = world.telegram("POST", "/chats", type="channel", title="Gold", username=name, members=[maker])
    world.telegram("POST", "/chats/bot", chat=chat["id"], bot=own["id"], can_post_messages=True)
    note("channel", lambda: call("POST", "client/connections/channels", bot=bot, channel=f"@{name}"))
    key = f"rk_live_{uuid4().hex}"
    world.vendor("stripe", "PUT", f"keys/{key}", {"scopes": SCOPES})
    note("stripe", lambda: call("PUT", "client/vendors/stripe", key=key))
    note("openai", lambda: call("PUT", "client/vendors/openai", key="sk-local-demo-key"))
    note("funderpro", lambda: call("PUT", "client/vendors/funderpro"))


def _until_live(world: World, call: Callable[..., Any], bot_id: int) -> None:
    """As the page does when its owner is back; then asks Telegram, without its delay, whether all is there."""
    assert call("POST", "client/connections/managed")["bot"]
    [bot] = [each for each in world.telegram("GET", "/bots") if each["id"] == bot_id]
    if not (bot["webhook"]["url"] and bot["commands"] and world.is_described(bot_id)):
        raise RuntimeError(f"@{bot['username']} is not live")


def _ask_twelve_data(world: World, note: Callable[[str, Callable[[], Any]], Any]) -> None:
    call = world.newcomer()
    for number in range(NEWCOMERS):
        if number % CREDITS_A_MINUTE == 0:
            world.forget_credits(LATENCY_S)
        note("twelve_data", lambda: call("PUT", "client/vendors/twelve_data", key=world.twelve_data_key))
