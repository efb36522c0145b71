"""Somebody who is signed in, for page tests with the running product: the issuer simulator opens his session."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

from tests.conftest import Stack

PLATFORM = "user_platform"
PASSWORD = ("platform@promostack.example", "gold-demo-password")


class People:
    """Opens pages as somebody, and does through the API what a test only needs to have happened."""

    def __init__(self, stack: Stack, open_page: Callable[..., Page]) -> None:
        self._stack, self._open_page = stack, open_page
        run = json.loads((stack.data_dir / "run.json").read_text())
        self._issuer = run["clerk"]

    def enter(self, subject: str, path: str = "", *, host: str = "dash", **options: Any) -> Page:
        """That person's dashboard, at a hash route like `#/settings/general`."""
        cookie = self.control("POST", "sign-in", {"subject": subject})["cookie"]
        held = {"name": "__client", "value": cookie, "domain": f"{host}.localhost", "path": "/", "expires": -1,
                "httpOnly": True, "secure": False, "sameSite": "Lax"}  # fmt: skip
        state = {"cookies": [held], "origins": []}
        return self._open_page(f"{self._stack.host(host)}/{path}", storage_state=state, **options)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The simulator's control API."""
        return _ask(f"{self._issuer}/_control/{path}", method, body, {})

    def api(self, subject: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call of the product's API as that person, without a browser."""
        token = self.control("POST", "token", {"subject": subject})["token"]
        host = "admin.localhost" if path.startswith("admin/") else "dash.localhost"
        headers = {"Authorization": f"Bearer {token}", "Host": f"{host}:{self._stack.port}"}
        return _ask(f"{self._stack.base}/api/{path}", method, body, headers)

    def stranger(self) -> str:
        """The subject of somebody new."""
        name = uuid4().hex[:10]
        return self.control("POST", "people", {"email": f"{name}@new.example", "name": f"Nora {name}"})["subject"]

    def owner_of_new(self, name: str) -> tuple[str, dict[str, Any]]:
        """Somebody new with an account of his own: (subject, tenant)."""
        subject = self.stranger()
        return subject, self.api(subject, "POST", "client/session/tenant", {"name": name})["tenant"]


def _ask(url: str, method: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        url, data=data, method=method, headers={"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or "null")


def refusal(status: int, code: str, message: str, **fields: str) -> dict[str, Any]:
    """What `route.fulfill` takes to answer like the API."""
    error = {"code": code, "message": message, "request_id": "req-0123456789", "fields": fields}
    return {"status": status, "json": {"error": error}}
