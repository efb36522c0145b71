"""How the suite is shared out to its processes."""

import pytest


def test_groups_are_seen_by_what_shares_tests_out(request: pytest.FixtureRequest) -> None:
    """pytest-xdist puts the group behind a test's name; unseen, each test goes its own way with fixtures of its own."""
    shares_groups_out = request.config.getoption("loadgroup", False)
    assert request.node.nodeid.endswith("@tests/architecture/test_processes.py") == shares_groups_out
