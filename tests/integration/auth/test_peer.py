"""An issuer that we did not write signs session tokens that we accept, and answers our Backend API client.

Its gaps are configured: it publishes its keys at /v1/jwks, signs for an hour, names no party,
and takes any secret key.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from promostack.app import identity
from promostack.auth.errors import NotSignedIn
from tests.integration.auth.calls import Answer, call
from tests.integration.auth.conftest import VARIABLES, forget

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "node" / "node_modules"
SECRET = VARIABLES["CLERK_SECRET_KEY"]


@dataclass(frozen=True)
class Peer:
    """The npm issuer's Backend API."""

    base: str

    def post(self, path: str, body: dict | None = None) -> dict:
        headers = {"Authorization": f"Bearer {SECRET}"}
        answer = requests.post(f"{self.base}/v1/{path}", json=body or {}, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def token(self, subject: str) -> str:
        session = self.post("sessions", {"user_id": subject})
        return self.post(f"sessions/{session['id']}/tokens")["jwt"]


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = ["node", str(HERE / "emulate.mjs"), str(MODULES), port, SECRET]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address, "the npm issuer did not start"
    yield Peer(address)
    process.communicate(timeout=60)


@pytest.fixture(autouse=True)
def _its_address(database, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    of_peer = {"CLERK_ISSUER": peer.base, "CLERK_JWKS_URL": f"{peer.base}/v1/jwks", "CLERK_API_BASE": peer.base}
    for name, value in (VARIABLES | of_peer).items():
        monkeypatch.setenv(name, value)
    forget()
    yield
    forget()


def who(token: str) -> Answer:
    return call("admin/login", "GET", authorization=f"Bearer {token}")


def test_its_session_token_is_accepted(peer: Peer) -> None:
    found = identity._verifier().verify(peer.token("user_ada"), origin=VARIABLES["ADMIN_ORIGIN"])
    assert (found.subject, found.email) == ("user_ada", None)
    assert found.session_id.startswith("sess_")


def test_its_backend_api_tells_whom_the_token_belongs_to(peer: Peer) -> None:
    assert who(peer.token("user_ada")).json == {"email": "ada@example.com", "via": "session"}


def test_an_address_that_is_not_the_verified_primary_one_grants_nothing(peer: Peer) -> None:
    answer = who(peer.token("user_mallory"))
    assert (answer.status, answer.code) == (403, "not_allowed")


def test_a_banned_user_is_nobody(peer: Peer) -> None:
    token = peer.token("user_ada")
    peer.post("users/user_ada/ban")
    try:
        assert who(token).status == 403
    finally:
        peer.post("users/user_ada/unban")


def test_its_token_of_another_issuer_is_refused(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_ISSUER", "https://clerk.example.com")
    forget()
    with pytest.raises(NotSignedIn) as refused:
        identity._verifier().verify(peer.token("user_ada"), origin=VARIABLES["ADMIN_ORIGIN"])
    assert refused.value.reason == "wrong_issuer"


def test_a_user_that_is_gone_is_no_admin(peer: Peer) -> None:
    user = peer.post("users", {"email_address": ["grace@example.com"]})
    token = peer.token(user["id"])
    headers = {"Authorization": f"Bearer {SECRET}"}
    requests.delete(f"{peer.base}/v1/users/{user['id']}", headers=headers, timeout=60).raise_for_status()
    assert who(token).status == 403
