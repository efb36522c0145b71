"""The world on disk, so that chats outlive a restart: one JSON file, beside it a folder with the uploaded bytes."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .files import FileRecord
from .state import Bot, CallbackQuery, Chat, Stored, Thread, Update, User, Webhook, World

FORMAT = 1
SAVE_EVERY_S = 0.5
SAVING_SHARE = 0.05


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
    """Saves soon after each change, and once more when cancelled. A large world is saved less often: saving holds up
    every call, so it may take SAVING_SHARE of the time at most."""
    saved_seq, took_s = -1, 0.0
    try:
        while True:
            if world.feed.last_seq != saved_seq:
                saved_seq, began = world.feed.last_seq, time.monotonic()
                save(world, path)
                took_s = time.monotonic() - began
            await asyncio.sleep(max(SAVE_EVERY_S, took_s / SAVING_SHARE))
    finally:
        save(world, path)
