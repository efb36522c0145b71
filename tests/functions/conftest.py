"""Built zips, once a session, and what they talk to."""

from __future__ import annotations

import json

import pytest

from scripts.local import build, measuring


@pytest.fixture(scope="session")
def built() -> dict[str, build.Built]:
    """Every function's zip by its path; only what changed is built anew."""
    return {item.function.path: item for item in build.build()}


@pytest.fixture(scope="session")
def values(stack) -> dict[str, str]:
    """What project.yml's variables stand for in the running product: a real Postgres, object store and simulators."""
    return json.loads((stack.data_dir / "run.json").read_text())["values"]


@pytest.fixture(scope="session")
def placeholders(values: dict[str, str]) -> dict[str, str]:
    """What recorded events leave open: the demo bot's webhook, and session tokens."""
    return measuring.placeholders(values)
