"""Simulated schedules of scan, tracker, tick and sender: no double, no lost bar, no lost target or stop."""

import os
from collections import Counter
from collections.abc import Iterator

import psycopg2
import pytest

from tests.integration.signals.schedules import Fate, Processes, World
from tests.integration.signals.verdicts import Verdict

SMALL = 25
LONG = 10_000 if os.environ.get("PROOFS") == "full" else 400


@pytest.fixture
def owner(database) -> Iterator[psycopg2.extensions.connection]:
    connection = psycopg2.connect(database.owner_dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    yield connection
    connection.close()


def lived(owner, monkeypatch, seeds: range) -> tuple[Counter, list[str]]:
    """What was counted over these schedules, and every promise that was not kept."""
    processes, counts, problems = Processes(monkeypatch), Counter(), []
    for seed in seeds:
        world = World(Fate.drawn(seed), processes, owner)
        world.live()
        verdict = Verdict(world)
        world.leave()
        counts += verdict.counts
        problems += verdict.problems
    return counts + Counter(processes.where), problems


def test_some_schedules_double_and_lose_nothing(owner, monkeypatch):
    counts, problems = lived(owner, monkeypatch, range(SMALL))

    assert problems == []
    assert min(counts[name] for name in ("published", "told", "killed", "met")) > SMALL / 4


@pytest.mark.long
@pytest.mark.parametrize("part", range(2))
def test_ten_thousand_schedules_double_and_lose_nothing(owner, monkeypatch, part):
    counts, problems = lived(owner, monkeypatch, range(1_000_000 + part, 1_000_000 + LONG, 2))

    print(dict(counts))
    assert problems[:20] == []
    assert len(counts) > 10
