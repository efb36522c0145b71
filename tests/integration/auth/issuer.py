"""An identity provider over HTTP, counted and breakable: its keys, its Backend API, and the tokens that it signs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.unit.auth.forger import Forger, key_set, rsa_key

ISSUER = "https://clerk.example.com"
PARTY, MEMBERS_PARTY = "https://admin.example.com", "https://dash.example.com"
SECRET = "Bearer sk_test_of_this_test"
SLOW_S = 5.0


@dataclass
class Issuer:
    """`mode`: `up`, `down` (hangs up without an answer), `slow`, `html` (an error page with 200), `error` (500).

    `user` is what the Backend API answers when it is up: status and body, JSON or bytes.
    """

    address: str = ""
    mode: str = "up"
    fetches: int = 0
    lookups: int = 0
    user: tuple[int, object] = (404, {"errors": []})
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"k1": rsa_key("k1")})
    # Ends the wait of slow answers when the test is over.
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def backend(self) -> str:
        return self.address.removesuffix("/.well-known/jwks.json")

    def answer(self, path: str, secret: str) -> tuple[int, bytes]:
        """Status and body, counted."""
        if path.startswith("/v1/users/"):
            self.lookups += 1
            status, body = self.user if secret == SECRET else (401, {"errors": []})
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        else:
            self.fetches += 1
            status, body = 200, key_set(self.keys)
        if self.mode == "html":
            body = b"<html>Bad gateway</html>"
        return (500 if self.mode == "error" else status), body

    @property
    def forger(self) -> Forger:
        """Of tokens with an admin's verified e-mail, so that nothing but the attack keeps one out."""
        return self.forger_for("ada@example.com")

    def forger_for(self, email: str | None, now: float | None = None, *, party: str = PARTY) -> Forger:
        also = {} if email is None else {"email": email, "email_verified": True}
        return Forger(ISSUER, party, int(time.time() if now is None else now), also=also)


@contextmanager
def running() -> Iterator[Issuer]:
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = issuer.answer(self.path, self.headers.get("Authorization", ""))
            if issuer.mode == "down":
                self.connection.close()
                return
            if issuer.mode == "slow":
                issuer.over.wait(SLOW_S)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, ValueError):  # hung up, by the caller or by ourselves
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    issuer.address = f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json"
    try:
        yield issuer
    finally:
        issuer.over.set()
        server.shutdown()
        server.server_close()
