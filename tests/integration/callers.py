"""Calls of the functions for signed-in people as the platform makes them, each from its own host."""

import base64
import importlib.util
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

from tests.integration.public.calls import Answer

PACKAGES = Path(__file__).resolve().parents[2] / "packages"
HOSTS = {"client": "dash.example.com", "admin": "admin.example.com", "public": "shop.example.com"}


class Caller:
    """One person, by the token that `token` gives; None for nobody. `tenant` is what the page sends as X-Tenant."""

    def __init__(self, token: Callable[[], str] | None, *, tenant: str | None = None) -> None:
        self._token = token
        self._tenant = tenant

    def get(self, route: str, *, query: str = "", **headers: str) -> Answer:
        return self.call("GET", route, query=query, **headers)

    def post(self, route: str, body: object = None, **headers: str) -> Answer:
        return self.call("POST", route, body, **headers)

    def put(self, route: str, body: object, **headers: str) -> Answer:
        return self.call("PUT", route, body, **headers)

    def delete(self, route: str, **headers: str) -> Answer:
        return self.call("DELETE", route, **headers)

    def call(self, method: str, route: str, body: object = None, *, query: str = "", **headers: str) -> Answer:
        """`route` is `package/function` and what follows; bytes are sent as they are; names may have `_` for `-`."""
        package, function, *path = route.split("/")
        sent = {"x-forwarded-host": HOSTS[package], "do-connecting-ip": "203.0.113.7"}
        if self._token is not None:
            sent["authorization"] = f"Bearer {self._token()}"
        if self._tenant is not None:
            sent["x-tenant"] = self._tenant
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        http = {"method": method, "path": "/".join(path), "queryString": query, "headers": sent}
        http |= {"body": base64.b64encode(data).decode(), "isBase64Encoded": True}
        context = SimpleNamespace(activation_id=uuid4().hex)
        result = json.loads(json.dumps(main_of(package, function)({"http": http}, context)))
        return Answer(result["statusCode"], result["headers"], result.get("body", "").encode())


@cache
def main_of(package: str, function: str) -> Callable[[dict, object], dict]:
    """`main` of a function's `__main__.py`."""
    path = PACKAGES / package / function / "__main__.py"
    spec = importlib.util.spec_from_file_location(f"main_{package}_{function.replace('-', '_')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main
