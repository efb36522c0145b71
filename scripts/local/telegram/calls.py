"""The door of the Bot API: /bot<token>/<method>. Logs every call, applies faults, performs the method."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import random
import re
import time
from collections import deque
from typing import Any

from aiohttp import web

from .errors import ApiError, not_found, unauthorized
from .faults import Fault, Faults
from .flood import Flood
from .methods import METHODS
from .methods.call import Call, Described
from .methods.media import media_content, read_file
from .params import Params, read_params
from .people import Refused
from .state import Bot, CallbackQuery, World
from .updates import Courier

CALLS_KEPT = 20_000
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
HTML_ANSWER = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>nginx</body></html>"


class Api:
    """Performs calls and remembers them: {"id","at","read_at","bot","method","chat_id","params","files",
    "body_bytes","content_type","client","status","answer","ms","fault","via"}; `at` is when the request's head was
    there, `read_at` when its body was, both by the machine's clock; client is the User-Agent."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.flood = Flood(world)
        self.log: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self.count = 0
        self.courier = Courier(world, self._reply_from_webhook)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One HTTP request of a bot."""
        at = time.time()
        token, method = request.match_info["token"], request.match_info["method"]
        bot = self.world.bot_by_token(token)
        try:
            params = await read_params(request)
            if bot is None or bot.revoked:
                self.flood.meet_stranger(request.remote or "")
                raise unauthorized() if TOKEN.fullmatch(token) else not_found()
        except ApiError as refusal:
            entry = self._enter(at, bot.id if bot else None, method, Params(), request.content_type)
            return self._respond(entry, refusal)
        entry = self._enter(at, bot.id, method, params, request.content_type)
        fault = self.faults.take(bot.id, method, params.text("chat_id"))
        entry |= {"fault": fault.kind if fault else None, "client": request.headers.get("User-Agent", "")}
        return await self._answer(request, bot, method, params, entry, fault)

    async def _answer(
        self, request: web.Request, bot: Bot, method: str, params: Params, entry: dict[str, Any], fault: Fault | None
    ) -> web.StreamResponse:
        await self._travel()
        if fault and fault.kind == "lost_request":
            return self._hang_up(request, entry)
        if fault and fault.kind == "html":
            entry["status"] = 502
            return web.Response(status=502, text=HTML_ANSWER, content_type="text/html")
        try:
            self._refuse(bot, fault)
            result: Any = await self._perform(bot, method, params)
        except ApiError as refusal:
            result = refusal
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.delay_s)
        if fault and fault.kind == "lost_answer":
            entry["answer"] = result.body() if isinstance(result, ApiError) else _success(result)
            return self._hang_up(request, entry)
        await self._travel()
        return self._respond(entry, result)

    def _refuse(self, bot: Bot, fault: Fault | None) -> None:
        self.flood.check_gate(bot)
        refusal = fault.refusal() if fault else None
        if fault and fault.kind == "429" and fault.gate:
            bot.gate_until = self.world.clock.now() + fault.retry_after
        if refusal:
            raise refusal

    async def _perform(self, bot: Bot, method: str, params: Params) -> Any:
        perform = METHODS.get(method.lower())
        if perform is None:
            raise ApiError(404, "Not Found: method not found")
        messages = self.flood.take(bot, method, params)
        try:
            return await perform(Call(self.world, self.courier, bot, params))
        except ApiError:
            self.flood.give_back(bot, params, messages)
            raise

    async def _travel(self) -> None:
        """Half the round trip."""
        settings = self.world.settings
        latency_s = settings["latency_s"] + random.uniform(0, settings["latency_jitter_s"])
        if latency_s > 0:
            await asyncio.sleep(latency_s / 2)

    def _enter(self, at: float, bot_id: int | None, method: str, params: Params, content_type: str) -> dict[str, Any]:
        self.count += 1
        files = {name: {"name": part.name, "media_type": part.media_type, "bytes": len(part.data),
                        "sha256": hashlib.sha256(part.data).hexdigest()}
                 for name, part in params.uploads.items()}  # fmt: skip
        entry = {"id": self.count, "at": at, "read_at": time.time(), "bot": bot_id, "method": method,
                 "chat_id": params.text("chat_id"), "params": params.logged(), "files": files,
                 "body_bytes": params.body_bytes, "content_type": content_type, "status": 0, "answer": None,
                 "ms": 0.0, "fault": None, "client": "", "via": "http"}  # fmt: skip
        self.log.append(entry)
        return entry

    def _respond(self, entry: dict[str, Any], result: Any) -> web.Response:
        is_refusal = isinstance(result, ApiError)
        body = result.body() if is_refusal else _success(result)
        entry["status"] = result.status if is_refusal else 200
        entry["answer"] = body
        self._finish(entry)
        headers = {}
        if is_refusal and result.parameters and "retry_after" in result.parameters:
            headers["Retry-After"] = str(result.parameters["retry_after"])
        text = json.dumps(body, ensure_ascii=False)
        return web.Response(text=text, status=entry["status"], content_type="application/json", headers=headers)

    def _hang_up(self, request: web.Request, entry: dict[str, Any]) -> web.Response:
        self._finish(entry)
        if request.transport:
            request.transport.abort()
        return web.Response(status=500)

    def _finish(self, entry: dict[str, Any]) -> None:
        entry["ms"] = round((time.time() - entry["at"]) * 1000, 1)
        self.world.changed("call", call=entry["id"], method=entry["method"], status=entry["status"])

    async def _reply_from_webhook(self, bot: Bot, method: str, values: dict[str, Any]) -> None:
        """A method given as the answer of a webhook: performed, its result known to nobody."""
        params = Params(values)
        entry = self._enter(time.time(), bot.id, method, params, "application/json")
        entry["via"] = "webhook answer"
        with contextlib.suppress(ApiError):
            entry["answer"] = _success(await self._perform(bot, method, params))
            entry["status"] = 200
        self._finish(entry)

    async def fetch_result(self, query: CallbackQuery, result_id: str) -> None:
        """Telegram fetches the file behind an inline result's URL when somebody chooses the result. Raises Refused."""
        message = ((query.answer or {}).get("messages") or {}).get(result_id) or {}
        if "url" not in message:
            return
        call = Call(self.world, self.courier, self.world.bots[query.bot_id], Params())
        try:
            record = await read_file(call, message["kind"], message["url"], None)
        except ApiError as refusal:
            raise Refused(refusal.description) from None
        message["content"] |= await media_content(call, record)
        message["unique"] = record.unique
        del message["url"]

    async def download(self, request: web.Request) -> web.Response:
        """GET /file/bot<token>/<file_path>"""
        bot = self.world.bot_by_token(request.match_info["token"])
        found = re.fullmatch(r"(?:photos|documents)/(.+)_([a-z])(?:\.\w+)?", request.match_info["path"])
        record = self.world.files.records.get(found[1]) if found else None
        if bot is None or record is None or found is None:
            refusal = not_found() if bot else unauthorized()
            return web.json_response(refusal.body(), status=refusal.status)
        return web.Response(body=self.world.files.content(record, found[2]), content_type=record.media_type)


def _success(result: Any) -> dict[str, Any]:
    if isinstance(result, Described):
        return {"ok": True, "result": result.result, "description": result.description}
    return {"ok": True, "result": result}
