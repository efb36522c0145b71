"""The run of `scripts/bench faults`, small: updates and sends while containers are killed and the database crashes."""

import json

import pytest

from scripts.benches import faults

SMALL = faults.Size(bots=4, chats=16, kills=6, rate=16, restarts=1, bursts=2, spread_s=3, tick_s=2, is_fast=True)
# Ten people at once: as many new containers as two cores start after the database's crash without starving the rest.
MIDDLE = faults.Size(bots=10, chats=40, kills=20, rate=12, restarts=1, bursts=4, at_once=10, is_fast=True)


def test_nothing_is_lost_or_doubled_in_a_small_run() -> None:
    _check(SMALL)


@pytest.mark.long
def test_nothing_is_lost_or_doubled_in_a_larger_run() -> None:
    _check(MIDDLE)


def _check(size: faults.Size) -> None:
    figures = faults.run_size(size, print)
    print(json.dumps(figures))
    assert list(faults.wrong(figures)) == []
    assert figures["kills"] >= size.kills
    assert figures["database_restarts"] == size.restarts
    assert figures["injected_lost_answers"] > 0
