"""Updates on their way to the bots: queues, webhook calls, redelivery, expiry.

The rules are those of tdlib/telegram-bot-api (WebhookActor.cpp): updates of one queue go one after another, queues go
side by side; a failed one is sent again at once, then after 2, 4, 8, 16, 32 s, then every 60-120 s until it expires;
Retry-After of a failed answer replaces the next wait, at most 3600 s. A webhook that answers 410 for 23 h is deleted.
After a week without updates their numbers start anew anywhere (core.telegram.org/bots/api#update).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import aiohttp

from .disorder import Disorder
from .loopback import LoopbackNames
from .state import Bot, Update, Webhook, World, random_update_id

MAX_RESEND_S = 60
MAX_RETRY_AFTER_S = 3600
READ_TIMEOUT_S = 60
FINISHED_KEPT = 2_000
ANSWER_LIFE_S = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}
MESSAGE_LIFE_S = 86_400
GONE_AFTER_S = 23 * 3600
IDLE_WEEK_S = 7 * 86_400

Reply = Callable[[Bot, str, dict[str, Any]], Awaitable[Any]]


class Courier:
    """Delivers updates. `reply` performs a method that a webhook answered with instead of an empty body."""

    def __init__(self, world: World, reply: Reply) -> None:
        self.world = world
        self._reply = reply
        self._queues: dict[tuple[int, str], deque[Update]] = {}
        self._workers: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._slots: dict[int, asyncio.Semaphore] = {}
        self._in_flight = 0
        self._session: aiohttp.ClientSession | None = None
        self.disorder = Disorder(world)
        self.arrived = asyncio.Event()
        self.polls: dict[int, asyncio.Future[str]] = {}

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=READ_TIMEOUT_S)
        connector = aiohttp.TCPConnector(limit=0, resolver=LoopbackNames())
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        for bot in self.world.bots.values():
            for update in bot.pending():
                self._queue(bot, update.queue).append(update)
            self.resume(bot)

    async def stop(self) -> None:
        for worker in self._workers.values():
            worker.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)
        if self._session:
            await self._session.close()

    def forget(self) -> None:
        """After a reset of the world."""
        for worker in self._workers.values():
            worker.cancel()
        self._workers.clear()
        self._queues.clear()
        self._slots.clear()
        self.disorder.restart()

    def send(self, bot: Bot, kind: str, payload: dict[str, Any], queue: str) -> Update | None:
        """Queues an update; None when the webhook doesn't want this kind."""
        if bot.revoked or not bot.webhook.allows(kind):
            return None
        now = self.world.clock.now()
        expires_at = now + ANSWER_LIFE_S.get(kind, MESSAGE_LIFE_S)
        if bot.last_update_at and now - bot.last_update_at > IDLE_WEEK_S:
            bot.next_update_id = random_update_id()
        bot.last_update_at = now
        queue, delay_s = self.disorder.place(queue)
        update = Update(bot.next_update_id, kind, payload, queue, expires_at, due_at=now + delay_s)
        bot.next_update_id += 1
        bot.updates[update.id] = update
        self._queue(bot, queue).append(update)
        self._drop_old(bot)
        self.world.changed("update", bot=bot.id, update_id=update.id, state=update.state)
        self._ensure_worker(bot, queue)
        arrived, self.arrived = self.arrived, asyncio.Event()
        arrived.set()
        return update

    def resume(self, bot: Bot) -> None:
        """A new webhook starts with what is pending, at once and with fresh waits."""
        for update in bot.pending():
            update.due_at, update.delay_s, update.fails = self.world.clock.now(), 1, 0
            self._ensure_worker(bot, update.queue)
        self._slots[bot.id] = asyncio.Semaphore(bot.webhook.max_connections)
        self.world.clock.wake()

    def is_settled(self) -> bool:
        """Nothing is being delivered, and no queue of a bot with a webhook begins with a due update."""
        now = self.world.clock.now()
        return self._in_flight == 0 and not any(
            (head := self._head(key)) and head.due_at <= now and self._has_webhook(key[0]) for key in list(self._queues)
        )

    def _has_webhook(self, bot_id: int) -> bool:
        bot = self.world.bots.get(bot_id)
        return bot is not None and bool(bot.webhook.url) and not bot.revoked

    def _queue(self, bot: Bot, queue: str) -> deque[Update]:
        return self._queues.setdefault((bot.id, queue), deque())

    def _head(self, key: tuple[int, str]) -> Update | None:
        """The first update that still waits; what was delivered, dropped or has expired goes."""
        queue = self._queues.get(key, deque())
        while queue and queue[0].state != "pending":
            queue.popleft()
        if not queue:
            self._queues.pop(key, None)
        return queue[0] if queue else None

    def _ensure_worker(self, bot: Bot, queue: str) -> None:
        key = (bot.id, queue)
        running = self._workers.get(key)
        if self._session and bot.webhook.url and (running is None or running.done()):
            worker = self._workers[key] = asyncio.create_task(self._drain(bot, key))
            worker.add_done_callback(lambda _: self._retire(key, worker))

    def _retire(self, key: tuple[int, str], worker: asyncio.Task[None]) -> None:
        if self._workers.get(key) is worker:
            del self._workers[key]

    async def _drain(self, bot: Bot, key: tuple[int, str]) -> None:
        while update := self._head(key):
            await self.world.clock.sleep_until(lambda due=update: due.due_at)  # type: ignore[misc]
            if not self._has_webhook(bot.id):
                return
            if update.state != "pending":
                continue
            slots = self._slots.setdefault(bot.id, asyncio.Semaphore(bot.webhook.max_connections))
            async with slots:
                await self._attempt(bot, update)

    async def _attempt(self, bot: Bot, update: Update) -> None:
        for copies in self.disorder.copies():
            answers = await asyncio.gather(*(self.post(bot, update) for _ in range(copies)))
        status, error, retry_after_s = answers[0]
        if not error and self.disorder.is_deaf():
            error = update.attempts[-1]["error"] = "Read timeout expired"
        self._note_gone(bot, status)
        if not error:
            update.state = "delivered"
        else:
            bot.webhook.last_error_at, bot.webhook.last_error = self.world.clock.now(), error
            self._postpone(update, retry_after_s)
        self.world.changed("update", bot=bot.id, update_id=update.id, state=update.state, status=status)

    def _note_gone(self, bot: Bot, status: int) -> None:
        """Counts how long a webhook has answered nothing but 410."""
        now = self.world.clock.now()
        if status == HTTPStatus.GONE:
            bot.webhook.gone_since = bot.webhook.gone_since or now
            if now - bot.webhook.gone_since > GONE_AFTER_S:
                bot.webhook = Webhook(allowed_updates=bot.webhook.allowed_updates)
                self.world.changed("webhook", bot=bot.id)
        elif status:
            bot.webhook.gone_since = 0

    def _postpone(self, update: Update, retry_after_s: int) -> None:
        wait_s = min(max(retry_after_s, 0), MAX_RETRY_AFTER_S)
        next_delay_s = update.delay_s
        if wait_s == 0 and update.fails > 0:
            next_delay_s = min(random.randint(MAX_RESEND_S, MAX_RESEND_S * 2), update.delay_s * 2)
            wait_s = next_delay_s
        now = self.world.clock.now()
        if now + wait_s > update.expires_at:
            update.state = "expired"
            return
        update.delay_s, update.due_at = next_delay_s, now + wait_s
        update.fails += 1

    async def post(self, bot: Bot, update: Update) -> tuple[int, str, int]:
        """One webhook call: (status, error or "", Retry-After seconds); status 0 when no answer came."""
        assert self._session is not None
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if bot.webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = bot.webhook.secret_token
        attempt = {"at": self.world.clock.now(), "status": 0, "error": "", "ms": 0.0}
        update.attempts.append(attempt)
        began = time.monotonic()
        self._in_flight += 1
        try:
            body = json.dumps(update.body(), ensure_ascii=False).encode()
            async with self._session.post(bot.webhook.url, data=body, headers=headers) as answer:
                content = await answer.read()
                attempt["status"] = answer.status
                await self._judge(bot, attempt, answer, content)
                return answer.status, str(attempt["error"]), _retry_after(answer)
        except (aiohttp.ClientError, OSError) as problem:
            attempt["error"] = _connection_error(problem)
            return 0, str(attempt["error"]), 0
        finally:
            self._in_flight -= 1
            attempt["ms"] = round((time.monotonic() - began) * 1000, 1)

    async def _judge(self, bot: Bot, attempt: dict[str, Any], answer: aiohttp.ClientResponse, content: bytes) -> None:
        if not 200 <= answer.status <= 299:
            reason = answer.reason or _phrase(answer.status)
            attempt["error"] = f"Wrong response from the webhook: {answer.status} {reason}"
            return
        with contextlib.suppress(ValueError):
            wanted = json.loads(content or b"null")
            if isinstance(wanted, dict) and isinstance(wanted.get("method"), str):
                await self._reply(bot, wanted.pop("method"), wanted)

    def _drop_old(self, bot: Bot) -> None:
        if len(bot.updates) < 2 * FINISHED_KEPT:
            return
        finished = [update.id for update in bot.updates.values() if update.state != "pending"]
        for update_id in finished[:-FINISHED_KEPT]:
            del bot.updates[update_id]


def _retry_after(answer: aiohttp.ClientResponse) -> int:
    value = answer.headers.get("Retry-After", "")
    return int(value) if value.isdigit() else 0


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _connection_error(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "Read timeout expired"
    return "Connection refused" if isinstance(problem, aiohttp.ClientConnectorError) else "Webhook connection closed"
