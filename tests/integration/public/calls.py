"""Calls of the public functions as the platform makes them."""

import base64
import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

PACKAGES = Path(__file__).resolve().parents[3] / "packages"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return self.json["error"]["code"]


class Functions:
    """`packages/public/*`; every call comes from an address of its own unless `ip` says otherwise."""

    def __init__(self) -> None:
        self._calls = 0

    def get(self, function: str, path: str = "", *, ip: str | None = None, **query: str) -> Answer:
        return self.call("GET", function, path, urlencode(query), b"", ip)

    def post(self, function: str, body: object, *, ip: str | None = None) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", function, "", "", data, ip)

    def call(self, method: str, function: str, path: str, query: str, body: bytes, ip: str | None = None) -> Answer:
        """`path` is what follows the function's name, `query` the raw query string."""
        self._calls += 1
        headers = {"x-forwarded-for": ip or f"198.51.{self._calls // 256}.{self._calls % 256}"}
        http = {"method": method, "path": path, "queryString": query, "headers": headers}
        http |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        result = _main(function)({"http": http}, SimpleNamespace(activation_id=uuid4().hex))
        # What the platform does with a result: it must be JSON in UTF-8, and binary types come as base64.
        result = json.loads(json.dumps(result, ensure_ascii=False).encode())
        is_text = result["headers"].get("Content-Type", "application/json").startswith("application/json")
        data = result.get("body", "").encode()
        return Answer(result["statusCode"], result["headers"], data if is_text else base64.b64decode(data))


@cache
def _main(function: str) -> Callable[[dict, object], dict]:
    path = PACKAGES / "public" / function / "__main__.py"
    spec = importlib.util.spec_from_file_location(f"main_{function.replace('-', '_')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main
