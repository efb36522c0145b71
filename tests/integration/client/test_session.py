"""client/session: who is signed in, his tenants, the first step, and the tenant he works in."""

import pytest

from promostack.auth.permissions import MATRIX
from promostack.integrations import clerk
from tests.integration.conftest import ADMIN_ORIGIN, DASH_ORIGIN
from tests.integration.people import build_house, join, stranger


def test_somebody_new_has_an_address_and_no_tenant(database, issuer) -> None:
    new = stranger(issuer)
    answer = new.caller.get("client/session")
    assert answer.status == 200
    assert answer.json == {
        "user": {"id": None, "email": new.email, "name": "Ada Example"},
        "tenants": [],
        "current": None,
        "invitations": [],
        "visit": None,
    }
    assert database.query("SELECT count(*) FROM users WHERE subject = %s", new.subject) == [(0,)]


def test_the_first_step_makes_a_tenant_and_its_owner(database, issuer) -> None:
    new = stranger(issuer)
    made = new.caller.post("client/session/tenant", {"name": "  Golden   Hour "})
    assert made.status == 201
    tenant = made.json["tenant"]
    assert (tenant["slug"], tenant["name"], tenant["role"], tenant["state"]) == (
        "golden-hour", "Golden Hour", "owner", "active",
    )  # fmt: skip
    session = new.caller.get("client/session").json
    assert (session["user"]["email"], session["user"]["name"]) == (new.email, "Ada Example")
    assert session["tenants"] == [tenant]
    assert session["current"] == {**tenant, "permissions": list(MATRIX)}
    [(actor, action, data)] = database.query(
        "SELECT actor, action, data FROM audit_log WHERE tenant_id = %s", tenant["id"]
    )
    assert (actor, action) == (session["user"]["id"], "tenant.created")
    assert data == {"name": "Golden Hour", "slug": "golden-hour"}


def test_the_first_step_sent_again_gives_the_same_tenant(database, issuer) -> None:
    new = stranger(issuer)
    first = new.caller.post("client/session/tenant", {"name": "Once"})
    again = new.caller.post("client/session/tenant", {"name": "Twice"})
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json


def test_a_member_elsewhere_gets_a_tenant_of_his_own(house, issuer) -> None:
    made = house.member.caller.post("client/session/tenant", {"name": "Member's own"})
    assert made.status == 201
    session = house.member.caller.get("client/session").json
    assert {each["role"] for each in session["tenants"]} == {"owner", "member"}
    assert session["current"]["id"] == made.json["tenant"]["id"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "bell\x07", "zero\x00", "\ud800"])
def test_a_name_that_is_none_is_refused(database, issuer, name: str) -> None:
    answer = stranger(issuer).caller.post("client/session/tenant", {"name": name})
    assert (answer.status, answer.error) == (422, "unprocessable")
    assert list(answer.json["error"]["fields"]) == ["name"]


def test_an_unverified_address_gets_no_tenant(database, issuer) -> None:
    new = stranger(issuer)
    issuer.know(new.subject, new.email, is_verified=False)
    answer = new.caller.post("client/session/tenant", {"name": "Nobody"})
    assert (answer.status, answer.error) == (403, "email_not_verified")
    answer = new.caller.post("client/session/tenant", {"name": "Nobody"}, x_clerk_user_email="owner@demo.example")
    assert (answer.status, answer.error) == (401, "not_signed_in")
    assert database.query("SELECT count(*) FROM users WHERE subject = %s", new.subject) == [(0,)]


def test_the_address_comes_from_the_verified_claim_before_the_provider_is_asked(database, issuer) -> None:
    new = stranger(issuer)
    assert stranger(issuer).caller.get("client/session").status == 200, "the keys are known"
    issuer.answer("down")
    body = {"name": "While down"}
    assert new.caller.post("client/session/tenant", body).error == "identity_unavailable"
    token = issuer.token(new.subject, email="Claimed@Example.com", email_verified=True)
    assert new.caller.post("client/session/tenant", body, authorization=f"Bearer {token}").status == 201
    assert database.query("SELECT email FROM users WHERE subject = %s", new.subject) == [("claimed@example.com",)]


def test_a_changed_address_and_name_are_taken_over_with_the_next_session(house, issuer, database) -> None:
    issuer.know(house.admin.subject, "new-address@example.com", name="Ada  New\x07")
    clerk._kept.clear()
    told = house.admin.caller.get("client/session").json["user"]
    assert (told["email"], told["name"]) == ("new-address@example.com", "Admin"), "an impossible name is not taken"
    issuer.know(house.admin.subject, "new-address@example.com", name="Ada  New")
    clerk._kept.clear()
    house.admin.caller.get("client/session")
    assert database.query("SELECT email, name FROM users WHERE user_id = %s", house.admin.user_id) == [
        ("new-address@example.com", "Ada New")
    ]


def test_the_known_address_serves_while_the_provider_is_down(house, issuer) -> None:
    assert house.admin.caller.get("client/session").status == 200
    token = issuer.token(house.admin.subject)
    clerk._kept.clear()
    issuer.answer("down")
    answer = house.admin.caller.get("client/session", authorization=f"Bearer {token}")
    assert (answer.status, answer.json["user"]["email"]) == (200, house.admin.email)


def test_a_token_of_the_admin_dashboard_is_none_here(house, issuer) -> None:
    for party, status in ((DASH_ORIGIN, 200), (ADMIN_ORIGIN, 401)):
        token = issuer.token(house.admin.subject, azp=party)
        for route in ("client/session", "client/settings"):
            assert house.admin.caller.get(route, authorization=f"Bearer {token}").status == status


def test_a_person_switches_between_his_tenants(house, issuer, database) -> None:
    second = build_house(database, issuer)
    person = join(issuer, house.tenant_id, "member")
    join_second = ("INSERT INTO memberships (tenant_id, user_id, role) VALUES (%s, %s, 'admin')", second.tenant_id)
    database.query(*join_second, person.user_id)
    session = person.caller.get("client/session").json
    assert {each["slug"]: each["role"] for each in session["tenants"]} == {house.slug: "member", second.slug: "admin"}
    for wanted, slug in ((second.slug, second.slug), (house.tenant_id, house.slug), (second.tenant_id, second.slug)):
        chosen = person.caller.put("client/session/current", {"tenant": wanted})
        assert chosen.json["current"]["slug"] == slug
        assert person.caller.get("client/session").json["current"]["slug"] == slug
        assert person.caller.get("client/settings").json["slug"] == slug
    named = person.caller.get("client/session", x_tenant=house.slug).json
    assert named["current"]["slug"] == house.slug
    assert person.caller.get("client/session").json["current"]["slug"] == second.slug, "naming is not choosing"


def test_another_tenant_looks_like_one_that_does_not_exist(house, issuer, database) -> None:
    other = build_house(database, issuer)
    answers = []
    for wanted in (other.slug, other.tenant_id, "nobody", "00000000-0000-4000-8000-000000000000", "", "a\x00b"):
        if wanted:
            answers.append(house.owner.caller.get("client/session", x_tenant=wanted))
            answers.append(house.owner.caller.put("client/session/current", {"tenant": wanted}))
            answers.append(house.owner.caller.get("client/settings", x_tenant=wanted))
    assert {(answer.status, answer.error) for answer in answers} == {(404, "tenant_not_found")}
    assert len({answer.json["error"]["message"] for answer in answers}) == 1


def test_a_suspended_tenant_is_shown_as_such_and_nothing_else_works(house, database) -> None:
    database.query("UPDATE tenants SET state = 'suspended' WHERE tenant_id = %s", house.tenant_id)
    session = house.owner.caller.get("client/session").json
    assert session["current"]["state"] == "suspended"
    for route in ("client/settings", "client/settings/members", "client/settings/audit"):
        answer = house.owner.caller.get(route)
        assert (answer.status, answer.error) == (403, "tenant_suspended")
    answer = house.owner.caller.put("client/settings", {"name": "Changed"})
    assert (answer.status, answer.error) == (403, "tenant_suspended")
