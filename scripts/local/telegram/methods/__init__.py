"""The methods of the Bot API. Each takes a Call and returns the `result`, or raises ApiError."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from . import albums, callbacks, chats, edits, messages, profile, receiving, sending
from .call import Call

Method = Callable[[Call], Awaitable[Any]]

METHODS: dict[str, Method] = {
    name.lower(): method
    for module in (profile, receiving, messages, sending, albums, edits, callbacks, chats)
    for name, method in module.METHODS.items()
}
