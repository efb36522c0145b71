"""The functions for the platform's people, with an identity provider of the test's own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

import pytest

from promostack.app import identity
from promostack.auth import keys
from promostack.core import config
from promostack.integrations import clerk
from tests.integration.auth import issuer as issuers
from tests.integration.auth.issuer import Issuer

PASSWORD = "correct horse"
SALT = "s1"
HASH = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), SALT.encode(), 100_000).hex()
VARIABLES = {
    "ADMIN_EMAILS": "ada@example.com, Grace@Example.com",
    "ADMIN_ORIGIN": "https://admin.example.com",
    "ADMIN_PASSWORD_HASH": f"pbkdf2_sha256$100000${SALT}${HASH}",
    "API_BASE": "https://api.example.com",
    "CLERK_AUTHORIZED_PARTIES": "https://dash.example.com,https://admin.example.com",
    "CLERK_ISSUER": issuers.ISSUER,
    "CLERK_SECRET_KEY": issuers.SECRET.removeprefix("Bearer "),
    "DASH_ORIGIN": "https://dash.example.com",
    "SESSION_KEYS": f"k1:{base64.b64encode(b'k' * 32).decode()}",
}


def forget() -> None:
    """What a process keeps of its configuration, of keys and of people."""
    config.optional.cache_clear()
    keys.session_keys.cache_clear()
    identity._verifier.cache_clear()
    clerk._kept.clear()


@pytest.fixture
def issuer(database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """All variables set, nobody refused or counted yet; `k1` is the provider's key."""
    database.query("TRUNCATE auth_failures, login_tries")
    with issuers.running() as running:
        for name, value in VARIABLES.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CLERK_JWKS_URL", running.address)
        monkeypatch.setenv("CLERK_API_BASE", running.backend)
        forget()
        yield running
    forget()
