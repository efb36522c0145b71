import base64

import pytest

from promostack.auth import keys
from promostack.core.config import ConfigMissing

GOOD = base64.b64encode(b"k" * 32).decode()


@pytest.fixture(autouse=True)
def _read_anew():
    keys.session_keys.cache_clear()
    yield
    keys.session_keys.cache_clear()


def test_the_first_key_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_KEYS", f" new:{GOOD} , old:{GOOD}")
    assert list(keys.session_keys()) == ["new", "old"]


@pytest.mark.parametrize(
    "value",
    [
        "off",
        GOOD,
        f":{GOOD}",
        "k1:",
        "k1:not base64",
        f"k1:{base64.b64encode(b'k' * 31).decode()}",
        f"k1:{GOOD},k1:{GOOD}",
    ],
)
def test_keys_that_are_missing_short_or_malformed_are_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SESSION_KEYS", value)
    with pytest.raises(ConfigMissing, match="session-keys"):
        keys.session_keys()
