"""Who may do what to whom in a tenant, one after the other and at once; the database settles the races."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from uuid import uuid4

import psycopg2
import pytest

from promostack.auth.permissions import allows
from promostack.core.errors import PromoError
from promostack.db import connection
from promostack.tenants import team
from promostack.tenants.audit import Actor
from tests.integration.people import House, build_house, join

MEMBERS = "client/settings/members"


def role_of(database, house: House, user_id: str) -> str | None:
    rows = database.query(
        "SELECT role FROM memberships WHERE tenant_id = %s AND user_id = %s", house.tenant_id, user_id
    )
    return rows[0][0] if rows else None


def test_everyone_sees_everyone(house) -> None:
    for person in (house.owner, house.member):
        items = person.caller.get(MEMBERS).json["items"]
        assert [(each["role"], each["email"]) for each in items] == [
            ("owner", house.owner.email), ("admin", house.admin.email), ("admin", house.other_admin.email),
            ("member", house.member.email),
        ]  # fmt: skip
        assert [each["user_id"] for each in items if each["is_you"]] == [person.user_id]


# (who acts, on whom, the new role; None: remove him) → status and code.
CHANGES = {
    ("owner", "member", "admin"): (200, None),
    ("owner", "admin", "member"): (200, None),
    ("owner", "member", None): (204, None),
    ("owner", "admin", None): (204, None),
    ("owner", "owner", "member"): (409, "owner_stays"),
    ("owner", "owner", None): (409, "owner_stays"),
    ("admin", "member", "member"): (200, None),
    ("admin", "member", "admin"): (403, "not_allowed"),
    ("admin", "other_admin", "member"): (403, "not_allowed"),
    ("admin", "admin", "member"): (403, "not_allowed"),
    ("admin", "owner", "member"): (409, "owner_stays"),
    ("admin", "member", None): (204, None),
    ("admin", "other_admin", None): (403, "not_allowed"),
    ("admin", "owner", None): (409, "owner_stays"),
    ("admin", "admin", None): (204, None),
    ("member", "member", None): (204, None),
    ("member", "member", "admin"): (403, "not_allowed"),
    ("member", "admin", "member"): (403, "not_allowed"),
    ("member", "admin", None): (403, "not_allowed"),
    ("member", "owner", None): (403, "not_allowed"),
}


@pytest.mark.parametrize(("who", "whom", "role"), CHANGES, ids=lambda part: str(part))
def test_a_change_is_made_or_refused_as_the_rules_say(house, database, who: str, whom: str, role: str | None) -> None:
    status, code = CHANGES[who, whom, role]
    acting, target = getattr(house, who), getattr(house, whom)
    before = role_of(database, house, target.user_id)
    lines = database.query("SELECT count(*) FROM audit_log WHERE tenant_id = %s", house.tenant_id)[0][0]
    route = f"{MEMBERS}/{target.user_id}"
    answer = acting.caller.put(route, {"role": role}) if role else acting.caller.delete(route)
    assert answer.status == status
    assert code is None or answer.error == code
    after = role_of(database, house, target.user_id)
    assert after == (before if code else role)
    written = database.query("SELECT count(*) FROM audit_log WHERE tenant_id = %s", house.tenant_id)[0][0] - lines
    assert written == (1 if after != before else 0)


def test_a_change_says_who_whom_and_what(house, database) -> None:
    house.owner.caller.put(f"{MEMBERS}/{house.member.user_id}", {"role": "admin"})
    house.owner.caller.delete(f"{MEMBERS}/{house.other_admin.user_id}")
    house.admin.caller.delete(f"{MEMBERS}/{house.admin.user_id}")
    lines = house.owner.caller.get("client/settings/audit").json["items"][:3]
    assert [(line["actor"], line["action"], line["data"]) for line in lines] == [
        ("former member", "member.left", {"role": "admin"}),
        (house.owner.email, "member.removed", {"role": "admin"}),
        (house.owner.email, "member.role_changed", {"from": "member", "to": "admin"}),
    ]
    assert lines[2]["target"] == house.member.email
    assert lines[1]["target"] == house.other_admin.user_id


def test_who_was_removed_is_out_with_his_next_call(house) -> None:
    assert house.member.caller.get("client/settings").status == 200
    house.owner.caller.delete(f"{MEMBERS}/{house.member.user_id}")
    answer = house.member.caller.get("client/settings", x_tenant=house.slug)
    assert (answer.status, answer.error) == (404, "tenant_not_found")
    assert house.member.caller.get("client/session").json["tenants"] == []


def test_another_tenants_member_is_not_found(house, database, issuer) -> None:
    other = build_house(database, issuer)
    unknown = {str(uuid4()), "nobody", "%00", "1", other.member.user_id, other.owner.user_id}
    for user_id in unknown:
        for answer in (
            house.owner.caller.put(f"{MEMBERS}/{user_id}", {"role": "admin"}),
            house.owner.caller.delete(f"{MEMBERS}/{user_id}"),
        ):
            assert (answer.status, answer.error) == (404, "member_not_found"), user_id
    assert role_of(database, other, other.member.user_id) == "member"


@pytest.mark.parametrize("body", [{"role": "owner"}, {"role": "boss"}, {}, {"role": "admin", "x": 1}])
def test_no_other_role_can_be_given(house, body: dict) -> None:
    assert house.owner.caller.put(f"{MEMBERS}/{house.member.user_id}", body).status == 422


def at_once(*changes) -> list[str]:
    """Runs these changes in threads with connections of their own; the code of each, `done` when it was made."""

    def run(change) -> str:
        try:
            change()
        except PromoError as error:
            return error.code
        finally:
            connection.discard()
        return "done"

    with ThreadPoolExecutor(len(changes)) as people:
        return list(people.map(run, changes))


def test_a_role_that_was_just_lost_grants_nothing(house, database) -> None:
    """The owner takes an admin's role while that admin removes people: whoever is second sees what the first did."""
    victim = house.member.user_id
    for _ in range(10):
        outcomes = at_once(
            lambda: team.change_role(
                house.tenant_id, house.admin.user_id, "member", actor=Actor(house.owner.user_id), allows=allows
            ),
            lambda: team.remove_member(house.tenant_id, victim, actor=Actor(house.admin.user_id), allows=allows),
        )
        log = database.query(
            "SELECT action, actor FROM audit_log WHERE tenant_id = %s ORDER BY id DESC LIMIT 2", house.tenant_id
        )
        assert outcomes[0] == "done"
        if outcomes[1] == "done":
            assert [action for action, _ in log] == ["member.role_changed", "member.removed"], "removed while admin"
        else:
            assert outcomes[1] == "not_allowed"
            assert role_of(database, house, victim) == "member"
        database.query(
            "INSERT INTO memberships (tenant_id, user_id, role) VALUES (%s, %s, 'member') ON CONFLICT DO NOTHING",
            house.tenant_id,
            victim,
        )
        database.query("UPDATE memberships SET role = 'admin' WHERE user_id = %s", house.admin.user_id)


def test_two_leaders_acting_on_each_other_never_wait_for_each_other(house, issuer, database) -> None:
    """Places are locked in one order whoever acts: with the first one held by us, both wait there and nowhere else.

    With everybody allowed everything, one is removed and one stays.
    """
    first, second = sorted(join(issuer, house.tenant_id, "admin").user_id for _ in range(2))

    def remove(actor: str, target: str) -> list[str]:
        change = partial(team.remove_member, actor=Actor(actor), allows=lambda role, right: True)
        return at_once(lambda: change(house.tenant_id, target))

    def wait_for_waiting(number: int) -> None:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        deadline = time.monotonic() + 60
        while database.query(waiting) != [(number,)]:
            assert time.monotonic() < deadline

    with closing(psycopg2.connect(database.owner_dsn)) as holder, ThreadPoolExecutor(2) as leaders:
        holder.cursor().execute("SELECT FROM memberships WHERE user_id = %s FOR UPDATE", [first])
        acting = []
        for actor, target in ((first, second), (second, first)):
            acting.append(leaders.submit(remove, actor, target))
            wait_for_waiting(len(acting))
        holder.rollback()
        assert [each.result(60) for each in acting] == [["done"], ["tenant_not_found"]]
    assert sorted(role_of(database, house, each) or "gone" for each in (first, second)) == ["admin", "gone"]


def test_the_owner_outlasts_everybody(house, database) -> None:
    everyone = [house.owner, house.admin, house.other_admin, house.member]
    at_once(
        *(
            lambda a=actor, b=target: team.remove_member(
                house.tenant_id, b.user_id, actor=Actor(a.user_id), allows=allows
            )
            for actor in everyone
            for target in everyone
        )
    )
    assert database.query(
        "SELECT user_id::text, role FROM memberships WHERE tenant_id = %s AND role = 'owner'", house.tenant_id
    ) == [(house.owner.user_id, "owner")]


def test_a_tenant_cannot_get_a_second_owner(house, database) -> None:
    """The last guard, should a rule above it ever fail."""
    with pytest.raises(Exception, match="memberships_one_owner"):
        database.query("UPDATE memberships SET role = 'owner' WHERE user_id = %s", house.admin.user_id)


def test_the_owner_hands_the_tenant_over_and_is_an_admin(database, house) -> None:
    answer = house.owner.caller.post(f"{MEMBERS}/{house.member.user_id}/owner", {})
    assert (answer.status, answer.json["role"]) == (200, "owner")
    assert role_of(database, house, house.owner.user_id) == "admin"
    again = house.owner.caller.post(f"{MEMBERS}/{house.owner.user_id}/owner", {})
    assert (again.status, again.json["error"]["code"]) == (403, "not_allowed")
    to_himself = house.member.caller.post(f"{MEMBERS}/{house.member.user_id}/owner", {})
    assert (to_himself.status, to_himself.json["error"]["code"]) == (409, "owner_stays")
    line = house.member.caller.get("client/settings/audit").json["items"][0]
    assert (line["action"], line["actor"], line["target"]) == (
        "tenant.handed_over", house.owner.email, house.member.email,
    )  # fmt: skip


def test_handed_over_to_two_at_once_it_has_one_owner(database, house) -> None:
    def give(user_id: str) -> str:
        try:
            team.hand_over(house.tenant_id, user_id, actor=Actor(house.owner.user_id), allows=allows)
        except PromoError as error:
            return error.code
        finally:
            connection.discard()
        return "done"

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(give, [house.member.user_id, house.admin.user_id]))
    assert outcomes == ["done", "not_allowed"]
    owners = "SELECT count(*) FROM memberships WHERE tenant_id = %s AND role = 'owner'"
    assert database.query(owners, house.tenant_id) == [(1,)]
