"""A sending process of the limiter's bench: `ours` drains the outbox, `aiorate` uses what python-telegram-bot has."""

from __future__ import annotations

import asyncio
import os
import sys


def ours() -> None:
    from promostack.core import ids
    from promostack.delivery.sender import Sender
    from promostack.integrations.telegram_bot import TelegramMessenger
    from promostack.telegram import bots

    Sender(TelegramMessenger(bots.token_of), lambda key: b"").drain(ids.opaque_id(), seconds=3_600)


async def aiorate() -> None:
    from telegram.ext import AIORateLimiter, ExtBot
    from telegram.request import HTTPXRequest

    def request() -> HTTPXRequest:
        return HTTPXRequest(connection_pool_size=64, read_timeout=30, pool_timeout=60)

    bot = ExtBot(
        f"100000:{'A' * 35}",
        base_url=f"{os.environ['TELEGRAM_API_BASE']}/bot",
        request=request(),
        get_updates_request=request(),
        rate_limiter=AIORateLimiter(),
    )
    await bot.rate_limiter.initialize()

    async def send(first: int) -> None:
        for number in range(first, first + 10_000):
            await bot.send_message(number, "t")

    await asyncio.gather(*(send(10_000 * slot) for slot in range(16)))


if __name__ == "__main__":
    ours() if sys.argv[1] == "ours" else asyncio.run(aiorate())
