"""The methods of the Bot API. Each takes a Call and returns the `result`, or raises ApiError."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from . import albums, callbacks, chats, copies, edits, inline, managed, messages, profile, receiving, sending
from .call import Call

Method = Callable[[Call], Awaitable[Any]]

MODULES = (profile, receiving, messages, copies, sending, albums, edits, callbacks, inline, chats, managed)

METHODS: dict[str, Method] = {name.lower(): method for module in MODULES for name, method in module.METHODS.items()}
