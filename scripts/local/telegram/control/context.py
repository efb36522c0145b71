"""How control commands reach the simulator and name its bots, people and chats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from ..calls import Api
from ..people import People, Refused
from ..state import Bot, Chat, Thread, User, World


@dataclass
class Simulator:
    world: World
    api: Api
    people: People


SIMULATOR: web.AppKey[Simulator] = web.AppKey("simulator", Simulator)


async def body(request: web.Request) -> dict[str, Any]:
    """The command's JSON object; {} without a body."""
    data = await request.json() if request.can_read_body else {}
    if not isinstance(data, dict):
        raise Refused("a command is a JSON object")
    return data


def find_bot(world: World, reference: Any) -> Bot:
    """By id, token or username."""
    text = str(reference)
    for bot in world.bots.values():
        if text in (str(bot.id), bot.token, bot.username, f"@{bot.username}"):
            return bot
    raise Refused(f"there is no bot {reference!r}")


def find_user(world: World, reference: Any) -> User:
    text = str(reference)
    for user in world.users.values():
        if text in (str(user.id), user.username or "-"):
            return user
    raise Refused(f"there is no user {reference!r}")


def find_chat(world: World, reference: Any) -> Chat:
    text = str(reference)
    for chat in world.chats.values():
        if text in (str(chat.id), chat.username or "-", f"@{chat.username}"):
            return chat
    raise Refused(f"there is no channel or group {reference!r}")


def find_thread(world: World, data: dict[str, Any]) -> Thread:
    """By `thread` (its key), by `chat`, or by `bot` and `user`."""
    if data.get("thread"):
        key = str(data["thread"])
        if ":" in key:
            bot_id, user_id = key.split(":")
            return world.private_thread(find_bot(world, bot_id), find_user(world, user_id).id)
        return world.chat_thread(find_chat(world, key))
    if data.get("chat"):
        return world.chat_thread(find_chat(world, data["chat"]))
    return world.private_thread(find_bot(world, data.get("bot")), find_user(world, data.get("user")).id)
