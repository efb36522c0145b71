"""Looking at what happened.

GET /calls     ?after=ID&method=&bot=&chat_id=&limit=   → {"count","calls":[…]} oldest first, see calls.Api
GET /updates   ?bot=                                    → updates with state, due time and delivery attempts
GET /messages  ?bot=&user= or ?chat= or ?thread=, &limit= → {"thread","blocked","started","messages":[{"message","author","keyboard","photo_url","original_url","file_name"}]}
GET /overview  ?user=                                   → the person's list of chats, newest first
GET /files/UNIQUE  ?size=s|m|x|y|o                      → bytes; `o` is the upload itself, default the largest size
GET /events    ?after=SEQ&wait_s=25                     → {"boot","last","events"}; long poll
"""  # noqa: E501

from __future__ import annotations

import asyncio
from dataclasses import asdict
from itertools import islice
from typing import Any

from aiohttp import web

from ..people import Refused
from ..state import Stored, Thread, User, World
from .context import SIMULATOR, find_bot, find_thread, find_user

MAX_WAIT_S = 50


async def calls(request: web.Request) -> web.Response:
    api, query = request.app[SIMULATOR].api, request.query
    bot = find_bot(api.world, query["bot"]).id if "bot" in query else None
    fitting = [
        entry for entry in api.log
        if entry["id"] > int(query.get("after", 0)) and bot in (None, entry["bot"])
        and query.get("method", entry["method"]).lower() == entry["method"].lower()
        and query.get("chat_id", entry["chat_id"]) == entry["chat_id"]
    ]  # fmt: skip
    newest = list(islice(reversed(fitting), int(query.get("limit", 500))))
    return web.json_response({"count": len(fitting), "calls": newest[::-1]})


async def updates(request: web.Request) -> web.Response:
    bot = find_bot(request.app[SIMULATOR].world, request.query["bot"])
    return web.json_response([asdict(update) for update in bot.updates.values()])


async def messages(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    thread = find_thread(world, dict(request.query))
    stored = list(thread.messages.values())
    newest = stored[max(0, len(stored) - int(request.query.get("limit", len(stored)))) :]
    return web.json_response({"thread": thread.key, "blocked": thread.blocked, "started": thread.started,
                              "messages": [_shown(world, one) for one in newest]})  # fmt: skip


def _shown(world: World, stored: Stored) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": stored.message, "author": stored.author, "keyboard": stored.keyboard}
    record = world.files.records.get(stored.unique)
    if record is None:
        return shown
    address = f"_control/files/{record.unique}"
    if record.kind == "photo":
        shown["photo_url"] = address
    return {**shown, "original_url": f"{address}?size=o", "file_name": record.name, "file_size": record.size}


async def overview(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    user = find_user(world, request.query["user"])
    listed = [*_private_chats(world, user), *_shared_chats(world, user)]
    return web.json_response(sorted(listed, key=lambda chat: -chat["last_date"]))


def _private_chats(world: World, user: User) -> list[dict[str, Any]]:
    return [
        {"type": "private", "title": bot.first_name, "username": bot.username, "bot": bot.id, "can_write": True,
         "commands": bot.commands.get(f"default:{user.language_code}") or bot.commands.get("default:", []),
         **_head(world.private_thread(bot, user.id))}
        for bot in world.bots.values() if not bot.revoked
    ]  # fmt: skip


def _shared_chats(world: World, user: User) -> list[dict[str, Any]]:
    return [
        {"type": chat.type, "title": chat.title, "username": chat.username, "bot": None, "commands": [],
         "can_write": chat.type != "channel" or chat.status_of(user.id) in ("creator", "administrator"),
         **_head(world.chat_thread(chat))}
        for chat in world.chats.values() if user.id in chat.members
    ]  # fmt: skip


def _head(thread: Thread) -> dict[str, Any]:
    last = next(reversed(thread.messages.values())).message if thread.messages else {}
    preview = last.get("text") or last.get("caption") or ("Photo" if "photo" in last else "")
    return {"thread": thread.key, "chat_id": thread.chat_id, "started": thread.started, "blocked": thread.blocked,
            "last_date": last.get("date", 0), "preview": preview or ("File" if "document" in last else "")}  # fmt: skip


async def file(request: web.Request) -> web.Response:
    files, size = request.app[SIMULATOR].world.files, request.query.get("size", "y")
    record = files.records.get(request.match_info["unique"])
    if record is None or size not in "smxyo":
        raise Refused("there is no such file")
    if record.kind == "photo" and size != "o":
        data, media_type = await asyncio.to_thread(files.scaled, record, size), "image/jpeg"
    else:
        data, media_type = files.read(record.sha256), _safe_type(files.read(record.sha256))
    return web.Response(body=data, content_type=media_type, headers={"X-Content-Type-Options": "nosniff"})


def _safe_type(data: bytes) -> str:
    """By the bytes, so that an uploaded page never runs as one."""
    signatures = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png", b"GIF8": "image/gif"}
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    known = next((kind for head, kind in signatures.items() if data.startswith(head)), None)
    return known or ("image/webp" if is_webp else "application/octet-stream")


async def events(request: web.Request) -> web.Response:
    feed = request.app[SIMULATOR].world.feed
    after = int(request.query.get("after", feed.last_seq))
    wait_s = min(float(request.query.get("wait_s", 25)), MAX_WAIT_S)
    happened = await feed.wait_after(min(after, feed.last_seq), wait_s)
    return web.json_response({"boot": feed.boot, "last": feed.last_seq, "events": happened})


ROUTES = [
    ("GET", "/calls", calls),
    ("GET", "/updates", updates),
    ("GET", "/messages", messages),
    ("GET", "/overview", overview),
    ("GET", "/files/{unique}", file),
    ("GET", "/events", events),
]
