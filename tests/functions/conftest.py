"""Built zips, once a session, and what they talk to."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from scripts.local import build, project

# Asks the library in a process of its own, which has the running product's variables.
_ASK_FOR_BOT = """
import json, psycopg2, os
from promostack.telegram import bots
with psycopg2.connect(os.environ["DATABASE_URL_DIRECT"]) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT tenant_id::text, id::text FROM bots LIMIT 1")
    print(json.dumps(bots.webhook_of(*cursor.fetchone())))
"""


@pytest.fixture(scope="session")
def built() -> dict[str, build.Built]:
    """Every function's zip by its path; only what changed is built anew."""
    return {item.function.path: item for item in build.build()}


@pytest.fixture(scope="session")
def values(stack) -> dict[str, str]:
    """What project.yml's variables stand for in the running product: a real Postgres, object store and simulators."""
    return json.loads((stack.data_dir / "run.json").read_text())["values"]


@pytest.fixture(scope="session")
def demo_bot(values: dict[str, str]) -> dict[str, str]:
    """What a recorded update leaves open: the id in the webhook's address, and the secret that Telegram sends along."""
    environment = {**os.environ, **values, "PYTHONPATH": str(project.ROOT / "shared")}
    command = [sys.executable, "-c", _ASK_FOR_BOT]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return dict(zip(("${BOT_ID}", "${BOT_SECRET}"), json.loads(answer), strict=True))
