"""Attacks on session tokens: each is refused with a code and no detail, and its reason is what support would want."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from promostack.auth.errors import IdentityUnavailable, NotSignedIn, SessionExpired
from promostack.auth.models import Identity
from promostack.auth.sessions import KeySet, SessionVerifier
from promostack.core.http import VendorUnreachable
from tests.unit.auth.forger import Forger, key_set, public_jwk, raw

ISSUER = "https://clerk.example.com"
PARTY, OTHER_PARTY = "https://dash.example.com", "https://admin.example.com"
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
    return SessionVerifier(issuer=ISSUER, authorized_parties=(PARTY, OTHER_PARTY), keys=keys, clock=clock)


def verify(verifier: SessionVerifier, token: str, origin: str = PARTY) -> Identity:
    return verifier.verify(token, origin=origin)


def test_there_are_at_least_sixty_attacks() -> None:
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_with_a_code_and_no_detail(verifier: SessionVerifier, attack: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        verify(verifier, attack)
    assert refused.value.status == 401
    assert refused.value.code in ("not_signed_in", "session_expired")
    assert refused.value.message == "Sign in to go on."
    assert refused.value.reason


def test_a_good_token_is_accepted(verifier: SessionVerifier) -> None:
    identity = verify(verifier, token())
    assert (identity.subject, identity.session_id, identity.email) == ("user_1", "sess_1", None)


def test_a_party_may_be_missing(verifier: SessionVerifier) -> None:
    assert verify(verifier, token(azp=...)).subject == "user_1"


def test_a_token_of_one_dashboard_is_none_on_the_other(verifier: SessionVerifier) -> None:
    assert verify(verifier, token(azp=OTHER_PARTY), OTHER_PARTY).subject == "user_1"
    for azp, origin in ((PARTY, OTHER_PARTY), (OTHER_PARTY, PARTY)):
        with pytest.raises(NotSignedIn) as refused:
            verify(verifier, token(azp=azp), origin)
        assert refused.value.reason == "wrong_party"


def test_an_origin_that_is_not_authorized_has_no_tokens(verifier: SessionVerifier) -> None:
    elsewhere = "https://preview.example.com"
    with pytest.raises(NotSignedIn):
        verify(verifier, token(azp=elsewhere), elsewhere)


def test_a_state_may_be_missing_or_active(verifier: SessionVerifier) -> None:
    for state in (..., "active"):
        assert verify(verifier, token(sts=state)).subject == "user_1"


@pytest.mark.parametrize(
    ("changes", "reason"), [({"sts": "pending"}, "session_pending"), ({"act": {"sub": "user_9"}}, "impersonated")]
)
def test_support_reads_why_a_genuine_token_was_refused(verifier: SessionVerifier, changes: dict, reason: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        verify(verifier, token(**changes))
    assert refused.value.reason == reason


def test_the_leeway_is_five_seconds(verifier: SessionVerifier) -> None:
    assert verify(verifier, token(exp=_NOW - 4, iat=_NOW + 5, nbf=_NOW + 5)).subject == "user_1"


def test_an_expired_token_is_told_from_a_forged_one(verifier: SessionVerifier) -> None:
    with pytest.raises(SessionExpired):
        verify(verifier, token(exp=_NOW - 60))


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
    assert verify(verifier, token(email=email, email_verified=verified)).email == known


def test_a_new_key_is_fetched_once_and_then_known(verifier, provider, clock) -> None:
    verify(verifier, token())
    provider.keys["k2"] = OTHER_KEY
    clock.time += timedelta(seconds=31)
    later = int(clock.time.timestamp())
    assert verify(verifier, token(OTHER_KEY, kid="k2", exp=later + 60)).subject == "user_1"
    assert provider.fetches == 2


def test_ten_thousand_unknown_keys_ask_the_provider_once_in_thirty_seconds(verifier, provider) -> None:
    verify(verifier, token())
    for number in range(10_000):
        with pytest.raises(NotSignedIn):
            verify(verifier, raw({"alg": "RS256", "kid": f"unknown-{number}"}, claims()))
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
    verify(verifier, token())
    provider.is_down = True
    assert verify(verifier, later(clock, 301)).subject == "user_1"
    assert verify(verifier, later(clock, 3_600)).subject == "user_1"
    assert provider.fetches == 3


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
def test_known_keys_serve_while_the_provider_talks_nonsense(verifier, provider, clock, answer: bytes) -> None:
    verify(verifier, token())
    provider.answer = answer
    assert verify(verifier, later(clock, 301)).subject == "user_1"


@pytest.mark.parametrize("answer", [None, *NONSENSE], ids=range(len(NONSENSE) + 1))
def test_without_any_key_sign_in_is_unavailable_and_not_refused(verifier, provider, answer) -> None:
    provider.is_down = answer is None
    provider.answer = answer
    with pytest.raises(IdentityUnavailable) as refused:
        verify(verifier, token())
    assert (refused.value.status, refused.value.retry_after_s) == (503, 5)


def test_a_provider_that_was_down_is_asked_again_after_thirty_seconds(verifier, provider, clock) -> None:
    verify(verifier, token())
    provider.is_down = True
    verify(verifier, later(clock, 301))
    verify(verifier, later(clock, 29))
    assert provider.fetches == 2
    provider.is_down = False
    provider.keys = {"k2": OTHER_KEY}
    with pytest.raises(NotSignedIn):
        verify(verifier, later(clock, 1))
    assert provider.fetches == 3


def test_a_key_that_the_provider_took_back_signs_nobody_in(verifier, provider, clock) -> None:
    verify(verifier, token())
    provider.keys = {"k2": OTHER_KEY}
    assert verify(verifier, later(clock, 299)).subject == "user_1"
    with pytest.raises(NotSignedIn) as refused:
        verify(verifier, later(clock, 1))
    assert refused.value.reason == "unknown_key"


def test_a_provider_that_comes_back_is_asked_again_soon(verifier, provider, clock) -> None:
    provider.is_down = True
    with pytest.raises(IdentityUnavailable):
        verify(verifier, token())
    provider.is_down = False
    clock.time += timedelta(seconds=3)
    assert verify(verifier, token()).subject == "user_1"


def test_the_system_clock_is_not_asked(verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0)
    assert verify(verifier, token()).subject == "user_1"
