"""Attacks on session tokens: each is refused with a code and no detail, and its reason is what support would want."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from promostack.auth.errors import IdentityUnavailable, NotSignedIn, SessionExpired
from promostack.auth.sessions import KeySet, SessionVerifier
from promostack.core.http import VendorUnreachable
from tests.unit.auth.forger import Forger, key_set, public_jwk, raw

ISSUER = "https://clerk.example.com"
PARTY = "https://dash.example.com"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
_NOW = int(NOW.timestamp())
FORGER = Forger(ISSUER, PARTY, _NOW)
KEY, OTHER_KEY = FORGER.key, FORGER.other_key
token, claims = FORGER.token, FORGER.claims
ATTACKS = {"empty": "", "expired at the leeway": token(exp=_NOW - 5), "not yet, by a second": token(nbf=_NOW + 6)}
ATTACKS |= FORGER.attacks()


class DrivenClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Provider:
    """The identity provider's JWKS, counted and breakable."""

    def __init__(self) -> None:
        self.keys = {"k1": KEY}
        self.fetches = 0
        self.answer: bytes | None = None
        self.is_down = False

    def fetch(self) -> bytes:
        self.fetches += 1
        if self.is_down:
            raise VendorUnreachable("down")
        return key_set(self.keys) if self.answer is None else self.answer


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock()


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def verifier(clock, provider) -> SessionVerifier:
    keys = KeySet(provider.fetch, clock)
    return SessionVerifier(issuer=ISSUER, authorized_parties=(PARTY,), keys=keys, clock=clock)


def test_there_are_at_least_sixty_attacks() -> None:
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_with_a_code_and_no_detail(verifier: SessionVerifier, attack: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        verifier.verify(attack)
    assert refused.value.status == 401
    assert refused.value.code in ("not_signed_in", "session_expired")
    assert refused.value.message == "Sign in to go on."
    assert refused.value.reason


def test_a_good_token_is_accepted(verifier: SessionVerifier) -> None:
    identity = verifier.verify(token())
    assert (identity.subject, identity.session_id, identity.email) == ("user_1", "sess_1", None)


def test_a_party_may_be_missing(verifier: SessionVerifier) -> None:
    assert verifier.verify(token(azp=...)).subject == "user_1"


def test_the_leeway_is_five_seconds(verifier: SessionVerifier) -> None:
    assert verifier.verify(token(exp=_NOW - 4, iat=_NOW + 5, nbf=_NOW + 5)).subject == "user_1"


def test_an_expired_token_is_told_from_a_forged_one(verifier: SessionVerifier) -> None:
    with pytest.raises(SessionExpired):
        verifier.verify(token(exp=_NOW - 60))


@pytest.mark.parametrize(
    ("email", "verified", "known"),
    [
        ("Ada@Example.com", True, "ada@example.com"),
        ("ada@example.com", False, None),
        ("ada@example.com", "true", None),
        ("ada@example.com", 1, None),
        ("ada@example.com", ..., None),
        (["ada@example.com"], True, None),
        (..., True, None),
    ],
)
def test_an_address_counts_only_when_the_token_says_that_it_is_verified(verifier, email, verified, known) -> None:
    assert verifier.verify(token(email=email, email_verified=verified)).email == known


def test_a_new_key_is_fetched_once_and_then_known(verifier, provider, clock) -> None:
    verifier.verify(token())
    provider.keys["k2"] = OTHER_KEY
    clock.time += timedelta(seconds=31)
    later = int(clock.time.timestamp())
    assert verifier.verify(token(OTHER_KEY, kid="k2", exp=later + 60)).subject == "user_1"
    assert provider.fetches == 2


def test_ten_thousand_unknown_keys_ask_the_provider_once_in_thirty_seconds(verifier, provider) -> None:
    verifier.verify(token())
    for number in range(10_000):
        with pytest.raises(NotSignedIn):
            verifier.verify(raw({"alg": "RS256", "kid": f"unknown-{number}"}, claims()))
    assert provider.fetches == 1


def later(clock: DrivenClock, seconds: int, **changes) -> str:
    """A fresh token after so much time."""
    clock.time += timedelta(seconds=seconds)
    return token(exp=int(clock.time.timestamp()) + 60, **changes)


NONSENSE = [
    b"",
    b"<html>",
    b"{}",
    b'{"keys": []}',
    b'{"keys": 7}',
    b'{"keys": [7]}',
    b'{"keys": {"a": 1}}',
    b"[]",
    b"7",
]
NONSENSE += [b"[" * 100_000, b'{"keys": [{"kty": "RSA", "kid": "k1", "n": 5, "e": "AQAB"}]}']
NONSENSE += [json.dumps({"keys": [{**public_jwk(KEY, "k1"), "kty": "EC"}]}).encode()]


def test_known_keys_serve_while_the_provider_is_down(verifier, provider, clock) -> None:
    verifier.verify(token())
    provider.is_down = True
    assert verifier.verify(later(clock, 301)).subject == "user_1"
    assert verifier.verify(later(clock, 3_600)).subject == "user_1"
    assert provider.fetches == 3


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
def test_known_keys_serve_while_the_provider_talks_nonsense(verifier, provider, clock, answer: bytes) -> None:
    verifier.verify(token())
    provider.answer = answer
    assert verifier.verify(later(clock, 301)).subject == "user_1"


@pytest.mark.parametrize("answer", [None, *NONSENSE], ids=range(len(NONSENSE) + 1))
def test_without_any_key_sign_in_is_unavailable_and_not_refused(verifier, provider, answer) -> None:
    provider.is_down = answer is None
    provider.answer = answer
    with pytest.raises(IdentityUnavailable) as refused:
        verifier.verify(token())
    assert (refused.value.status, refused.value.retry_after_s) == (503, 5)


def test_a_provider_that_was_down_is_asked_again_after_thirty_seconds(verifier, provider, clock) -> None:
    verifier.verify(token())
    provider.is_down = True
    verifier.verify(later(clock, 301))
    verifier.verify(later(clock, 29))
    assert provider.fetches == 2
    provider.is_down = False
    provider.keys = {"k2": OTHER_KEY}
    with pytest.raises(NotSignedIn):
        verifier.verify(later(clock, 1))
    assert provider.fetches == 3


def test_a_key_that_the_provider_took_back_signs_nobody_in(verifier, provider, clock) -> None:
    verifier.verify(token())
    provider.keys = {"k2": OTHER_KEY}
    assert verifier.verify(later(clock, 299)).subject == "user_1"
    with pytest.raises(NotSignedIn) as refused:
        verifier.verify(later(clock, 1))
    assert refused.value.reason == "unknown_key"


def test_a_provider_that_comes_back_is_asked_again_soon(verifier, provider, clock) -> None:
    provider.is_down = True
    with pytest.raises(IdentityUnavailable):
        verifier.verify(token())
    provider.is_down = False
    clock.time += timedelta(seconds=3)
    assert verifier.verify(token()).subject == "user_1"


def test_the_system_clock_is_not_asked(verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0)
    assert verifier.verify(token()).subject == "user_1"
