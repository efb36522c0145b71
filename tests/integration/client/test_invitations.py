"""An offered place: who may offer it, who may take it, what becomes of it; nothing is mailed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from promostack.db import connection
from promostack.tenants import invitations
from promostack.tenants.members import Contact
from tests.integration.people import House, Person, build_house, join, stranger

INVITATIONS = "client/settings/invitations"


def taken(house: House, invitation: dict) -> str:
    return f"client/session/invitations/{house.tenant_id}/{invitation['id']}"


def invite(house: House, email: str, role: str = "member", *, by: str = "owner") -> dict:
    answer = getattr(house, by).caller.post(INVITATIONS, {"email": email, "role": role})
    assert answer.status == 201, answer.json
    return answer.json


def places(database, house: House) -> dict[str, str]:
    return dict(
        database.query(
            "SELECT users.email, role FROM memberships JOIN users USING (user_id) WHERE tenant_id = %s",
            house.tenant_id,
        )
    )


@pytest.fixture
def guest(issuer) -> Person:
    return stranger(issuer)


def test_who_is_invited_sees_it_first_and_takes_the_place(house, database, guest) -> None:
    made = invite(house, f"  {guest.email.upper()} ", "admin")
    assert (made["email"], made["role"], made["invited_by"]) == (guest.email, "admin", house.owner.email)
    session = guest.caller.get("client/session").json
    (offer,) = session["invitations"]
    assert (session["tenants"], offer["id"], offer["tenant_id"], offer["role"], offer["invited_by"]) == (
        [], made["id"], house.tenant_id, "admin", house.owner.email,
    )  # fmt: skip
    answer = guest.caller.post(taken(house, made), {})
    assert (answer.status, answer.json["tenant"]["id"], answer.json["tenant"]["role"]) == (
        200, house.tenant_id, "admin",
    )  # fmt: skip
    session = guest.caller.get("client/session").json
    assert (session["current"]["id"], session["invitations"]) == (house.tenant_id, [])
    assert house.owner.caller.get(INVITATIONS).json["items"] == []
    lines = database.query(
        "SELECT action, data->>'role' FROM audit_log WHERE tenant_id = %s ORDER BY id DESC LIMIT 2", house.tenant_id
    )
    assert lines == [("member.joined", "admin"), ("invitation.made", "admin")]


def test_the_log_names_role_and_address_of_an_offer_without_giving_the_address_away(house, database) -> None:
    made = invite(house, "nora.new@company.example", "member")
    assert house.owner.caller.delete(f"{INVITATIONS}/{made['id']}").status in (200, 204)
    withdrawn, offered = house.owner.caller.get("client/settings/audit").json["items"][:2]
    assert [(line["action"], line["target"]) for line in (withdrawn, offered)] == [
        ("invitation.withdrawn", made["id"]), ("invitation.made", made["id"]),
    ]  # fmt: skip
    assert withdrawn["data"] == offered["data"] == {"role": "member", "address": "n…@company.example"}
    kept = database.query("SELECT to_jsonb(t)::text FROM audit_log AS t WHERE tenant_id = %s", house.tenant_id)
    assert not any("nora" in line for (line,) in kept)


def test_who_is_removed_leaves_no_way_back_behind(house, guest) -> None:
    """An admin who invites another address of his own and is removed then."""
    own, others = invite(house, guest.email, by="admin"), invite(house, "colleague@company.example")
    assert house.owner.caller.delete(f"client/settings/members/{house.admin.user_id}").status == 204
    assert guest.caller.get("client/session").json["invitations"] == []
    answer = guest.caller.post(taken(house, own), {})
    assert (answer.status, answer.error) == (404, "invitation_not_found")
    assert [each["id"] for each in house.owner.caller.get(INVITATIONS).json["items"]] == [others["id"]]
    withdrawn, removed = house.owner.caller.get("client/settings/audit").json["items"][:2]
    assert (removed["action"], withdrawn["action"], withdrawn["target"]) == (
        "member.removed", "invitation.withdrawn", own["id"],
    )  # fmt: skip


def test_taken_twice_and_at_once_it_is_one_place(house, database, guest) -> None:
    made = invite(house, guest.email)

    def accept(_: int) -> str:
        try:
            place = invitations.accept(
                guest.subject, house.tenant_id, made["id"], find_contact=lambda: Contact(guest.email), request_id=None
            )
            return place.tenant_id
        finally:
            connection.discard()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(accept, range(8))) == {house.tenant_id}
    assert places(database, house)[guest.email] == "member"
    joined = database.query(
        "SELECT count(*) FROM audit_log WHERE tenant_id = %s AND action = 'member.joined'", house.tenant_id
    )
    assert joined == [(1,)]


def test_another_address_finds_nothing(house, database, guest, issuer) -> None:
    made = invite(house, guest.email)
    other = stranger(issuer)
    assert other.caller.get("client/session").json["invitations"] == []
    answers = [other.caller.post(path, {}) for path in (taken(house, made), taken(house, {"id": house.tenant_id}))]
    assert [(each.status, each.error) for each in answers] == [(404, "invitation_not_found")] * 2
    assert answers[0].json["error"]["message"] == answers[1].json["error"]["message"]
    assert other.email not in places(database, house)
    assert database.query("SELECT count(*) FROM users WHERE subject = %s", other.subject) == [(0,)]


def test_an_address_that_is_not_verified_takes_nothing(house, guest, issuer) -> None:
    made = invite(house, guest.email)
    issuer.know(guest.subject, guest.email, is_verified=False)
    answer = guest.caller.post(taken(house, made), {})
    assert (answer.status, answer.error) == (403, "email_not_verified")
    assert guest.caller.get("client/session").json["invitations"] == []


# (who offers, which role) → status and code.
OFFERS = {
    ("owner", "admin"): (201, None),
    ("owner", "member"): (201, None),
    ("admin", "member"): (201, None),
    ("admin", "admin"): (403, "not_allowed"),
    ("member", "member"): (403, "not_allowed"),
}


@pytest.mark.parametrize(("who", "role"), OFFERS, ids=lambda part: str(part))
def test_an_admin_is_made_by_the_owner_alone(house, guest, who: str, role: str) -> None:
    answer = getattr(house, who).caller.post(INVITATIONS, {"email": guest.email, "role": role})
    assert (answer.status, answer.error if answer.status >= 400 else None) == OFFERS[who, role]
    assert len(house.owner.caller.get(INVITATIONS).json["items"]) == (1 if answer.status == 201 else 0)


def test_an_admin_does_not_withdraw_the_owners_admin(house, guest) -> None:
    made = invite(house, guest.email, "admin")
    answer = house.admin.caller.delete(f"{INVITATIONS}/{made['id']}")
    assert (answer.status, answer.error) == (403, "not_allowed")
    assert house.owner.caller.delete(f"{INVITATIONS}/{made['id']}").status == 204
    answer = guest.caller.post(taken(house, made), {})
    assert (answer.status, answer.error) == (404, "invitation_not_found")


def test_an_admin_does_not_replace_the_owners_admin(house, database, guest) -> None:
    made = invite(house, guest.email, "admin")
    answer = house.admin.caller.post(INVITATIONS, {"email": guest.email, "role": "member"})
    assert (answer.status, answer.error) == (403, "not_allowed")
    assert guest.caller.get("client/session").json["invitations"][0]["id"] == made["id"]
    database.query("UPDATE invitations SET expires_at = now() WHERE id = %s", made["id"])
    assert invite(house, guest.email, by="admin")["role"] == "member"


def test_a_renewed_offer_ends_the_older_link(house, guest) -> None:
    older, newer = invite(house, guest.email), invite(house, guest.email, "admin")
    assert [each["id"] for each in house.owner.caller.get(INVITATIONS).json["items"]] == [newer["id"]]
    assert guest.caller.post(taken(house, older), {}).status == 404
    assert guest.caller.post(taken(house, newer), {}).json["tenant"]["role"] == "admin"


def test_an_offer_ends_after_two_weeks(house, database, guest) -> None:
    made = invite(house, guest.email)
    days = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < days <= timedelta(days=14)
    database.query("UPDATE invitations SET expires_at = now() WHERE id = %s", made["id"])
    assert guest.caller.get("client/session").json["invitations"] == []
    assert guest.caller.post(taken(house, made), {}).status == 404
    assert len(house.owner.caller.get(INVITATIONS).json["items"]) == 1


@pytest.mark.parametrize("email", ["nobody", "a@b", "two@a.example two@b.example", "x" * 250 + "@a.example", " "])
def test_what_is_no_address_is_refused_in_words(house, email: str) -> None:
    answer = house.owner.caller.post(INVITATIONS, {"email": email})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["email"])


def test_a_member_is_not_invited_again(house) -> None:
    answer = house.owner.caller.post(INVITATIONS, {"email": house.member.email.upper()})
    assert (answer.status, answer.error) == (409, "already_member")


def test_who_has_a_place_keeps_the_one_he_has(house, database, guest, issuer) -> None:
    made = invite(house, guest.email, "member")
    joined = join(issuer, house.tenant_id, "admin")
    database.query("UPDATE invitations SET email = %s WHERE id = %s", joined.email, made["id"])
    assert joined.caller.post(taken(house, made), {}).json["tenant"]["role"] == "admin"
    assert house.owner.caller.get(INVITATIONS).json["items"] == []


def test_a_suspended_tenant_offers_nothing(house, database, guest) -> None:
    made = invite(house, guest.email)
    database.query("UPDATE tenants SET state = 'suspended' WHERE tenant_id = %s", house.tenant_id)
    assert guest.caller.get("client/session").json["invitations"] == []
    answer = guest.caller.post(taken(house, made), {})
    assert (answer.status, answer.error) == (403, "tenant_suspended")
    database.query("UPDATE tenants SET state = 'active' WHERE tenant_id = %s", house.tenant_id)
    assert guest.caller.post(taken(house, made), {}).status == 200


def test_a_stranger_does_not_learn_that_a_tenant_is_suspended(house, database, guest) -> None:
    database.query("UPDATE tenants SET state = 'suspended' WHERE tenant_id = %s", house.tenant_id)
    answers = [
        guest.caller.post(f"client/session/invitations/{tenant_id}/{uuid4()}", {})
        for tenant_id in (house.tenant_id, uuid4())
    ]
    assert [(each.status, each.error) for each in answers] == [(404, "invitation_not_found")] * 2


def test_one_tenant_does_not_see_anothers_offers(house, database, issuer, guest) -> None:
    other = build_house(database, issuer)
    mine, theirs = invite(house, guest.email), invite(other, guest.email)
    assert [each["id"] for each in house.owner.caller.get(INVITATIONS).json["items"]] == [mine["id"]]
    assert house.owner.caller.delete(f"{INVITATIONS}/{theirs['id']}").status == 404
    assert {each["id"] for each in guest.caller.get("client/session").json["invitations"]} == {mine["id"], theirs["id"]}


def test_fifty_a_day(house, monkeypatch) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 3)
    statuses = [
        house.owner.caller.post(INVITATIONS, {"email": f"guest-{number}@people.example"}).status for number in range(4)
    ]
    assert statuses == [201, 201, 201, 429]
