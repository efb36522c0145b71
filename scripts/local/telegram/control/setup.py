"""Setting the scene.

GET  /health
POST /reset                                     forgets everything, calls and faults too
GET|PUT /settings     those of state.DEFAULT_SETTINGS; `flood` enforces Telegram's limits, *_share see disorder.py
GET  /flood                                     → for each bot its highest rates and its refusals, see flood.Record
GET|PUT /clock        {"mode":"run"|"freeze"} or {"advance_s":N} → {"now","frozen"}
POST /settle          {"timeout_s"} → {"settled"}: waits until nothing is being delivered or due
GET|POST /bots        {"token"?,"username","first_name", switches of state.BOT_SWITCHES}
POST /bots/revoke     {"bot"}                   its token answers 401 from now on
POST /bots/token      {"bot"} → the bot with a new token; the old one answers 401, a manager gets `managed_bot`
POST /users           {"id"?,"first_name","username","language_code","deactivated"}
POST /chats           {"id"?,"type":"channel"|"group"|"supergroup","title","username","members":[user ids]}
POST /chats/bot       {"chat","bot","by","status","can_post_messages",…}  adds, promotes or removes a bot
POST /chats/migrate   {"chat"} → {"id"}         a group becomes a supergroup
POST /chats/delete    {"chat"}                  a group is deleted by its owner
POST /files/expire    {"file_id"}               from now on a wrong file identifier
GET|POST|DELETE /faults  see faults.Fault; DELETE {"id"} removes one, without an id all
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from aiohttp import web

from ..people import Refused
from ..state import Chat
from .context import SIMULATOR, body, find_bot, find_chat, find_user

SETTLE_POLL_S = 0.01


async def health(request: web.Request) -> web.Response:
    simulator = request.app[SIMULATOR]
    return web.json_response({"status": "ok", "boot": simulator.world.feed.boot, "bots": len(simulator.world.bots)})


async def reset(request: web.Request) -> web.Response:
    simulator = request.app[SIMULATOR]
    simulator.world.clear()
    simulator.world.files.clear()
    simulator.world.clock.run()
    simulator.api.courier.forget()
    simulator.api.faults.remove()
    simulator.api.flood.clear()
    simulator.api.log.clear()
    simulator.world.changed("reset")
    return web.json_response({"status": "ok"})


async def settings(request: web.Request) -> web.Response:
    known = request.app[SIMULATOR].world.settings
    for name, value in (await body(request)).items():
        if name not in known:
            raise Refused(f"there is no setting {name!r}; known: {sorted(known)}")
        known[name] = type(known[name])(value)
    return web.json_response(known)


async def clock(request: web.Request) -> web.Response:
    world, data = request.app[SIMULATOR].world, await body(request)
    if "advance_s" in data:
        world.clock.advance(float(data["advance_s"]))
    elif data.get("mode") == "freeze":
        world.clock.freeze()
    elif data.get("mode") == "run":
        world.clock.run()
    return web.json_response({"now": world.clock.now(), "frozen": world.clock.is_frozen})


async def settle(request: web.Request) -> web.Response:
    courier = request.app[SIMULATOR].api.courier
    loop = asyncio.get_running_loop()
    deadline = loop.time() + float((await body(request)).get("timeout_s", 10))
    while not courier.is_settled() and loop.time() < deadline:
        await asyncio.sleep(SETTLE_POLL_S)
    return web.json_response({"settled": courier.is_settled()})


def bot_json(bot: Any) -> dict[str, Any]:
    return {"id": bot.id, "token": bot.token, "username": bot.username, "first_name": bot.first_name,
            "revoked": bot.revoked, "webhook": asdict(bot.webhook), "pending": len(bot.pending()),
            "commands": bot.commands, "manager": bot.manager, "owner": bot.owner,
            "has_inline": bot.has_inline}  # fmt: skip


async def bots(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    if request.method == "GET":
        return web.json_response([bot_json(bot) for bot in world.bots.values()])
    bot = world.add_bot(await body(request))
    world.changed("chats")
    return web.json_response(bot_json(bot))


async def revoke(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    find_bot(world, (await body(request))["bot"]).revoked = True
    world.changed("chats")
    return web.json_response({"status": "ok"})


async def replace_token(request: web.Request) -> web.Response:
    simulator = request.app[SIMULATOR]
    bot = find_bot(simulator.world, (await body(request))["bot"])
    simulator.people.replace_token(bot)
    return web.json_response(bot_json(bot))


async def flood(request: web.Request) -> web.Response:
    return web.json_response(request.app[SIMULATOR].api.flood.listed())


async def users(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    if request.method == "GET":
        return web.json_response([asdict(user) for user in world.users.values()])
    user = world.add_user(await body(request))
    world.changed("users")
    return web.json_response(asdict(user))


async def chats(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    if request.method == "GET":
        return web.json_response([asdict(chat) for chat in world.chats.values()])
    data = await body(request)
    kind = str(data.get("type", "channel"))
    if kind not in ("channel", "group", "supergroup"):
        raise Refused("type is channel, group or supergroup")
    chat_id = int(data.get("id") or _free_chat_id(world.chats, kind))
    members = {find_user(world, reference).id: {"status": "member"} for reference in data.get("members", [])}
    if members:
        members[next(iter(members))] = {"status": "creator"}
    chat = world.chats.setdefault(chat_id, Chat(chat_id, kind, str(data.get("title") or "Untitled")))
    chat.title, chat.username = str(data.get("title") or chat.title), str(data.get("username") or chat.username)
    chat.members = {**members, **chat.members}
    world.changed("chats")
    return web.json_response(asdict(chat))


def _free_chat_id(known: dict[int, Chat], kind: str) -> int:
    """Groups count down from -4000000000, the others from -1001000000000, as the vendor's ids look."""
    first = -4_000_000_000 if kind == "group" else -1_001_000_000_000
    return min([first, *(chat_id for chat_id in known if (chat_id > -(10**12)) == (kind == "group"))]) - 1


async def bot_in_chat(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    chat, bot = find_chat(simulator.world, data.pop("chat")), find_bot(simulator.world, data.pop("bot"))
    owner = next((user_id for user_id in chat.members if user_id in simulator.world.users), None)
    by = find_user(simulator.world, data.pop("by", owner))
    simulator.people.set_bot_in_chat(chat, bot, by, {"status": "administrator", **data})
    return web.json_response(asdict(chat))


async def migrate(request: web.Request) -> web.Response:
    simulator = request.app[SIMULATOR]
    group = find_chat(simulator.world, (await body(request))["chat"])
    if group.type != "group" or group.migrated_to:
        raise Refused("only a group becomes a supergroup, once")
    new = simulator.people.migrate(group, _free_chat_id(simulator.world.chats, "supergroup"))
    return web.json_response({"id": new.id})


async def delete_chat(request: web.Request) -> web.Response:
    world = request.app[SIMULATOR].world
    chat = find_chat(world, (await body(request))["chat"])
    if chat.type != "group":
        raise Refused("only a group is deleted and stays known to its bots")
    chat.deleted = True
    world.changed("chats")
    return web.json_response({"status": "ok"})


async def expire_file(request: web.Request) -> web.Response:
    request.app[SIMULATOR].world.files.expired.add(str((await body(request))["file_id"]))
    return web.json_response({"status": "ok"})


async def faults(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    known = simulator.api.faults
    if request.method == "POST":
        if data.get("bot"):
            data["bot"] = find_bot(simulator.world, data["bot"]).id
        known.add(data)
        simulator.world.changed("faults")
    elif request.method == "DELETE":
        known.remove(data.get("id"))
        simulator.world.changed("faults")
    return web.json_response(known.listed())


ROUTES = [
    ("GET", "/health", health),
    ("POST", "/reset", reset),
    ("GET", "/settings", settings),
    ("PUT", "/settings", settings),
    ("GET", "/clock", clock),
    ("PUT", "/clock", clock),
    ("POST", "/settle", settle),
    ("GET", "/bots", bots),
    ("POST", "/bots", bots),
    ("POST", "/bots/revoke", revoke),
    ("POST", "/bots/token", replace_token),
    ("GET", "/flood", flood),
    ("GET", "/users", users),
    ("POST", "/users", users),
    ("GET", "/chats", chats),
    ("POST", "/chats", chats),
    ("POST", "/chats/bot", bot_in_chat),
    ("POST", "/chats/migrate", migrate),
    ("POST", "/chats/delete", delete_chat),
    ("POST", "/files/expire", expire_file),
    ("GET", "/faults", faults),
    ("POST", "/faults", faults),
    ("DELETE", "/faults", faults),
]
