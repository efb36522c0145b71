"""The gateway's process: function host, cron and HTTP on one event loop.

Run: python -m scripts.local.gateway_main SETTINGS.json        (scripts/local/stack.py writes the settings)
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from aiohttp import web

from scripts.local import platform_cron, platform_reload, project
from scripts.local.container import Folder
from scripts.local.gateway import WEB_TIMEOUT_S, Gateway, Upstreams, make_app
from scripts.local.platform_calls import Code, Platform
from scripts.local.platform_limits import PER_MINUTE, Namespace, TooMany
from scripts.local.platform_pool import Wear


@dataclass(frozen=True)
class Settings:
    """`functions` is `folders` (source below `packages`) or `zips` (what scripts/build-functions makes)."""

    port: int
    project: str
    site: str
    logs: str
    public_bucket_url: str
    telegram_url: str
    clerk_url: str
    access_key: str
    values: Mapping[str, str]
    functions: str = "folders"
    packages: str = str(project.ROOT / "packages")
    web_timeout_s: float = WEB_TIMEOUT_S
    fresh: bool = False
    retire: float = Wear.retire
    containers: int = Wear.least
    per_minute: int | None = PER_MINUTE
    cron: bool = True
    warm: bool = True

    def write(self, path: Path) -> None:
        """Readable by the owner only: it holds every secret of the local platform."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=1))

    @staticmethod
    def read(path: Path) -> Settings:
        return Settings(**json.loads(path.read_text()))


def sources(functions: Sequence[project.Function], settings: Settings) -> dict[str, Code]:
    """Where each function's code is. Zips run unzipped, on the plain interpreter with the image's packages."""
    if settings.functions == "folders":
        command, root = (sys.executable, "-I"), Path(settings.packages)
        return {function.path: Code(Folder(root / function.path), command) for function in functions}
    from scripts.local import build, runtime

    isolated = (build.base_python(), *runtime.ISOLATED)
    layer = build.ensure_layer()
    return {built.function.path: Code(Folder(built.folder), isolated, layer) for built in build.build(functions)}


async def serve(settings: Settings) -> None:
    """Serves until cancelled."""
    functions = project.read(Path(settings.project))
    platform = Platform(
        functions,
        sources(functions, settings),
        settings.values,
        logs=Path(settings.logs),
        namespace=Namespace(per_minute=settings.per_minute),
        wear=Wear(fresh=settings.fresh, retire=settings.retire, least=settings.containers),
    )
    upstreams = Upstreams(settings.public_bucket_url, settings.telegram_url, settings.clerk_url)
    gateway = Gateway(
        platform, Path(settings.site), upstreams, settings.access_key, web_timeout_s=settings.web_timeout_s
    )
    runner = web.AppRunner(make_app(gateway), access_log=None, shutdown_timeout=2)
    await runner.setup()
    background = (
        [asyncio.create_task(platform_reload.watch(platform.reload))] if settings.functions == "folders" else []
    )
    if settings.cron:
        background.append(
            asyncio.create_task(platform_cron.run(functions, lambda f, body: _fire(platform, f.path, body)))
        )
    try:
        await web.TCPSite(runner, "127.0.0.1", settings.port, backlog=512).start()
        if settings.warm and not settings.fresh:
            platform.warm()
        gc.freeze()  # what was loaded until now stays: spare the collector walking it in the middle of a request
        await asyncio.gather(*background, asyncio.Event().wait())
    finally:
        for task in background:
            task.cancel()
        await platform.close()
        await runner.cleanup()


def _fire(platform: Platform, path: str, body: Mapping[str, object]) -> None:
    try:
        platform.invoke(path, body)
    except TooMany as refusal:
        print(f"cron: {path} was not started: {refusal}", flush=True)


async def _run(settings: Settings) -> None:
    serving = asyncio.ensure_future(serve(settings))
    for wanted in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wanted, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", type=Path)
    asyncio.run(_run(Settings.read(parser.parse_args().settings)))


if __name__ == "__main__":
    main()
