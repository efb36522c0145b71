"""Reads calls as the Telegram simulator records them and tells what aiogram's models don't accept.

Runs in aiogram's environment: a JSON list of calls a line on standard input, a JSON list of problems a line on standard
output, each {"id", "method", "problem"}. A parameter or a field of it that the models don't know is a problem too.
"""

import json
import sys
from typing import Any

from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types.base import TelegramObject
from pydantic import BaseModel, TypeAdapter, ValidationError

BY_NAME = {
    model.__api_method__.lower(): model
    for model in vars(methods).values()
    if isinstance(model, type) and issubclass(model, TelegramMethod) and model is not TelegramMethod
}


def problems_of(call: dict[str, Any]) -> list[str]:
    model = BY_NAME.get(call["method"].lower())
    if model is None:
        return ["no such method"]
    # A file is sent as a part of the request; in JSON it is named by the parameter.
    parts = {name: f"attach://{name}" for name in call["files"] if name in model.model_fields}
    found = checked(model, {**parts, **with_media(call)})
    answer = call.get("answer")
    if answer and answer.get("ok"):
        found += [f"answer: {problem}" for problem in checked(model.__returning__, answer["result"])]
    return found


def with_media(call: dict[str, Any]) -> dict[str, Any]:
    """python-telegram-bot leaves `media` of an InputMedia out when the uploaded part has that very name."""
    media = call["params"].get("media")
    if isinstance(media, dict) and "media" in call["files"]:
        return {**call["params"], "media": {"media": "attach://media", **media}}
    return dict(call["params"])


def checked(kind: Any, value: Any) -> list[str]:
    try:
        made = TypeAdapter(kind).validate_python(value)
    except ValidationError as refused:
        return [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in refused.errors()[:3]]
    return unknown(made, "")


def unknown(value: Any, path: str) -> list[str]:
    """Fields at any depth that no model knows."""
    if isinstance(value, TelegramMethod | TelegramObject):
        found = [f"{path}{name}: unknown" for name in value.model_extra or {}]
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        return found + [one for name, inner in fields.items() for one in unknown(inner, f"{path}{name}.")]
    if isinstance(value, list | tuple):
        return [one for number, inner in enumerate(value) for one in unknown(inner, f"{path}{number}.")]
    return [f"{path}: unknown model" for _ in [0] if isinstance(value, BaseModel) and value.model_extra]


for line in sys.stdin:
    calls = json.loads(line)
    found = [
        {"id": call["id"], "method": call["method"], "problem": one} for call in calls for one in problems_of(call)
    ]
    print(json.dumps(found), flush=True)
