"""Containers are processes: what two do at once, and what one loads for a picture that exists."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from promostack.templates import service as templates
from promostack.tenants import service as tenants
from tests.integration.public.test_render_coupon import ORDER, document

ROOT = Path(__file__).resolve().parents[3]
# Waits for the line that starts the race, renders, prints the answer and what was imported for it.
CONTAINER = """
import json, sys
sys.path[:0] = ["shared", "."]
from tests.integration.public.calls import Functions
print("ready", flush=True)
order = json.loads(sys.stdin.readline())
answer = Functions().post("render-coupon", order)
print(json.dumps({"status": answer.status, "answer": answer.json, "loaded": sorted(sys.modules)}))
"""


class Container:
    """A process of its own with the test's variables."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CONTAINER],
            cwd=ROOT,
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def send(self, order: dict) -> None:
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def result(self) -> dict:
        out, _ = self._process.communicate(timeout=60)
        return json.loads(out.splitlines()[-1])


@pytest.fixture
def order(functions, demo) -> dict:
    """An order whose code was checked a moment ago."""
    templates.publish(tenants.get_tenant_id(demo), document())
    functions.post("validate-coupon", {"tenant": demo, "code": ORDER["code"]})
    return {"tenant": demo, **ORDER}


def test_containers_that_race_leave_one_row_and_one_picture(order, database) -> None:
    containers = [Container() for _ in range(3)]
    for container in containers:
        container.send(order)
    results = [container.result() for container in containers]
    assert {result["status"] for result in results} == {200}
    assert len({result["answer"]["url"] for result in results}) == 1
    tenant_id = tenants.get_tenant_id(order["tenant"])
    assert database.query("SELECT count(*) FROM renders WHERE tenant_id = %s", tenant_id) == [(1,)]


def test_a_picture_that_exists_costs_no_renderer_and_no_store(functions, order) -> None:
    functions.post("render-coupon", order)
    container = Container()
    container.send(order)
    result = container.result()
    assert (result["status"], result["answer"]["cached"]) == (200, True)
    heavy = {"PIL", "uharfbuzz", "freetype", "boto3", "botocore", "requests", "cryptography", "telegram"}
    assert heavy & set(result["loaded"]) == set()
