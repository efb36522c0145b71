"""One of the platform's people, and a fully staffed tenant to look at."""

import base64

import pytest

from promostack.auth import keys
from tests.integration.callers import Caller
from tests.integration.people import House, build_house


@pytest.fixture
def house(database, issuer, store) -> House:
    return build_house(database, issuer)


@pytest.fixture
def platform(issuer, database, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv("SESSION_KEYS", "k1:" + base64.b64encode(b"s" * 32).decode())
    keys.session_keys.cache_clear()
    return Caller(lambda: issuer.token("user_platform"))
