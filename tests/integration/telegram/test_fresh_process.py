"""What a call of the webhook makes a fresh process import: a duplicate must not pay for what only answers need."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from promostack.core import crypto

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "packages" / "hooks" / "telegram-webhook" / "__main__.py"
CALL = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("main__", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
result = module.main(json.loads(sys.argv[2]), None)
print(json.dumps({"status": result["statusCode"], "body": result["body"], "modules": sorted(sys.modules)}))
"""
FOR_ANSWERS_ONLY = {
    "boto3",
    "promostack.delivery.sender",
    "promostack.rendering",
    "promostack.telegram.conversation",
    "promostack.telegram.updates",
    "pydantic",
    "requests",
    "telegram",
}


@pytest.fixture
def public_id(database) -> str:
    tenant_id, bot_id, public_id = str(uuid4()), str(uuid4()), uuid4().hex
    slug = f"fresh-{public_id}"
    database.query("INSERT INTO tenants (tenant_id, slug, name) VALUES (%s, %s, 'Fresh')", tenant_id, slug)
    database.query(
        "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
        " VALUES (%s, %s, %s, %s, 'fresh_bot', %s)",
        tenant_id,
        bot_id,
        public_id,
        uuid4().int % 10**12,
        crypto.hash_token("right"),
    )
    database.query(
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state) VALUES (%s, %s, 7, '{}', 'done')",
        tenant_id,
        bot_id,
    )
    return public_id


def stored(database, public_id: str) -> list[tuple]:
    return database.query(
        "SELECT update_id FROM telegram_updates JOIN bots ON bots.id = bot_id WHERE public_id = %s", public_id
    )


def call(database, public_id: str, secret: str, body: object) -> tuple[int, dict, set[str]]:
    """(status, answer, what was imported) of one call in a fresh process."""
    http = {
        "method": "POST",
        "path": f"/{public_id}",
        "headers": {"x-telegram-bot-api-secret-token": secret},
        "body": base64.b64encode(json.dumps(body).encode()).decode(),
        "isBase64Encoded": True,
    }
    environment = {**os.environ, "DATABASE_URL": database.app_dsn, "PYTHONPATH": str(ROOT / "shared")}
    command = [sys.executable, "-c", CALL, str(MAIN), json.dumps({"http": http})]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    said = json.loads(done.stdout.splitlines()[-1])
    return said["status"], json.loads(said["body"]), set(said["modules"])


def test_a_duplicate_imports_nothing_that_only_answers_need(database, public_id) -> None:
    status, answer, modules = call(database, public_id, "right", {"update_id": 7})
    assert (status, answer) == (200, {"status": "duplicate"})
    assert "promostack.telegram.inbox" in modules
    assert modules & FOR_ANSWERS_ONLY == set()


@pytest.mark.parametrize("body", [[], {}, {"update_id": "7"}, {"update_id": True}, {"update_id": 2**63}])
def test_what_is_no_update_is_refused_before_anything_is_stored(database, public_id, body) -> None:
    status, answer, modules = call(database, public_id, "right", body)
    assert (status, list(answer["error"]["fields"])) == (422, ["update_id" if isinstance(body, dict) else "body"])
    assert stored(database, public_id) == [(7,)]
    assert modules & FOR_ANSWERS_ONLY == set()


def test_a_wrong_secret_costs_as_little(database, public_id) -> None:
    status, _, modules = call(database, public_id, "wrong", {"update_id": 8})
    assert status == 401
    assert stored(database, public_id) == [(7,)]
    assert modules & (FOR_ANSWERS_ONLY - {"promostack.delivery.sender"}) == set()
