"""A fully staffed tenant of the test's own."""

import pytest

from tests.integration.people import House, build_house


@pytest.fixture
def house(database, issuer, store) -> House:
    return build_house(database, issuer)
