"""The whole product as a newcomer starts it, for tests, benches and pictures: `scripts/dev` with data of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READY = "PROMOSTACK_READY "
# From an empty data folder, with templates rendered, on a busy machine.
START_WITHIN_S = 180
STOP_WITHIN_S = 60
# What would tie a run of its own to another database or to another way of running functions.
_OWN = ("DATABASE_URL", "DATABASE_URL_DIRECT")


class ProductDidNotStart(RuntimeError):
    """The message holds the end of its output."""


def start(data_dir: Path, **variables: str) -> subprocess.Popen[str]:
    """Starts `scripts/dev` on a free port with its data in `data_dir`; `variables` are added to its environment."""
    environment = {**os.environ, "PORT": "0", "PROMOSTACK_DATA": str(data_dir)}
    for name in _OWN:
        environment.pop(name, None)
    return subprocess.Popen(
        [ROOT / "scripts" / "dev"],
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )


def wait_until_ready(process: subprocess.Popen[str]) -> str:
    """The address that the product prints once it serves; raises ProductDidNotStart with its output.

    What it says afterwards is read on into `process.said`, so that its pipe never fills up.
    """
    assert process.stdout is not None
    said: list[str] = []
    deadline = threading.Timer(START_WITHIN_S, process.kill)
    deadline.start()
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith(READY):
                process.said = said  # type: ignore[attr-defined]  # for a test that fails later
                threading.Thread(target=said.extend, args=(process.stdout,), daemon=True).start()
                return line.split()[1]
    finally:
        deadline.cancel()
    raise ProductDidNotStart("scripts/dev did not start:\n" + "".join(said[-40:]))


def stop(process: subprocess.Popen[str]) -> None:
    """Stops it as Ctrl-C does."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(**variables: str) -> Iterator[dict[str, Any]]:
    """The product with data of its own until the end of the block; gives what its run.json tells."""
    with tempfile.TemporaryDirectory(prefix="promostack-") as folder:
        process = start(Path(folder), **variables)
        try:
            wait_until_ready(process)
            yield json.loads((Path(folder) / "run.json").read_text())
        finally:
            stop(process)
