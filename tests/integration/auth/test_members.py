"""Tenants' people through a real protected endpoint: the token says who somebody is, and nothing else does."""

from __future__ import annotations

from uuid import uuid4

import pytest

from promostack.tenants import provisioning
from tests.integration.auth.calls import Answer, call
from tests.integration.auth.issuer import MEMBERS_PARTY, Issuer

DASH = {"host": "dash.example.com"}


@pytest.fixture
def place(issuer: Issuer, database, store) -> tuple[str, str]:
    """(subject, slug) of an owner."""
    subject, slug = f"user_{uuid4().hex[:8]}", f"t-{uuid4().hex[:8]}"
    tenant_id = database.add_tenant(slug)
    provisioning.ensure_member(tenant_id, subject, email="ada@example.com", name="Ada", role="owner")
    return subject, slug


def settings(token: str | None, **headers: str) -> Answer:
    given = {} if token is None else {"authorization": f"Bearer {token}"}
    return call("client/settings", "GET", **{**DASH, **given, **headers})


def test_every_attack_on_a_members_token_is_refused_with_a_code_and_no_detail(issuer: Issuer, place) -> None:
    subject, slug = place
    forger = issuer.forger_for(None, party=MEMBERS_PARTY)
    assert settings(forger.token(sub=subject)).json["slug"] == slug
    for name, token in forger.of(subject).attacks().items():
        answer = settings(token)
        assert (answer.status, answer.code in ("not_signed_in", "session_expired")) == (401, True), name
        assert answer.json["error"]["message"] == "Sign in to go on.", name
        assert slug not in answer.text, name


@pytest.mark.parametrize("carries", [True, False], ids=["token with an address", "token without"])
def test_a_claimed_address_must_be_the_verified_one(issuer: Issuer, place, carries: bool) -> None:
    token = issuer.forger_for("ada@example.com" if carries else None, party=MEMBERS_PARTY).token(sub=place[0])
    assert settings(token, x_clerk_user_email="Ada@example.com").status == 200
    for claimed in ("grace@example.com", "ada@example.com, grace@example.com", "x"):
        answer = settings(token, x_clerk_user_email=claimed)
        assert (answer.status, answer.code) == (401, "not_signed_in")


def test_nobody_known_may_claim_no_address_at_all(issuer: Issuer) -> None:
    token = issuer.forger_for(None, party=MEMBERS_PARTY).token(sub="user_of_nobody")
    assert settings(token, x_clerk_user_email="ada@example.com").status == 401


@pytest.mark.parametrize("name", ["x-clerk-user-email", "x-clerk-user-id", "x-user-id", "x-forwarded-user", "cookie"])
def test_without_a_token_no_header_signs_anybody_in(issuer: Issuer, place, name: str) -> None:
    answer = settings(None, **{name.replace("-", "_"): "ada@example.com"}, x_tenant=place[1])
    assert (answer.status, answer.code) == (401, "not_signed_in")


def test_an_admins_cookie_opens_no_tenants_door(issuer: Issuer, place) -> None:
    from tests.integration.auth.test_login import sign_in

    cookie = sign_in().cookie
    assert settings(None, cookie=cookie, sec_fetch_site="same-origin").status == 401
    assert settings(None, cookie=cookie, host="admin.example.com").code == "host_refused"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"host": "admin.example.com"}, "host_refused"),
        ({"host": "example.com"}, "host_refused"),
        ({"host": "api.example.com"}, "host_refused"),
        ({"origin": "https://admin.example.com"}, "host_refused"),
        ({"origin": "https://evil.example.com"}, "host_refused"),
        ({"host": "api.example.com", "origin": "https://evil.example.com"}, "host_refused"),
        ({"origin": "https://dash.example.com"}, None),
        ({"host": "api.example.com", "origin": "https://dash.example.com"}, None),
    ],
)
def test_a_member_is_answered_on_the_dashboards_host_only(issuer: Issuer, place, headers: dict, code) -> None:
    answer = settings(issuer.forger_for(None, party=MEMBERS_PARTY).token(sub=place[0]), **headers)
    assert (answer.status, answer.code) == ((200, None) if code is None else (403, code))


@pytest.mark.parametrize("mode", ["down", "html"])
def test_without_keys_a_member_is_told_to_come_back(issuer: Issuer, place, mode: str) -> None:
    issuer.mode = mode
    answer = settings(issuer.forger_for(None, party=MEMBERS_PARTY).token(sub=place[0]))
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "identity_unavailable", "5")
