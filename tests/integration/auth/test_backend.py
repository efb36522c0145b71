"""Tokens without an address: the Backend API's verified primary one counts, and nothing else that it may say."""

from __future__ import annotations

import pytest

from promostack.app import admins
from promostack.integrations import clerk
from tests.integration.auth.calls import Answer, call
from tests.integration.auth.issuer import Issuer

ADDRESS = {"id": "idn_1", "email_address": "Ada@Example.com", "verification": {"status": "verified"}}
ADA = {"id": "user_1", "primary_email_address_id": "idn_1", "email_addresses": [ADDRESS], "banned": False, "x": 1}


def who(issuer: Issuer, **headers: str) -> Answer:
    token = issuer.forger_for(None).token()
    return call("admin/login", "GET", authorization=f"Bearer {token}", **headers)


def test_the_verified_primary_address_counts(issuer: Issuer) -> None:
    issuer.user = 200, ADA
    assert who(issuer).json == {"email": "ada@example.com", "via": "session"}


def test_a_tokens_own_unverified_address_is_not_believed(issuer: Issuer) -> None:
    issuer.user = 200, {**ADA, "email_addresses": [{**ADDRESS, "email_address": "mallory@example.com"}]}
    token = issuer.forger_for(None).token(email="ada@example.com", email_verified=False)
    assert call("admin/login", "GET", authorization=f"Bearer {token}").status == 403


@pytest.mark.parametrize(
    "user",
    [
        {**ADA, "email_addresses": [{**ADDRESS, "verification": {"status": "unverified"}}]},
        {**ADA, "email_addresses": [{**ADDRESS, "verification": {"status": None}}]},
        {**ADA, "email_addresses": [{**ADDRESS, "verification": None}]},
        {**ADA, "email_addresses": []},
        {**ADA, "primary_email_address_id": "idn_2"},
        {**ADA, "primary_email_address_id": None},
        {**ADA, "banned": True},
        {**ADA, "id": "user_2"},
    ],
)
def test_any_other_address_grants_nothing(issuer: Issuer, user: dict) -> None:
    issuer.user = 200, user
    assert (who(issuer).status, who(issuer).code) == (403, "not_allowed")


def test_a_user_that_does_not_exist_is_no_admin(issuer: Issuer) -> None:
    assert who(issuer).status == 403


@pytest.mark.parametrize(
    "answer",
    [
        (200, b""),
        (200, b"<html>"),
        (200, b"[" * 100_000),
        (200, []),
        (200, {}),
        (200, {**ADA, "email_addresses": None}),
        (200, {**ADA, "email_addresses": ["ada@example.com"]}),
        (302, ADA),
        (401, {"errors": []}),
        (429, {"errors": []}),
        (500, b"oops"),
    ],
)
def test_an_answer_that_is_none_makes_sign_in_unavailable(issuer: Issuer, answer: tuple[int, object]) -> None:
    issuer.user = answer
    refused = who(issuer)
    assert (refused.status, refused.code) == (503, "identity_unavailable")
    assert clerk._kept == {}, "and is not kept"


@pytest.mark.parametrize("mode", ["down", "slow", "html", "error"])
def test_an_address_is_kept_for_ten_minutes_and_no_longer(issuer: Issuer, clock, monkeypatch, mode: str) -> None:
    monkeypatch.setattr(admins, "_clock", clock)
    monkeypatch.setattr(clerk, "TIMEOUT_S", 0.2)
    issuer.user = 200, ADA
    assert [who(issuer).status for _ in range(3)] == [200] * 3
    assert issuer.lookups == 1
    issuer.mode = mode
    clock.advance(599)
    assert who(issuer).status == 200
    clock.advance(1)
    assert who(issuer).status == 503


def test_who_verifies_his_address_waits_for_seconds_and_not_for_minutes(issuer: Issuer, clock, monkeypatch) -> None:
    monkeypatch.setattr(admins, "_clock", clock)
    issuer.user = 200, {**ADA, "email_addresses": [{**ADDRESS, "verification": {"status": "unverified"}}]}
    assert [who(issuer).status for _ in range(3)] == [403] * 3
    assert issuer.lookups == 1, "a flood of calls does not become one at the provider"
    issuer.user = 200, ADA
    clock.advance(4)
    assert who(issuer).status == 403
    clock.advance(1)
    assert who(issuer).status == 200
    clock.advance(599)
    assert (who(issuer).status, issuer.lookups) == (200, 2)


def test_a_claimed_address_is_compared_with_the_one_found(issuer: Issuer) -> None:
    issuer.user = 200, ADA
    assert who(issuer, x_clerk_user_email="ada@example.com").status == 200
    assert who(issuer, x_clerk_user_email="grace@example.com").status == 401
