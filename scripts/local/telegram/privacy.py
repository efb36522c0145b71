"""Which messages of a group a bot gets to see (core.telegram.org/bots/features, "Privacy mode")."""

from __future__ import annotations

import re
from typing import Any

from .state import Bot, Chat, Thread

SERVICE = ("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id")
COMMAND = re.compile(r"/\w+(?:@(\w+))?")


def sees(bot: Bot, chat: Chat, thread: Thread, message: dict[str, Any]) -> bool:
    """Channels hide nothing. In a group, admins and bots with privacy off see all; the others what is meant for them:
    commands that name the bot or nobody, replies to its messages, messages sent via it."""
    if chat.type == "channel" or not bot.has_privacy or chat.status_of(bot.id) in ("administrator", "creator"):
        return True
    if any(kind in message for kind in SERVICE):
        return True
    if message.get("via_bot", {}).get("id") == bot.id:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id:
        return True
    command = COMMAND.match(message.get("text", ""))
    if command is None:
        return False
    if command[1]:
        return command[1].lower() == bot.username.lower()
    return _last_bot(thread) in (None, bot.id)


def _last_bot(thread: Thread) -> int | None:
    """The bot that wrote last; a command without a name goes to it."""
    senders = (stored.message.get("from", {}) for stored in reversed(thread.messages.values()))
    return next((sender["id"] for sender in senders if sender.get("is_bot")), None)
