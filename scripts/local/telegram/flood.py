"""Telegram's limits on sending, its 429 and the penalty for going on; measured always, enforced by the setting `flood`.

The vendor publishes: about 30 messages a second for one bot, one a second in one chat (short bursts pass), 20 a minute
in one group (core.telegram.org/bots/faq), and for tokens not used before 20 a minute and 600 an hour from one address
(ClientManager.cpp). How long a 429 lasts is not published. Here the first lasts as long as the limit needs, at least
MIN_RETRY_S; each breach within REPEAT_S of the one before doubles it; a call while the gate is closed pushes its end
out by PENALTY_S. The gate closes for the whole bot, whichever limit was broken: the strictest reading.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, too_many_requests
from .params import Params
from .state import Bot, World

BOT_PER_S = 30
CHAT_BURST = 5
GROUP_PER_MINUTE = 20
NEW_TOKENS = ((60, 20), (3600, 600))
MIN_RETRY_S, MAX_RETRY_S = 3, 900
REPEAT_S = 60
PENALTY_S = 1
LISTS = {"sendmediagroup": "media", "copymessages": "message_ids", "forwardmessages": "message_ids"}


@dataclass
class Record:
    """What one bot sent: `chats` holds the sends of the last minute; the highest figures are for GET /flood."""

    sent: deque[float] = field(default_factory=deque)
    chats: dict[str, deque[float]] = field(default_factory=dict)
    theoretical_at: dict[str, float] = field(default_factory=dict)
    max_in_any_second: int = 0
    max_in_a_chat_second: int = 0
    messages: int = 0
    refused: int = 0
    called_while_closed: int = 0
    strikes: int = 0
    broken_at: float = -math.inf
    closed: bool = False


class Flood:
    def __init__(self, world: World) -> None:
        self.world = world
        self.clear()

    def clear(self) -> None:
        self.records: dict[int, Record] = {}
        self.strangers: dict[str, deque[float]] = {}

    def record(self, bot: Bot) -> Record:
        return self.records.setdefault(bot.id, Record())

    def check_gate(self, bot: Bot) -> None:
        """Raises 429 while the bot's gate is closed; going on during a flood lengthens it."""
        now, record = self.world.clock.now(), self.record(bot)
        if bot.gate_until <= now:
            record.closed = False
            return
        record.called_while_closed += 1
        if record.closed:
            bot.gate_until = min(bot.gate_until + PENALTY_S, now + MAX_RETRY_S)
        raise too_many_requests(math.ceil(bot.gate_until - now))

    def take(self, bot: Bot, method: str, params: Params) -> int:
        """Counts the call's messages and returns how many; raises 429 when they are too many."""
        count = messages_of(method, params)
        if not count:
            return 0
        now, record = self.world.clock.now(), self.record(bot)
        chat = self._chat_key(params.text("chat_id"))
        if self.world.settings["flood"]:
            wait_s = self._wait_s(record, chat, count, now)
            if wait_s > 0:
                raise self._break(bot, record, wait_s, now)
        _count(record, chat, count, now)
        return count

    def give_back(self, bot: Bot, params: Params, count: int) -> None:
        """A refused call sent nothing."""
        record, chat = self.record(bot), self._chat_key(params.text("chat_id"))
        for _ in range(min(count, len(record.sent))):
            record.sent.pop()
        recent = record.chats.get(chat, deque())
        for _ in range(min(count, len(recent))):
            recent.pop()
        record.messages -= count
        record.theoretical_at[chat] = record.theoretical_at.get(chat, 0) - count

    def meet_stranger(self, address: str) -> None:
        """A token that nobody issued, from this address. Raises 429 above the vendor's limit for new tokens."""
        now = self.world.clock.now()
        met = self.strangers.setdefault(address, deque(maxlen=NEW_TOKENS[-1][1]))
        for window_s, most in NEW_TOKENS if self.world.settings["flood"] else ():
            within = [at for at in met if at > now - window_s]
            if len(within) >= most:
                raise too_many_requests(int(within[0] + window_s - now) + 1)
        met.append(now)

    def _wait_s(self, record: Record, chat: str, count: int, now: float) -> float:
        """How long until the messages would have passed; 0 when they pass now."""
        _forget(record.sent, now - 1)
        waits = [record.sent[0] + 1 - now if len(record.sent) + count > BOT_PER_S else 0.0]
        waits.append(max(record.theoretical_at.get(chat, now), now) + count - CHAT_BURST - now)
        recent = record.chats.setdefault(chat, deque())
        _forget(recent, now - 60)
        if self._is_group(chat) and len(recent) + count > GROUP_PER_MINUTE:
            waits.append(recent[max(0, len(recent) + count - GROUP_PER_MINUTE - 1)] + 60 - now)
        return max(waits)

    def _break(self, bot: Bot, record: Record, wait_s: float, now: float) -> ApiError:
        record.strikes = record.strikes + 1 if now - record.broken_at < REPEAT_S else 0
        retry_s = min(max(math.ceil(wait_s), MIN_RETRY_S) * 2**record.strikes, MAX_RETRY_S)
        record.refused += 1
        record.closed = True
        bot.gate_until = now + retry_s
        record.broken_at = bot.gate_until
        return too_many_requests(retry_s)

    def _is_group(self, chat: str) -> bool:
        known = self.world.chats.get(int(chat)) if chat[1:].isdecimal() else None
        return known is not None and known.type != "channel"

    def _chat_key(self, given: str) -> str:
        """A chat by its number, also when it was named."""
        name = given.removeprefix("@").lower()
        if name == given.lower():
            return given
        return next((str(chat.id) for chat in self.world.chats.values() if chat.username.lower() == name), given)

    def listed(self) -> list[dict[str, Any]]:
        """For each bot that sent: its highest figures and what it was refused."""
        now = self.world.clock.now()
        names = ("messages", "max_in_any_second", "max_in_a_chat_second", "refused", "called_while_closed", "strikes")
        return [
            {"bot": bot_id, **{name: getattr(record, name) for name in names},
             "gate_s": max(0.0, self.world.bots[bot_id].gate_until - now) if bot_id in self.world.bots else 0.0}
            for bot_id, record in self.records.items()
        ]  # fmt: skip


def messages_of(method: str, params: Params) -> int:
    """How many messages a call sends. Chat actions, answers and edits send none."""
    name = method.lower()
    if name in LISTS:
        listed = params.lenient_data(LISTS[name])
        return len(listed) if isinstance(listed, list) else 1
    return int((name.startswith("send") and name != "sendchataction") or name in ("copymessage", "forwardmessage"))


def _count(record: Record, chat: str, count: int, now: float) -> None:
    record.theoretical_at[chat] = max(record.theoretical_at.get(chat, now), now) + count
    recent = record.chats.setdefault(chat, deque())
    record.sent.extend([now] * count)
    recent.extend([now] * count)
    _forget(record.sent, now - 1)
    _forget(recent, now - 60)
    record.messages += count
    record.max_in_any_second = max(record.max_in_any_second, len(record.sent))
    in_chat = sum(at > now - 1 for at in recent)
    record.max_in_a_chat_second = max(record.max_in_a_chat_second, in_chat)


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
