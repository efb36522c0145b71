"""The running product, its simulators and newcomers, as the bench of setting up needs them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import requests

VENDORS = ("stripe", "openai", "twelve_data", "funderpro")
TOKEN_LIVES_S = 3_600
TIMEOUT_S = 60


class World:
    """Keeps a connection for each thread: a page does, too."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.twelve_data_key = facts["values"]["TWELVE_DATA_API_KEY"]
        self._local = threading.local()

    def telegram(self, method: str, path: str, /, **body: object) -> Any:
        """Telegram's control API, which has no delay."""
        return self._asked(method, f"{self.facts['telegram']}/_control{path}", body or None, {})

    def vendor(self, name: str, method: str, path: str, body: object = None) -> Any:
        return self._asked(method, f"{self.facts[name]}/_control/{path}", body, {})

    def vendors_take(self, seconds: float) -> None:
        """Each call of Telegram and of the services that a workspace connects."""
        self.telegram("PUT", "/settings", latency_s=seconds)
        for name in VENDORS:
            self.vendor(name, "PUT", "mode", self._mode(seconds))

    def forget_credits(self, seconds: float) -> None:
        """Twelve Data's, which are few."""
        self.vendor("twelve_data", "POST", "reset")
        self.vendor("twelve_data", "PUT", "mode", self._mode(seconds))

    def user(self) -> int:
        """Somebody in Telegram."""
        return int(self.telegram("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:12]}")["id"])

    def stranger(self) -> str:
        """The subject of somebody new."""
        name = uuid4().hex[:12]
        person = {"email": f"{name}@new.example", "name": f"Nora {name}"}
        return str(self.vendor("clerk", "POST", "people", person)["subject"])

    def newcomer(self) -> Callable[..., Any]:
        """Somebody new with a workspace of his own: call(method, route, **body)."""
        asked = {"subject": self.stranger(), "overrides": {"exp": int(time.time()) + TOKEN_LIVES_S}}
        token = self.vendor("clerk", "POST", "token", asked)["token"]
        headers = {"Authorization": f"Bearer {token}", "Host": self._host("dash")}

        def call(method: str, route: str, /, **body: object) -> Any:
            return self._asked(method, f"{self.facts['url']}/api/{route}", body, headers)

        call("POST", "client/session/tenant", name="Golden Newcomer")
        return call

    def is_described(self, bot_id: int) -> bool:
        """What was sent, as Telegram noted it."""
        noted = self.telegram("GET", f"/calls?method=setMyDescription&bot={bot_id}&limit=10")["calls"]
        return any(call["status"] == 200 for call in noted)

    def tick(self) -> dict[str, Any]:
        """What the platform's cron does each minute."""
        user, _, password = self.facts["values"]["FUNCTIONS_ACCESS_KEY"].partition(":")
        address = f"{self.facts['url']}/api/v1/namespaces/_/actions/work/tick?blocking=true&result=true"
        return dict(requests.post(address, json={}, auth=(user, password), timeout=90).json())

    def address(self, host: str) -> str:
        """Where a browser finds that host's pages."""
        return f"http://{self._host(host)}"

    def _host(self, name: str) -> str:
        return f"{name}.localhost:{self.facts['url'].rpartition(':')[2]}"

    def _mode(self, seconds: float) -> dict[str, Any]:
        return {"mode": "slow", "delay_s": seconds} if seconds else {"mode": "normal"}

    def _asked(self, method: str, url: str, body: object, headers: dict[str, str]) -> Any:
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        answer = session.request(method, url, json=body, headers=headers, timeout=TIMEOUT_S)
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {url} was answered {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None
