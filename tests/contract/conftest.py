"""Contract checks of what the whole suite did run after it."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever carries `every_call_of_the_suite` in its name goes last; the others keep their order."""
    items.sort(key=lambda item: "every_call_of_the_suite" in item.name)
