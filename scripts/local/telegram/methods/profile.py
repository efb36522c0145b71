"""The bot itself: identity, commands, names, menu button."""

from __future__ import annotations

import re
from typing import Any

from ..errors import bad_request
from .call import Call

WIDE_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


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
    """The key of a list of commands: scope and language. Raises 400 as Client.cpp, get_bot_command_scope."""
    scope = call.params.data("scope", "Can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(scope, dict):
        raise _bad_scope("BotCommandScope must be an Object")
    if not isinstance(scope.get("type"), str):
        raise _bad_scope(missing(scope, "type"))
    kind, parts = scope["type"], []
    if kind not in (*WIDE_SCOPES, *CHAT_SCOPES):
        raise _bad_scope("Unsupported type specified")
    if kind in CHAT_SCOPES:
        if "chat_id" not in scope:
            raise _bad_scope(missing(scope, "chat_id"))
        if not str(scope["chat_id"]):
            raise _bad_scope("Empty chat_id specified")
        parts.append(str(scope["chat_id"]))
        known = Call(call.world, call.courier, call.bot, type(call.params)({"chat_id": scope["chat_id"]}))
        known.chat()
    if kind == "chat_member":
        if not str(scope.get("user_id", "")).isdecimal() or int(scope["user_id"]) <= 0:
            raise _bad_scope("Invalid user_id specified" if "user_id" in scope else missing(scope, "user_id"))
        parts.append(str(scope["user_id"]))
    return ":".join([kind, *parts, call.params.text("language_code")])


def _bad_scope(problem: str) -> Exception:
    return bad_request(f"Can't parse BotCommandScope: {problem}")


def missing(owner: dict[str, Any], name: str) -> str:
    """The vendor's words for a field that should be a text and isn't."""
    return f'Field "{name}" must be of type String' if name in owner else f'Can\'t find field "{name}"'


def _command(command: Any) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"Can't parse BotCommand: {missing(command, name)}")
    name, description = command["command"].removeprefix("/"), command["description"].strip()
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
    call.bot.menu_button = {"type": "commands"} if button is None else _menu_button(button)
    return True


def _menu_button(button: Any) -> dict[str, Any]:
    problem = ""
    if not isinstance(button, dict):
        problem = "MenuButton must be an Object"
    elif not isinstance(button.get("type"), str):
        problem = missing(button, "type")
    elif button["type"] not in ("default", "commands", "web_app"):
        problem = "MenuButton has unsupported type"
    elif button["type"] == "web_app" and not isinstance(button.get("text"), str):
        problem = missing(button, "text")
    elif button["type"] == "web_app" and not isinstance(button.get("web_app"), dict):
        problem = 'Can\'t find field "web_app"'
    if problem:
        raise bad_request(f"Can't parse menu button: {problem}")
    return {"type": "commands"} if button["type"] == "default" else button


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
