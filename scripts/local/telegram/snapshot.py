"""The world on disk, so that chats outlive a restart: one JSON file, beside it a folder with the uploaded bytes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .files import FileRecord
from .state import Bot, CallbackQuery, Chat, Stored, Thread, Update, User, Webhook, World

FORMAT = 1
SAVE_EVERY_S = 0.5


def save(world: World, path: Path) -> None:
    """Writes the whole state; a crash leaves the file before or the file after, never half of one."""
    data = {
        "format": FORMAT,
        "bots": [asdict(bot) for bot in world.bots.values()],
        "users": [asdict(user) for user in world.users.values()],
        "chats": [asdict(chat) for chat in world.chats.values()],
        "threads": [asdict(thread) for thread in world.threads.values()],
        "callbacks": [asdict(query) for query in world.callbacks.values()],
        "settings": world.settings,
        "files": [asdict(record) for record in world.files.records.values()],
        "expired": sorted(world.files.expired),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(data, ensure_ascii=False))
    partial.replace(path)


def load(world: World, path: Path) -> None:
    """Fills an empty world. A file of another format is left alone and ignored."""
    if not path.exists():
        return
    data = json.loads(path.read_text())
    if data.get("format") != FORMAT:
        return
    world.bots = {bot["id"]: _bot(bot) for bot in data["bots"]}
    world.users = {user["id"]: User(**user) for user in data["users"]}
    world.chats = {chat["id"]: _chat(chat) for chat in data["chats"]}
    world.threads = {thread["key"]: _thread(thread) for thread in data["threads"]}
    world.callbacks = {query["id"]: CallbackQuery(**query) for query in data["callbacks"]}
    world.settings |= data["settings"]
    world.files.records = {record["unique"]: FileRecord(**record) for record in data["files"]}
    world.files.expired = set(data["expired"])


def _bot(data: dict[str, Any]) -> Bot:
    updates = {int(key): Update(**update) for key, update in data["updates"].items()}
    return Bot(**{**data, "webhook": Webhook(**data["webhook"]), "updates": updates})


def _chat(data: dict[str, Any]) -> Chat:
    return Chat(**{**data, "members": {int(key): member for key, member in data["members"].items()}})


def _thread(data: dict[str, Any]) -> Thread:
    return Thread(**{**data, "messages": {int(key): Stored(**stored) for key, stored in data["messages"].items()}})


async def keep_saving(world: World, path: Path) -> None:
    """Saves soon after each change, and once more when cancelled.

    A copy of the process writes: writing a large world would hold up every call for tenths of a second.
    """
    saved_seq, writer = -1, 0
    try:
        while True:
            if writer and os.waitpid(writer, os.WNOHANG)[0]:
                writer = 0
            if not writer and world.feed.last_seq != saved_seq:
                saved_seq, writer = world.feed.last_seq, _copy_that_saves(world, path)
            await asyncio.sleep(SAVE_EVERY_S)
    finally:
        if writer:
            with contextlib.suppress(ProcessLookupError):
                os.kill(writer, signal.SIGKILL)  # or an older world would replace the last one
            with contextlib.suppress(ChildProcessError):
                os.waitpid(writer, 0)
        save(world, path)


def _copy_that_saves(world: World, path: Path) -> int:
    """The copy's process id; it shares the memory as it is now, writes it down and ends."""
    copy = os.fork()
    if copy == 0:
        try:
            gc.disable()  # a collection would write to each page that is shared
            os.nice(10)
            save(world, path)
        except BaseException:
            traceback.print_exc()  # a copy must not go on as a second simulator
        finally:
            os._exit(0)
    return copy
