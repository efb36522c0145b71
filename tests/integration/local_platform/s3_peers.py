"""The S3 servers of the contract suite: ours, moto's and s3rver, each as something boto3 can be pointed at."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).parents[3]
NODE = ROOT / "tests" / "node"


@dataclass(frozen=True)
class S3:
    """`checks_signatures` and `checks_acl` say which of the rules the server enforces."""

    name: str
    endpoint: str
    access_key: str
    secret_key: str
    checks_signatures: bool
    checks_acl: bool
    pid: int | None = None

    def client(self, **overrides: Any) -> Any:
        """boto3 set up as the product's adapter sets it up."""
        keys = {"aws_access_key_id": self.access_key, "aws_secret_access_key": self.secret_key, **overrides}
        config = Config(
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"max_attempts": 1},
            s3={"addressing_style": "path"},
        )
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="fra1", config=config, **keys)


@contextmanager
def ours(folder: Path) -> Iterator[S3]:
    command = [sys.executable, "-m", "scripts.local.s3", "--port", "0", "--root", str(folder)]
    env = {**os.environ, "S3_ACCESS_KEY": "LOCALKEY", "S3_SECRET_KEY": "local-secret"}
    with _process(command, env) as process:
        port = _first_line(process).rpartition(":")[2]
        yield S3("ours", f"http://127.0.0.1:{port}", "LOCALKEY", "local-secret", True, True, process.pid)


@contextmanager
def moto(_folder: Path) -> Iterator[S3]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3("moto", f"http://{host}:{port}", "any", "any", False, False)
    finally:
        server.stop()


@contextmanager
def s3rver(folder: Path) -> Iterator[S3]:
    if not (NODE / "node_modules" / "@20minutes" / "s3rver").exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=True)
    command = ["node", str(Path(__file__).with_name("s3rver.js")), str(NODE / "node_modules"), str(folder)]
    with _process(command, dict(os.environ)) as process:
        yield S3("s3rver", f"http://127.0.0.1:{_first_line(process)}", "S3RVER", "S3RVER", True, False)


PEERS: dict[str, Callable[[Path], contextlib.AbstractContextManager[S3]]] = {
    "ours": ours,
    "moto": moto,
    "s3rver": s3rver,
}


@contextmanager
def _process(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, "the server ended before it was ready"
    return line
