"""Acting as a person.

POST /start    {"bot","user","payload"?}                   → {"update_id"}
POST /send     {"bot","user","text","reply_to"?}           → {"update_id"}; with "chat" instead of "bot": in a group or channel
POST /press    {"bot","user" or "chat","message_id","data" or "text","wait_s"?} → {"query_id","answer"}
POST /inline   {"bot","user","query","chat_type"?,"wait_s"?} → {"query_id","answer"}
POST /inline/choose {"query_id","result_id","thread" or "chat" or "bot"} → {"message_id"}: sends a result to a chat
POST /newbot   {"manager","user","username","name"}        → {"id","token",…}: as t.me/newbot/<manager>/<username>
POST /block    {"bot","user"}      POST /unblock
POST /updates/duplicate  {"bot","update_id"?}              → {"update_id","status","error"}: sends a known update once more
POST /updates/send       {"bot","kind","payload","queue"?} → {"update_id"}: any update, unknown kinds too
"""  # noqa: E501

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from ..people import Refused
from ..state import CallbackQuery, Thread, Update, World
from .context import SIMULATOR, Simulator, body, find_bot, find_chat, find_thread, find_user
from .setup import bot_json


def _sent(update: Update | None) -> web.Response:
    return web.json_response({"update_id": update.id if update else None})


async def start(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    bot, user = find_bot(simulator.world, data["bot"]), find_user(simulator.world, data["user"])
    return _sent(simulator.people.start(bot, user, str(data.get("payload") or "")))


async def send(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    user, text = find_user(simulator.world, data["user"]), str(data["text"])
    if not text.strip():
        raise Refused("the text is empty")
    reply_to = int(data.get("reply_to") or 0)
    if data.get("chat"):
        updates = simulator.people.write_in(find_chat(simulator.world, data["chat"]), user, text, reply_to=reply_to)
        return web.json_response({"update_ids": [update.id for update in updates]})
    bot = find_bot(simulator.world, data["bot"])
    return _sent(simulator.people.write(bot, user, text, reply_to=reply_to))


async def press(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    thread, user = find_thread(simulator.world, data), find_user(simulator.world, data["user"])
    wanted = str(data.get("data") or _data_of(thread, int(data["message_id"]), str(data.get("text"))))
    query = simulator.people.press(thread, user, int(data["message_id"]), wanted)
    return await _answered(simulator, query, float(data.get("wait_s") or 0))


def _data_of(thread: Thread, message_id: int, text: str) -> str:
    stored = thread.messages.get(message_id)
    rows = stored.message.get("reply_markup", {}).get("inline_keyboard", []) if stored else []
    for button in (button for row in rows for button in row):
        if button["text"] == text and "callback_data" in button:
            return str(button["callback_data"])
    raise Refused(f"message {message_id} has no button {text!r} to press")


async def inline(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    bot, user = find_bot(simulator.world, data["bot"]), find_user(simulator.world, data["user"])
    chat_type = str(data.get("chat_type") or "sender")
    query = simulator.people.ask_inline(bot, user, str(data.get("query", "")), chat_type=chat_type)
    return await _answered(simulator, query, float(data.get("wait_s") or 0))


async def choose(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    query = simulator.world.callbacks.get(str(data["query_id"]))
    if query is None:
        raise Refused(f"there is no query {data['query_id']!r}")
    thread = find_thread(simulator.world, {"user": query.user_id, "bot": query.bot_id, **data})
    await simulator.api.fetch_result(query, str(data["result_id"]))
    sent = simulator.people.choose_inline(query, str(data["result_id"]), thread)
    return web.json_response({"message_id": sent["message_id"]})


async def new_bot(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    manager, user = find_bot(simulator.world, data["manager"]), find_user(simulator.world, data["user"])
    bot = simulator.people.create_managed_bot(manager, user, str(data["username"]), str(data.get("name") or ""))
    return web.json_response(bot_json(bot))


async def _answered(simulator: Simulator, query: CallbackQuery, wait_s: float) -> web.Response:
    loop, world = asyncio.get_running_loop(), simulator.world
    deadline = loop.time() + wait_s
    while query.answer is None and (left := deadline - loop.time()) > 0:
        await world.feed.wait_after(world.feed.last_seq, left)
    return web.json_response({"query_id": query.id, "answer": query.answer})


async def block(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    bot, user = find_bot(simulator.world, data["bot"]), find_user(simulator.world, data["user"])
    act = simulator.people.unblock if request.path.endswith("/unblock") else simulator.people.block
    act(bot, user)
    return web.json_response({"status": "ok"})


async def duplicate(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    bot = find_bot(simulator.world, data["bot"])
    update = _known_update(simulator.world, bot.id, data.get("update_id"))
    status, error, _ = await simulator.api.courier.post(bot, update)
    return web.json_response({"update_id": update.id, "status": status, "error": error})


def _known_update(world: World, bot_id: int, update_id: Any) -> Update:
    updates = world.bots[bot_id].updates
    if not updates:
        raise Refused("no update was sent to this bot yet")
    return updates[int(update_id) if update_id else max(updates)]


async def send_update(request: web.Request) -> web.Response:
    simulator, data = request.app[SIMULATOR], await body(request)
    bot = find_bot(simulator.world, data["bot"])
    queue = str(data.get("queue") or f"injected:{data['kind']}")
    return _sent(simulator.api.courier.send(bot, str(data["kind"]), data["payload"], queue))


ROUTES = [
    ("POST", "/start", start),
    ("POST", "/send", send),
    ("POST", "/press", press),
    ("POST", "/inline", inline),
    ("POST", "/inline/choose", choose),
    ("POST", "/newbot", new_bot),
    ("POST", "/block", block),
    ("POST", "/unblock", block),
    ("POST", "/updates/duplicate", duplicate),
    ("POST", "/updates/send", send_update),
]
