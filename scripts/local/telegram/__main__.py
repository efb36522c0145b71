"""python -m scripts.local.telegram --port N [--state FILE] [--host 127.0.0.1]"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

from .app import serve


async def run(args: argparse.Namespace) -> None:
    """Serves until Ctrl-C or SIGTERM, then closes in order, so that the state file is complete."""
    serving = asyncio.ensure_future(serve(args.port, host=args.host, state=args.state))
    for wanted in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wanted, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.local.telegram", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, help="file that keeps chats across restarts")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
