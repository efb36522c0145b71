"""Keys that a test may change as an operator does, between two deployments."""

import base64
import hashlib
from collections.abc import Callable

import pytest

from promostack.core import config, crypto


def key_list(*key_ids: str) -> str:
    """SECRETS_KEYS with these keys, the first one encrypting; one id is always the same key."""
    return ",".join(f"{each}:{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}" for each in key_ids)


@pytest.fixture
def deploy_keys(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`deploy_keys("k2", "k1")`: from now on k2 seals, and both open. At first it is k1 alone."""

    def deploy(*key_ids: str) -> None:
        monkeypatch.setenv("SECRETS_KEYS", key_list(*key_ids))
        config.optional.cache_clear()
        crypto._keys.cache_clear()

    deploy("k1")
    return deploy
