"""Each route for tenants' people names its right in the matrix, or is for any signed-in person."""

import importlib

import pytest

from promostack.app.endpoint import Endpoint
from promostack.auth.permissions import MATRIX
from scripts.local import project

CLIENT = [function for function in project.read() if function.package == "client"]
# For somebody who may have no tenant yet.
FOR_ANYONE = {"client/session"}


@pytest.mark.parametrize("function", CLIENT, ids=lambda function: function.path)
def test_each_route_declares_one_right(function: project.Function) -> None:
    endpoint: Endpoint = importlib.import_module(f"promostack.app.client.{function.name.replace('-', '_')}").endpoint
    rules = {(route.access.name, route.access.permission) for route in endpoint.routes}
    if function.path in FOR_ANYONE:
        # The platform's person who looks in may end the visit; no right of the tenant's is needed for it.
        assert rules == {("person", None), ("visitor", None)}
    else:
        assert {name for name, _ in rules} == {"member"}
        assert {permission for _, permission in rules} <= set(MATRIX)
