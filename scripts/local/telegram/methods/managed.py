"""Managed bots: a bot that a person made for another bot to run, and its token."""

from __future__ import annotations

from ..errors import bad_request
from ..state import Bot
from .call import Call


async def get_managed_bot_token(call: Call) -> str:
    return _managed(call).token


async def replace_managed_bot_token(call: Call) -> str:
    """The new token; the old one answers 401 from now on."""
    bot = _managed(call)
    call.world.replace_token(bot)
    call.world.changed("chats")
    return bot.token


def _managed(call: Call) -> Bot:
    """The bot that user_id names. Raises BOT_INVALID (bots.exportBotToken) for one that the caller doesn't manage."""
    user_id = call.params.integer("user_id")
    if user_id <= 0:
        raise bad_request("Invalid user_id specified")
    if user_id not in call.world.bots and user_id not in call.world.users:
        raise bad_request("user not found")
    bot = call.world.bots.get(user_id)
    if bot is None or bot.manager != call.bot.id:
        raise bad_request("BOT_INVALID")
    return bot


METHODS = {"getManagedBotToken": get_managed_bot_token, "replaceManagedBotToken": replace_managed_bot_token}
