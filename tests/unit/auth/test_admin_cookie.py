import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from promostack.auth import admin_cookie, keys
from promostack.auth.errors import NotSignedIn, SessionExpired

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOST = "admin.example.com"
HASH = "pbkdf2_sha256$100000$salt$00ff"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    set_keys(monkeypatch, "k1")


def set_keys(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    from promostack.core import config

    value = ",".join(f"{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in names)
    monkeypatch.setenv("SESSION_KEYS", value)
    config.optional.cache_clear()
    keys.session_keys.cache_clear()


def issued(**changes) -> str:
    facts = {"audience": HOST, "epoch": 1, "password_hash": HASH, "now": NOW, **changes}
    header = admin_cookie.issue("ada@example.com", **facts)
    return admin_cookie.read(header.split(";")[0])


def verify(value: str, **changes):
    return admin_cookie.verify(value, **{"audience": HOST, "epoch": 1, "password_hash": HASH, "now": NOW, **changes})


def test_a_cookie_signs_its_owner_in() -> None:
    admin = verify(issued())
    assert (admin.email, admin.by) == ("ada@example.com", "password")


def test_the_browser_is_told_to_guard_it() -> None:
    header = admin_cookie.issue("ada@example.com", audience=HOST, epoch=1, password_hash=HASH, now=NOW)
    assert header.startswith("__Host-admin_session=")
    attributes = {part.strip() for part in header.split(";")[1:]}
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=43200"} <= attributes
    assert not any(part.startswith("Domain") for part in attributes)


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "dash.example.com"},
        {"epoch": 2},
        {"audience": ""},
        {"password_hash": HASH + "0"},
        {"password_hash": ""},
        {"password_hash": None},
    ],
)
def test_another_host_epoch_or_password_ends_it(changes: dict) -> None:
    with pytest.raises(NotSignedIn):
        verify(issued(), **changes)


def test_it_tells_nothing_of_the_passwords_hash() -> None:
    told = base64.urlsafe_b64decode(issued().partition(".")[0]).decode()
    digest = hashlib.sha256(HASH.encode()).hexdigest()
    assert not any(part in told for part in (HASH, "00ff", digest[:8]))


def test_it_ends_after_twelve_hours() -> None:
    verify(issued(), now=NOW + timedelta(hours=12, seconds=-1))
    with pytest.raises(SessionExpired):
        verify(issued(), now=NOW + timedelta(hours=12))


@pytest.mark.parametrize("value", ["", ".", "a.b", "e30.x", "bnVsbA==.x", "W10=.x", "x" * 5_000, "é.é"])
def test_what_is_no_cookie_is_refused(value: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(value)


def test_every_changed_byte_is_seen() -> None:
    value = issued()
    for position in range(len(value)):
        changed = value[:position] + ("A" if value[position] != "A" else "B") + value[position + 1 :]
        with pytest.raises(NotSignedIn):
            verify(changed)


def test_keys_rotate_without_signing_anybody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    old = issued()
    set_keys(monkeypatch, "k2", "k1")
    assert verify(old).email == "ada@example.com"
    assert verify(issued()).email == "ada@example.com"
    set_keys(monkeypatch, "k2")
    with pytest.raises(NotSignedIn):
        verify(old)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("a=b; __Host-admin_session=x.y; c=d", "x.y"),
        ("__Host-admin_session=x; __Host-admin_session=y", None),
        ("admin_session=x", None),
        ("__Host-admin_session=", None),
        ("", None),
    ],
)
def test_the_cookie_is_found_in_its_header(header: str, found: str | None) -> None:
    assert admin_cookie.read(header) == found
