"""A whole conversation whose process can be stopped anywhere, and what Telegram and the tick do about it afterwards."""

import itertools
import json
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

from promostack.core import ids
from promostack.core.clock import SystemClock
from promostack.coupons.models import Verdict
from promostack.coupons.service import Coupons
from promostack.db import connection
from promostack.delivery.sender import Sender
from promostack.integrations import telegram_bot
from promostack.publishing.errors import ObjectMissing
from promostack.publishing.renders import Renders
from promostack.telegram import bots, updates
from promostack.telegram.desk import CouponDesk
from promostack.telegram.inbox import Inbox
from promostack.telegram.models import Bot
from promostack.telegram.updates import UpdateHandler
from tests.integration.killing import CALLER, Killed, Life, Lives
from tests.integration.telegram.channel_house import RIGHTS

_update_ids, _conversations = itertools.count(5_000_000), itertools.count(1_000)


class Messenger(telegram_bot.TelegramMessenger):
    """The product's own, whose calls know which process made them."""

    def __init__(self, life: Life) -> None:
        super().__init__(bots.token_of)
        self._life = life

    async def _in_slot(self, *call):
        CALLER.set(self._life)
        return await super()._in_slot(*call)


class Vendor:
    """The coupon vendor: codes that begin with GOLD are good."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def check(self, code: str, *, timeout_s: float) -> Verdict:
        self._life.pass_point()
        verdict = Verdict("valid" if code.startswith("GOLD") else "invalid", "simulated")
        self._life.pass_point()
        return verdict


class Store:
    """The public bucket, in memory."""

    def __init__(self, life: Life, objects: dict[str, bytes]) -> None:
        self._life, self._objects = life, objects

    def get(self, key: str) -> bytes:
        self._life.pass_point()
        if key not in self._objects:
            raise ObjectMissing(key)
        return self._objects[key]

    def put(self, key: str, data: bytes, *, media_type: str, immutable: bool = True) -> None:
        self._life.pass_point()
        self._objects[key] = data
        self._life.pass_point()

    def url(self, key: str) -> str:
        return f"https://cdn.example.com/{key}"


@dataclass
class Talk:
    """One person's conversation, step by step, with a process that dies in each step when told to."""

    database: object
    simulator: object
    lives: Lives
    objects: dict[str, bytes]
    bot: Bot
    user: int = 0
    channel: int = 0
    number: int = 0
    deaths: int = 0
    update_ids: list[int] = field(default_factory=list)
    steps = ("start", "wrong code", "right code", "page", "format", "file", "channel", "post")

    def begin(self) -> None:
        """A person with codes of his own, and a channel that he has connected."""
        ask, self.number = self.simulator.ask, next(_conversations)
        self.user = ask("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:12]}")["id"]
        ask("POST", "/start", bot=self.bot.username, user=self.user)
        name = f"c{uuid4().hex[:12]}"
        self.channel = ask("POST", "/chats", type="channel", title="Gold", username=name, members=[self.user])["id"]
        ask("POST", "/chats/bot", chat=self.channel, bot=self.bot.username, by=self.user, **RIGHTS)
        told = [
            each for each in self.simulator.look("/updates", bot=self.bot.username) if each["kind"] == "my_chat_member"
        ]
        self._receive("my_chat_member", told[-1]["payload"], next(_update_ids))

    def take(self, step: str, ends_at: int | None, *, tick_first: bool = False) -> int:
        """One step; the process is stopped at that point of it. Returns how many points it passed."""
        kind, payload = self._update(step)
        update_id = next(_update_ids)
        self.update_ids.append(update_id)
        life = self.lives.now = Life(ends_at)
        try:
            self._receive(kind, payload, update_id)
        except Killed:
            self.deaths += 1
            self._revive(kind, payload, update_id, tick_first=tick_first)
        return life.passed

    def _revive(self, kind: str, payload: dict, update_id: int, *, tick_first: bool) -> None:
        """Time passes; Telegram delivers the update again, and the tick and a sender find what was left."""
        connection.discard()
        self.lives.now = Life()
        pass_time(self.database)
        if tick_first:
            self.sweep()
        self._receive(kind, payload, update_id)
        pass_time(self.database)
        self.sweep()

    def sweep(self) -> None:
        """What the tick does: updates whose handler died are handed in, a sender sends what is due."""
        for tenant_id, bot_id, update_id in updates.find_stale(50):
            payload = updates.stored_update(tenant_id, bot_id, update_id)
            kind = next(name for name in payload if name != "update_id")
            self._receive(kind, payload[kind], update_id)
        self._sender().drain(ids.opaque_id(), seconds=20)

    def _receive(self, kind: str, payload: dict, update_id: int) -> str:
        self.database.query("DELETE FROM chat_limiters")  # the person takes his time
        life, self.lives.now = self.lives.now, Life()
        secret = bots.webhook_of(self.bot.tenant_id, self.bot.id)[1]
        self.lives.now = life
        update = {"update_id": update_id, kind: payload}
        return Inbox(self._handler).receive(self.bot.public_id, secret, update, update_id)

    def _handler(self) -> UpdateHandler:
        clock, store, vendor = SystemClock(), Store(self.lives.now, self.objects), Vendor(self.lives.now)
        coupons = Coupons({"funderpro": lambda tenant, settings: vendor}, clock=clock)
        renders = Renders(store=store, assets=store, coupons=coupons, clock=clock)
        sender = self._sender()
        return UpdateHandler(
            lambda bot, incoming: CouponDesk(bot, incoming, coupons=coupons, renders=renders, sender=sender), sender
        )

    def _sender(self) -> Sender:
        return Sender(Messenger(self.lives.now), Store(self.lives.now, self.objects).get)

    def _update(self, step: str) -> tuple[str, dict]:
        texts = {"start": "/start", "wrong code": f"NOPE-{self.number}", "right code": f"GOLD-{self.number}"}
        person = {"id": self.user, "is_bot": False, "first_name": "Ada"}
        chat = {"id": self.user, "type": "private"}
        if step in texts:
            message = {"message_id": 5, "from": person, "chat": chat, "date": 1, "text": texts[step]}
            return "message", message
        wanted = {"page": "p:", "format": "r:", "file": "f", "channel": "ch", "post": "post:"}[step]
        for shown in reversed(self.said()):
            for row in shown.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button.get("callback_data", "").startswith(wanted):
                        about = {"message_id": shown["message_id"], "chat": chat, "date": 1}
                        query = {"id": str(next(_update_ids)), "from": person, "message": about, "chat_instance": "1"}
                        return "callback_query", {**query, "data": button["callback_data"]}
        raise AssertionError(f"no button for {step} in {self.said()}")

    def said(self) -> list[dict]:
        """What the bot's chat shows of the bot."""
        return [each for each in self.simulator.messages(self.bot, self.user) if each["from"]["is_bot"]]

    def end_state(self) -> dict[str, object]:
        """All that outlasts the conversation, without ids that are made anew each time; see `compare`."""
        rows = self.database.query(
            "SELECT idempotency_key, kind, method, state, ambiguities, payload::text FROM outbox"
            " WHERE bot_id = %s AND chat_id IN (%s, %s) ORDER BY id",
            self.bot.id, self.user, self.channel,
        )  # fmt: skip
        return {
            "chat": Counter(map(self._shown, self.said())),
            "channel": Counter(self._shown(each["message"]) for each in
                               self.simulator.look("/messages", chat=self.channel)["messages"]),
            "outbox": [(self._key(key), kind, method, state, unknown) for key, kind, method, state, unknown, _ in rows],
            "updates": self.database.query(
                "SELECT state, count(*) FROM telegram_updates WHERE bot_id = %s AND update_id = ANY(%s) GROUP BY 1",
                self.bot.id, self.update_ids,
            ),
            "events": Counter(
                (kind, str(data.get("code")).split("-")[0], data.get("format"), data.get("template"))
                for kind, data in self.database.query(
                    "SELECT kind, data FROM usage_events WHERE bot_id = %s AND user_id = %s", self.bot.id, self.user
                )
            ),
            "conversation": [
                (_steady(state), version)
                for state, version in self.database.query(
                    "SELECT state, version FROM conversations WHERE bot_id = %s AND user_id = %s",
                    self.bot.id, self.user,
                )
            ],
        }  # fmt: skip

    def _shown(self, message: dict) -> str:
        """What a person sees of a message."""
        words = message.get("text") or message.get("caption") or ""
        keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
        name = message.get("document", {}).get("file_name", "")
        shown = ["photo" in message, name, words, [button["text"] for row in keyboard for button in row]]
        return json.dumps(shown, ensure_ascii=False).replace(str(self.number), "N")

    def _key(self, key: str) -> str:
        """A row's key with the update's place in the conversation instead of its number."""
        if key.startswith("post:"):
            return "post:" + key.rpartition(":")[2]
        number, _, name = key.partition(":")[2].partition(":")
        return f"{self.update_ids.index(int(number))}:{name}" if int(number) in self.update_ids else "before"


def pass_time(database, seconds: int = 60) -> None:
    """The clock goes on: leases run out, what waits becomes due, limits are free again."""
    by = f"{seconds} * interval '1 s'"
    database.query(
        f"""
        UPDATE outbox SET due_at = due_at - {by}, lease_until = lease_until - {by}
        WHERE state IN ('waiting', 'leased');
        UPDATE telegram_updates SET lease_until = lease_until - {by} WHERE state = 'leased';
        UPDATE bot_limiters SET closed_until = NULL, next_slot_at = now();
        DELETE FROM chat_limiters
        """
    )


def _steady(state: dict) -> str:
    """What is remembered, without what is made anew each time: the names of gallery and draft, the picture."""
    own = {"code": state["code"].split("-")[0]}
    return json.dumps({**state, **own, **{name: bool(state.get(name)) for name in ("gallery", "draft", "picture")}})
