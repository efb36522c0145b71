"""Zip size, first and warm call of every function of project.yml, as built.

Each function's recorded event runs in the emulator (a layer with exactly the image's packages, without .pyc), unzipped
before, in ten fresh processes; medians. The first call counts from spawning the process to its answer: a real request
with Postgres, object store and simulators. Every call is another caller with another code: no answer is a cached one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from scripts.local import build, measuring, product

ROUNDS = 10


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    progress("building the zips")
    items = build.build()
    progress(f"starting the product; {ROUNDS} fresh processes of each of {len(items)} functions")
    with product.running(**measuring.PRODUCT) as facts:
        figures = measuring.measure(items, facts["values"], rounds=ROUNDS)
    return {
        "functions": [asdict(each) for each in figures],
        "zip_max_mib": max(each.zip_mib for each in figures),
        "first_call_max_ms": max(each.first_call_ms for each in figures),
        "processes_each": ROUNDS,
        "warm_calls_each": ROUNDS * measuring.WARM_CALLS,
        "limits_lifted": [
            "guesses: each call has an address and a chat of its own",
            "a tenant's calls in a window: forgotten after each process",
        ],
    }
