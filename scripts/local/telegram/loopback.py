"""Names that end in .localhost are this machine (RFC 6761, 6.3); not every system's resolver knows that."""

from __future__ import annotations

import socket

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver


class LoopbackNames(ThreadedResolver):
    """Everything else as the system says."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        named = "127.0.0.1" if host.rpartition(".")[2] == "localhost" else host
        return await super().resolve(named, port, family)
