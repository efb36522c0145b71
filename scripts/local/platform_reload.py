"""Notices that the functions' code was edited, so that the next call runs the new one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from scripts.local.project import ROOT

WATCHED = (ROOT / "shared" / "promostack", ROOT / "packages")
SUFFIXES = (".py", ".sql", ".json")
POLL_S = 1.0


def stamp() -> tuple[int, int]:
    """Number and newest change of the code's files; symbolic links are not followed (they lead to the library)."""
    times = [
        os.stat(os.path.join(folder, name)).st_mtime_ns
        for root in WATCHED
        for folder, _, names in os.walk(root)
        for name in names
        if name.endswith(SUFFIXES) and os.path.exists(os.path.join(folder, name))
    ]
    return len(times), max(times, default=0)


async def watch(changed: Callable[[], None]) -> None:
    """Call `changed` after each edit, until cancelled."""
    known = await asyncio.to_thread(stamp)
    while True:
        await asyncio.sleep(POLL_S)
        now = await asyncio.to_thread(stamp)
        if now != known:
            known = now
            changed()
