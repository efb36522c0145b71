"""People who act as it was planned, and those who enqueue messages for them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import aiohttp
import psycopg2

from scripts.benches.faults_orders import KINDS, Chat
from scripts.benches.faults_record import Line, Record

# A person who gets no answer for so long goes away; what he was to get is then missing.
PATIENCE_S = 300.0
LINGER_S = 90.0
# Who is told that his code cannot be checked just now types it again after so long.
AGAIN_S = 5.0
_UNSURE = "I can't check"
_INSERT = """
    INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state, due_at)
    VALUES (%s, %s, %s, %s, 'sendMessage', %s, %s, %s, 'waiting', now() + %s * interval '1 second')
    ON CONFLICT DO NOTHING
"""


class ButtonGone(RuntimeError):
    """The message has other buttons now."""


class Control:
    """The simulators' control APIs."""

    def __init__(self, session: aiohttp.ClientSession, telegram: str, funderpro: str) -> None:
        self._session, self._telegram, self._funderpro = session, telegram, funderpro

    async def telegram(self, method: str, path: str, /, **body: object) -> Any:
        async with self._session.request(method, f"{self._telegram}/_control{path}", json=body or None) as answer:
            if answer.status != 200:
                refused = ButtonGone if "has no button" in await answer.text() else RuntimeError
                raise refused(f"{method} {path}: {await answer.text()}")
            return await answer.json()

    async def allow_code(self, code: str) -> None:
        async with self._session.put(f"{self._funderpro}/_control/codes/{code}", json={"percent": 10}) as answer:
            answer.raise_for_status()


class People:
    """`rate`: how many acts a second at most. `updates` counts what Telegram made of them."""

    def __init__(self, control: Control, record: Record, dsn: str, *, rate: float, seed: int, spread_s: float) -> None:
        self._control, self._record, self._dsn = control, record, dsn
        self._rng = random.Random(seed)
        self._spacing_s, self._next_at = 1 / rate, 0.0
        self._spread_s = spread_s
        self._clerk = ThreadPoolExecutor(1)
        self.updates = 0

    async def set_scene(self, chats: Sequence[Chat]) -> None:
        """People exist, and the vendor knows the codes that are good."""
        for chat in chats:
            name = f"u{chat.user}"
            await self._control.telegram("POST", "/users", id=chat.user, first_name=name, username=name)
            for code in chat.valid_codes:
                await self._control.allow_code(code)

    async def live(self, chats: Sequence[Chat], at_once: int) -> None:
        """Everybody acts, so many at a time."""
        room = asyncio.Semaphore(at_once)

        async def one(chat: Chat) -> None:
            async with room:
                await self._act(chat)

        await asyncio.gather(*(one(chat) for chat in chats))
        self._clerk.shutdown()

    async def _act(self, chat: Chat) -> None:
        again = asyncio.create_task(self._ask_again(chat))
        try:
            await self._take_steps(chat)
        finally:
            again.cancel()

    async def _take_steps(self, chat: Chat) -> None:
        who = {"bot": chat.bot["username"], "user": chat.user}
        for what, code in chat.steps:
            if what == "start":
                await self._pace()
                await self._control.telegram("POST", "/start", **who)
                await asyncio.get_running_loop().run_in_executor(self._clerk, self._enqueue, chat)
            elif what in ("wrong", "code"):
                await self._pace()
                await self._control.telegram("POST", "/send", **who, text=code)
            elif not await self._tap(chat, who, what, code):
                return
        # He who has his answer makes room for the next one: the run goes as fast as the machine does.
        for code in dict.fromkeys(code for _, code in chat.steps if code):
            await self._record.wait_for(chat.bot["telegram_id"], chat.user, _tells_about(code), LINGER_S)

    async def _ask_again(self, chat: Chat) -> None:
        """A starved provider's answer comes too late, after a database's restart for instance; then nothing is lost."""
        heard: set[int] = set()

        def is_news(line: Line) -> bool:
            return _UNSURE in line["text"] and line["id"] not in heard

        while line := await self._record.wait_for(chat.bot["telegram_id"], chat.user, is_news, PATIENCE_S):
            heard.add(line["id"])
            code = next(code for _, code in chat.steps if code and code in line["text"])
            await asyncio.sleep(AGAIN_S)  # a person reads, and thinks
            await self._pace()
            await self._control.telegram("POST", "/send", bot=chat.bot["username"], user=chat.user, text=code)

    async def _tap(self, chat: Chat, who: dict[str, Any], what: str, code: str) -> bool:
        """Presses the button that leads to the effect, once its message is there; False when it does not come."""

        def is_gallery(line: Line) -> bool:
            return code in line["text"] and any(data.startswith("r:") for data in line["buttons"])

        def is_picture(line: Line) -> bool:
            return code in line["text"] and any(data.startswith("f:") for data in line["buttons"])

        fits = is_picture if what == "file" else is_gallery
        first = {"page": "p:", "picture": "r:", "file": "f:"}[what]
        while shown := await self._record.wait_for(chat.bot["telegram_id"], chat.user, fits, PATIENCE_S):
            data = next(each for each in reversed(shown["buttons"]) if each.startswith(first))
            await self._pace()
            with contextlib.suppress(ButtonGone):  # turned over between the look and the tap: look again
                await self._control.telegram("POST", "/press", **who, message_id=shown["message_id"], data=data)
                return True
        return False

    async def _pace(self) -> None:
        """One act after the other, in their time."""
        now = time.monotonic()
        self._next_at = max(self._next_at + self._spacing_s, now)
        self.updates += 1
        await asyncio.sleep(self._next_at - now)

    def _enqueue(self, chat: Chat) -> None:
        """Messages that others send to the person, due within the next seconds; tried until the database takes them."""
        bot = chat.bot
        rows = [
            (bot["tenant"], bot["id"], chat.user, kind, json.dumps({"params": {"text": text}}), str(uuid4()),
             KINDS[kind], self._rng.uniform(0, self._spread_s))
            for kind, text in chat.messages
        ]  # fmt: skip
        while True:
            with contextlib.suppress(psycopg2.OperationalError, psycopg2.InterfaceError):
                with contextlib.closing(psycopg2.connect(self._dsn)) as connection, connection:
                    connection.cursor().executemany(_INSERT, rows)
                return
            time.sleep(0.1)  # while the database restarts


def _tells_about(code: str) -> Callable[[Line], bool]:
    """Whether a message says what became of the code."""
    return lambda line: code in line["text"] and _UNSURE not in line["text"]
