"""Outside services that several folders need: the coupon provider and the object store, each a server of its own."""

import base64
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from promostack.core import config

ROOT = Path(__file__).resolve().parents[2]
START_DEADLINE_S = 90
DASH_ORIGIN, ADMIN_ORIGIN = "https://dash.example.com", "https://admin.example.com"
ISSUER_KEY = "sk_test_of_the_simulator"
VENDORS = ("stripe", "openai", "twelve_data", "funderpro")


@dataclass
class Crm:
    """FunderPro's simulator and its control API."""

    base: str

    def answer(self, mode: str, **details: object) -> None:
        """How the next calls are answered; see scripts/local/funderpro.py."""
        requests.put(f"{self.base}/_control/mode", json={"mode": mode, **details}, timeout=60).raise_for_status()

    def know(self, code: str, **details: object) -> None:
        """Puts a code into the catalogue."""
        requests.put(f"{self.base}/_control/codes/{code}", json=details, timeout=60).raise_for_status()

    def reset(self) -> None:
        requests.post(f"{self.base}/_control/reset", timeout=60).raise_for_status()

    @property
    def calls(self) -> list[dict]:
        return requests.get(f"{self.base}/_control/calls", timeout=60).json()["calls"]


@dataclass
class Issuer:
    """The identity provider's simulator and its control API; see scripts/local/clerk.py."""

    base: str

    def token(self, subject: str, **overrides: object) -> str:
        """A session token of 60 s, without an e-mail unless `overrides` add the claims."""
        asked = {"subject": subject, "overrides": overrides}
        answer = requests.post(f"{self.base}/_control/token", json=asked, timeout=60)
        return str(answer.json()["token"])

    def know(self, subject: str, email: str, *, name: str = "Ada Example", is_verified: bool = True) -> str:
        """Adds a person, or gives him another address and name; returns the subject."""
        person = {"subject": subject, "email": email, "name": name, "is_verified": is_verified}
        requests.post(f"{self.base}/_control/people", json=person, timeout=60).raise_for_status()
        return subject

    def answer(self, mode: str) -> None:
        """`normal` or `down`."""
        requests.put(f"{self.base}/_control/mode", json={"mode": mode}, timeout=60).raise_for_status()

    def reset(self) -> None:
        requests.post(f"{self.base}/_control/reset", timeout=60).raise_for_status()


class DrivenClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock()


@pytest.fixture(scope="session")
def _crm_server() -> Iterator[str]:
    port = free_port()
    with running("scripts.local.funderpro", "--port", str(port), ready=f"http://127.0.0.1:{port}/_control/health"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def crm(_crm_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    """The provider as at its start; FUNDERPRO_API_BASE points at it."""
    monkeypatch.setenv("FUNDERPRO_API_BASE", _crm_server)
    monkeypatch.setenv("FUNDERPRO_PRODUCT_ID", "product-1")
    config.optional.cache_clear()
    simulator = Crm(_crm_server)
    simulator.reset()
    yield simulator
    simulator.reset()


@pytest.fixture(scope="session")
def s3_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Our S3 server with a public and a private bucket."""
    port = free_port()
    arguments = ["--port", str(port), "--root", str(tmp_path_factory.mktemp("s3")), "--bucket", "public"]
    with running("scripts.local.s3", *arguments, "--bucket", "private", ready=f"http://127.0.0.1:{port}/public/ready"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def store(object_store: str) -> str:
    """`object_store`, where no folder has another one of that name."""
    return object_store


@pytest.fixture
def object_store(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The variables of the object store set; gives the address under which everyone reads the public bucket."""
    from promostack.app import services
    from promostack.integrations import spaces

    asset_base = f"{s3_address}/public"
    for name, value in {
        "SPACES_ENDPOINT": s3_address,
        "SPACES_REGION": "local",
        "SPACES_ACCESS_KEY": "test-access",
        "SPACES_SECRET_KEY": "test-secret",
        "SPACES_PUBLIC_BUCKET": "public",
        "SPACES_PRIVATE_BUCKET": "private",
        "PUBLIC_ASSET_BASE": asset_base,
    }.items():
        monkeypatch.setenv(name, value)
    caches = (config.optional, spaces.public_bucket, spaces._client, services.renders)
    for each in caches:
        each.cache_clear()
    yield asset_base
    for each in caches:
        each.cache_clear()


@pytest.fixture(scope="session")
def _issuer_server() -> Iterator[str]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with running("scripts.local.clerk", "--port", str(port), "--issuer", base, ready=f"{base}/_control/health"):
        yield base


@pytest.fixture
def issuer(_issuer_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """The identity provider as at its start; the variables of sign-in and of the hosts point at it."""
    from promostack.app import identity
    from promostack.integrations import clerk

    for name, value in {
        "CLERK_ISSUER": _issuer_server,
        "CLERK_JWKS_URL": f"{_issuer_server}/.well-known/jwks.json",
        "CLERK_AUTHORIZED_PARTIES": f"{DASH_ORIGIN},{ADMIN_ORIGIN}",
        "CLERK_SECRET_KEY": ISSUER_KEY,
        "CLERK_API_BASE": _issuer_server,
        "ADMIN_EMAILS": "platform@promostack.example",
        "DASH_ORIGIN": DASH_ORIGIN,
        "ADMIN_ORIGIN": ADMIN_ORIGIN,
        "API_BASE": "https://api.example.com",
    }.items():
        monkeypatch.setenv(name, value)
    simulator = Issuer(_issuer_server)
    simulator.reset()
    config.optional.cache_clear()
    identity._verifier.cache_clear()
    clerk._kept.clear()
    yield simulator
    simulator.reset()
    identity._verifier.cache_clear()
    clerk._kept.clear()


@pytest.fixture(scope="session")
def _vendor_servers() -> Iterator[dict[str, str]]:
    with ExitStack() as servers:
        found = {}
        for name in VENDORS:
            port = free_port()
            found[name] = f"http://127.0.0.1:{port}"
            ready = f"{found[name]}/_control/health"
            servers.enter_context(running(f"scripts.local.{name}", "--port", str(port), ready=ready))
        yield found


@pytest.fixture
def control(_vendor_servers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Every service that a workspace connects by a key, as at its start: control(service, method, path, body)."""
    from promostack.app import services
    from promostack.core import crypto

    for name, value in {
        "STRIPE_API_BASE": _vendor_servers["stripe"],
        "OPENAI_BASE_URL": f"{_vendor_servers['openai']}/v1",
        "TWELVE_DATA_API_BASE": _vendor_servers["twelve_data"],
        "FUNDERPRO_API_BASE": _vendor_servers["funderpro"],
        "FUNDERPRO_PRODUCT_ID": "product-1",
        "SECRETS_KEYS": "k1:" + base64.b64encode(b"k" * 32).decode(),
    }.items():
        monkeypatch.setenv(name, value)
    caches = (config.optional, crypto._keys, services.vendors)
    for each in caches:
        each.cache_clear()

    def ask(service: str, method: str, path: str, body: object = None) -> requests.Response:
        answer = requests.request(method, f"{_vendor_servers[service]}/_control/{path}", json=body, timeout=60)
        assert answer.status_code < 400, answer.text
        return answer

    for name in _vendor_servers:
        ask(name, "POST", "reset")
    yield ask
    for each in caches:
        each.cache_clear()


@contextmanager
def running(module: str, *arguments: str, ready: str) -> Iterator[None]:
    """A simulator in a process of its own, from when it answers at `ready` to the end of the block."""
    environment = {"PATH": "/usr/bin:/bin", "S3_ACCESS_KEY": "test-access", "S3_SECRET_KEY": "test-secret"}
    environment["CLERK_SECRET_KEY"] = ISSUER_KEY
    server = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_answers(server, ready)
        yield
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_until_answers(server: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(address, timeout=60)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{server.args} did not start")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
