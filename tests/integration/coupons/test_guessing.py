"""Whoever guesses codes reaches the provider at most sixty times an hour, from however many processes he asks."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from promostack.tenants.models import FunderProSettings, TenantSettings
from tests.integration.conftest import Crm

ROOT = Path(__file__).resolve().parents[3]
PROCESSES, THREADS = 4, 2
MINUTES = 25
# Ten a minute is a limit of its own. Sixty is no multiple of eight: the last guesses come with more than are left.
AT_ONCE = 8
MOST_AN_HOUR = 60


@pytest.mark.parametrize(
    ("tenant_count", "actor_count", "total"),
    [(2, 2, 800), pytest.param(5, 10, 10_000, marks=pytest.mark.long)],
)
def test_guesses_reach_the_provider_sixty_times_for_each_actor(
    database, crm: Crm, tenant_count: int, actor_count: int, total: int
) -> None:
    settings = TenantSettings(coupon_providers=(FunderProSettings(),)).model_dump(mode="json")
    tenants = {database.add_tenant(settings=json.dumps(settings)): settings for _ in range(tenant_count)}
    guesses = [
        [tenant, f"chat:{actor}", f"T{number}-A{actor}-{minute}-{each}", minute]
        for minute in range(MINUTES)
        for number, tenant in enumerate(tenants)
        for actor in range(actor_count)
        for each in range(AT_ONCE)
    ]
    assert len(guesses) == total
    plans = [{"tenants": tenants, "guesses": guesses[first::PROCESSES]} for first in range(PROCESSES)]
    ended = sum(at_once(plans), Counter())
    asked = Counter(call["coupons"][0].rpartition("-")[0].rpartition("-")[0] for call in crm.calls)
    assert len(asked) == tenant_count * actor_count
    assert set(asked.values()) == {MOST_AN_HOUR}
    # A process may be a minute ahead of another one, and then the limit of a minute refuses some of them.
    refused = ended["too_many_guesses"] + ended["too_many_requests"]
    assert (ended["invalid"], ended["invalid"] + refused) == (tenant_count * actor_count * MOST_AN_HOUR, total)


def at_once(plans: list[dict]) -> list[Counter[str]]:
    """How the guesses of each plan ended, each in a process of its own."""
    command = [sys.executable, Path(__file__).with_name("guess_at_once.py"), str(THREADS)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "shared")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    processes = [subprocess.Popen(command, **pipes) for _ in plans]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process, plan in zip(processes, plans, strict=True):
        process.stdin.write(json.dumps(plan) + "\n")
        process.stdin.flush()
    return [Counter(json.loads(process.communicate(timeout=120)[0])) for process in processes]
