"""Session tokens through the real endpoint: whoever is let in, and what anybody else is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promostack.app import identity
from tests.integration.auth.calls import call, event, in_parallel, processes
from tests.integration.auth.issuer import Issuer
from tests.unit.auth.forger import Forger, raw, rsa_key

ATTACKS = sorted(Forger("https://clerk.example.com", "https://admin.example.com", 0).attacks())


def who(token: str, **headers: str):
    return call("admin/login", "GET", authorization=f"Bearer {token}", **headers)


def reasons(database) -> set[str]:
    return {reason for (reason,) in database.query("SELECT reason FROM auth_failures")}


def test_the_platforms_people_are_let_in(issuer: Issuer) -> None:
    answer = who(issuer.forger.token())
    assert (answer.status, answer.json) == (200, {"email": "ada@example.com", "via": "session"})
    assert who(issuer.forger_for("grace@example.com").token()).json["email"] == "grace@example.com"


def test_there_are_at_least_sixty_attacks() -> None:
    assert len(ATTACKS) >= 60


def test_every_attack_is_refused_with_a_code_and_no_detail(issuer: Issuer, database) -> None:
    forger = issuer.forger
    assert who(forger.token()).status == 200, "the rightful caller gets in"
    for name, token in forger.attacks().items():
        answer = who(token)
        assert answer.status == 401, name
        error = answer.json["error"]
        assert set(error) == {"code", "message", "request_id"}, name
        assert error["code"] in ("not_signed_in", "session_expired"), name
        assert error["message"] == "Sign in to go on.", name
        assert "Set-Cookie" not in answer.headers, name
    recorded = reasons(database)
    wanted = {"wrong_algorithm", "unknown_key", "wrong_signature", "wrong_issuer", "wrong_party", "expired"}
    wanted |= {"from_the_future", "claim_missing", "claims_malformed", "not_a_token"}
    assert wanted | {"session_pending", "impersonated"} <= recorded


def test_a_token_of_the_other_dashboard_makes_nobody_an_admin(issuer: Issuer, database) -> None:
    for headers in ({}, {"origin": "https://admin.example.com"}):
        answer = who(issuer.forger.token(azp="https://dash.example.com"), **headers)
        assert (answer.status, answer.code) == (401, "not_signed_in")
    assert reasons(database) == {"wrong_party"}
    assert who(issuer.forger.token(azp=...)).status == 200, "one that names no page is bound to none"


def test_an_expired_token_has_a_code_of_its_own_so_that_the_page_fetches_another(issuer: Issuer) -> None:
    assert who(issuer.forger.token(exp=issuer.forger.now - 60)).code == "session_expired"


@pytest.mark.parametrize("scheme", ["", "Basic ", "bearer", "Token ", "Bearer\t"])
def test_a_token_that_is_no_bearers_is_refused(issuer: Issuer, scheme: str) -> None:
    answer = call("admin/login", "GET", authorization=f"{scheme}{issuer.forger.token()}")
    assert (answer.status, answer.code) == (401, "not_signed_in")


def test_others_are_told_that_they_are_not_the_platforms_people(issuer: Issuer, database) -> None:
    answer = who(issuer.forger_for("mallory@example.com").token())
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert reasons(database) == {"not_an_admin"}


IDENTITY_HEADERS = ("x-clerk-user-email", "x-user-email", "x-forwarded-user", "x-clerk-user-id", "x-admin", "from")


@pytest.mark.parametrize("name", IDENTITY_HEADERS)
def test_a_header_that_claims_an_identity_grants_nothing(issuer: Issuer, name: str) -> None:
    header = {name.replace("-", "_"): "ada@example.com"}
    assert call("admin/login", "GET", **header).status == 401
    assert who(issuer.forger_for("mallory@example.com").token(), **header).status in (401, 403)


def test_a_claimed_address_that_is_not_the_tokens_is_refused(issuer: Issuer, database) -> None:
    token = issuer.forger.token()
    assert who(token, x_clerk_user_email="ADA@example.com ").status == 200
    answer = who(token, x_clerk_user_email="grace@example.com")
    assert (answer.status, answer.code) == (401, "not_signed_in")
    assert reasons(database) == {"identity_header_mismatch"}


@pytest.mark.parametrize("mode", ["down", "html", "error"])
def test_known_keys_serve_while_the_provider_is_out_of_reach(issuer: Issuer, clock, monkeypatch, mode: str) -> None:
    monkeypatch.setattr(identity, "SystemClock", lambda: clock)
    clock.at = datetime.now(UTC)
    assert who(issuer.forger.token()).status == 200
    issuer.mode = mode
    clock.advance(301)
    assert who(issuer.forger_for("ada@example.com", clock.at.timestamp()).token()).status == 200
    assert issuer.fetches == 2


@pytest.mark.parametrize("mode", ["down", "slow", "html", "error"])
def test_without_keys_sign_in_is_unavailable_and_comes_back(issuer: Issuer, clock, monkeypatch, mode: str) -> None:
    monkeypatch.setattr(identity, "SystemClock", lambda: clock)
    monkeypatch.setattr(identity, "JWKS_TIMEOUT_S", 0.2)
    clock.at = datetime.now(UTC)
    issuer.mode = mode
    answer = who(issuer.forger.token())
    assert (answer.status, answer.code) == (503, "identity_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    issuer.mode = "up"
    clock.advance(3)
    assert who(issuer.forger.token()).status == 200


def test_a_rotated_key_is_taken_and_the_old_one_forgotten(issuer: Issuer, clock, monkeypatch) -> None:
    monkeypatch.setattr(identity, "SystemClock", lambda: clock)
    clock.at = datetime.now(UTC)
    assert who(issuer.forger.token()).status == 200
    issuer.keys = {"k2": rsa_key("other")}
    clock.at += timedelta(seconds=31)
    forger = issuer.forger_for("ada@example.com", clock.at.timestamp())
    assert who(forger.token(forger.other_key, kid="k2")).status == 200
    assert who(forger.token()).status == 401
    assert issuer.fetches == 2


def test_unknown_keys_make_each_of_four_processes_ask_once(issuer: Issuer) -> None:
    forger = issuer.forger
    tokens = [raw({"alg": "RS256", "kid": f"unknown-{number}"}, forger.claims()) for number in range(50)]
    flood = [event("GET", authorization=f"Bearer {token}") for token in tokens]
    with processes("admin/login", 4) as several:
        answers = in_parallel(several, [flood] * 4)
        good = [event("GET", authorization=f"Bearer {forger.token()}")]
        assert [answer.status for answer in in_parallel(several, [good] * 4)] == [200] * 4
    assert {answer.status for answer in answers} == {401}
    assert len(answers) == 200
    assert issuer.fetches == 4
