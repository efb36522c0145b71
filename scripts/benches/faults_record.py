"""The Telegram simulator's log, copied to a file line by line while the run goes on, and looked at by people who wait.

Lines: {"id","at","read_at","bot","chat","method","text","status","ok","fault","message_id","buttons","file_name","ms"}.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

LOOK_EVERY_S = 0.25
ALL = 1_000_000
Line = dict[str, Any]


class Record:
    """Follows `GET /calls`; a call counts once it has its answer."""

    def __init__(self, session: aiohttp.ClientSession, simulator: str, path: Path) -> None:
        self._session, self._address, self._path = session, f"{simulator}/_control/calls", path
        self._after = 0
        self._known: set[int] = set()
        self._by_chat: dict[tuple[int, int], list[Line]] = defaultdict(list)
        self._news = asyncio.Event()

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)  # between two looks at the log

    async def look(self) -> int:
        """Takes what is new; returns how many calls are still without an answer."""
        async with self._session.get(self._address, params={"after": self._after, "limit": ALL}) as answer:
            calls = (await answer.json())["calls"]
        ended = [call for call in calls if call["status"] or call["answer"] is not None]
        open_ids = [call["id"] for call in calls if not (call["status"] or call["answer"] is not None)]
        fresh = [_line(call) for call in ended if call["id"] not in self._known]
        with self._path.open("a") as file:
            for line in fresh:
                self._known.add(line["id"])
                self._by_chat[line["bot"], line["chat"]].append(line)
                file.write(json.dumps(line) + "\n")
        if calls:
            self._after = min(open_ids) - 1 if open_ids else calls[-1]["id"]
        if fresh:
            news, self._news = self._news, asyncio.Event()
            news.set()
        return len(open_ids)

    async def wait_for(self, bot: int, chat: int, fits: Callable[[Line], bool], within_s: float) -> Line | None:
        """The latest performed call in that chat that fits; None when none comes in time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while True:
            found = next((line for line in reversed(self._by_chat[bot, chat]) if line["ok"] and fits(line)), None)
            left_s = deadline - loop.time()
            if found or left_s <= 0:
                return found
            news = self._news
            try:
                await asyncio.wait_for(news.wait(), left_s)
            except TimeoutError:
                continue


def _line(call: dict[str, Any]) -> Line:
    params, answer = call["params"], call["answer"] or {}
    result = answer.get("result")
    message = result if isinstance(result, dict) else {}
    media = params.get("media") if isinstance(params.get("media"), dict) else {}
    chat = call["chat_id"].lstrip("-")
    return {
        **{name: call[name] for name in ("id", "at", "read_at", "bot", "method", "status", "fault", "ms")},
        "chat": int(call["chat_id"]) if chat.isdecimal() else 0,
        "text": params.get("text") or params.get("caption") or (media or {}).get("caption") or "",
        "ok": bool(answer.get("ok")),
        "message_id": message.get("message_id"),
        "buttons": [
            button["callback_data"]
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        ],
        "file_name": message.get("document", {}).get("file_name", ""),
    }
