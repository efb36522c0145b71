"""The bot itself: identity, commands, names, menu button."""

from __future__ import annotations

import re
from typing import Any

from ..errors import bad_request
from .call import Call


async def get_me(call: Call) -> dict[str, Any]:
    return {**call.bot.as_user(), "can_join_groups": True, "can_read_all_group_messages": not call.bot.has_privacy,
            "supports_inline_queries": call.bot.has_inline, "can_connect_to_business": False, "has_main_web_app": False,
            "has_topics_enabled": False, "allows_users_to_create_topics": False,
            "can_manage_bots": call.bot.can_manage_bots}  # fmt: skip


async def set_my_commands(call: Call) -> bool:
    given = call.params.data("commands", "Can't parse commands JSON object")
    commands = [] if given is None else given
    if not isinstance(commands, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope(call)] = [_command(command) for command in commands]
    call.world.changed("commands", bot=call.bot.id)
    return True


async def get_my_commands(call: Call) -> list[dict[str, str]]:
    return call.bot.commands.get(_scope(call), [])


async def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop(_scope(call), None)
    call.world.changed("commands", bot=call.bot.id)
    return True


def _scope(call: Call) -> str:
    scope = call.params.data("scope", "Can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("BotCommandScope must be an Object")
    parts = [str(scope.get("type", "default")), *(str(scope[key]) for key in ("chat_id", "user_id") if key in scope)]
    return ":".join([*parts, call.params.text("language_code")])


def _command(command: Any) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", "")).strip()
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _texts(parameter: str, most: int, answer_key: str) -> tuple[Any, Any]:
    async def setter(call: Call) -> bool:
        value = call.params.text(parameter)
        if len(value) > most:
            raise bad_request(f"{parameter.replace('_', ' ')} is too long")
        call.bot.profile[f"{parameter}:{call.params.text('language_code')}"] = value
        return True

    async def getter(call: Call) -> dict[str, str]:
        profile, language = call.bot.profile, call.params.text("language_code")
        fallback = call.bot.first_name if parameter == "name" else ""
        return {answer_key: profile.get(f"{parameter}:{language}") or profile.get(f"{parameter}:") or fallback}

    return setter, getter


async def set_chat_menu_button(call: Call) -> bool:
    button = call.params.data("menu_button", "Can't parse menu button JSON object")
    call.bot.menu_button = button if isinstance(button, dict) else {"type": "commands"}
    return True


async def get_chat_menu_button(call: Call) -> dict[str, Any]:
    return call.bot.menu_button


SET_NAME, GET_NAME = _texts("name", 64, "name")
SET_DESCRIPTION, GET_DESCRIPTION = _texts("description", 512, "description")
SET_SHORT, GET_SHORT = _texts("short_description", 120, "short_description")

METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": SET_NAME,
    "getMyName": GET_NAME,
    "setMyDescription": SET_DESCRIPTION,
    "getMyDescription": GET_DESCRIPTION,
    "setMyShortDescription": SET_SHORT,
    "getMyShortDescription": GET_SHORT,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
