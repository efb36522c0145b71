"""Somebody who came by an invitation, on every route: refused exactly what the matrix refuses his role."""

import json

import pytest

from promostack.auth.permissions import MATRIX, ROLES
from tests.isolation import machine, rules
from tests.isolation.house import NEWCOMER, OWNER, House
from tests.isolation.rules import RULES
from tests.isolation.test_routes import ROUTES, built, house, provider, surroundings  # noqa: F401  # fixtures

OF_MEMBERS = {key: route.permission for key, route in ROUTES.items() if route.permission}
# Refused though the right lets him in: somebody else's place is taken by who may write members.
BEYOND = {("DELETE client/settings/members/{user_id}", "member")}
INVITED = machine.Caller(NEWCOMER, tenant="tenant")


def test_the_rules_of_the_routes_are_those_of_the_matrix() -> None:
    assert {key for key, rule in RULES.items() if rule.who == "member"} == set(OF_MEMBERS)
    assert {key: set(RULES[key].roles) for key in OF_MEMBERS} == {
        key: set(MATRIX[permission]) for key, permission in OF_MEMBERS.items()
    }


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_an_invited_person_is_refused_exactly_what_the_matrix_refuses(
    house: House,  # noqa: F811
    provider,  # noqa: F811
    database,
    role: str,
) -> None:
    place = join(house, provider, database, role)
    refused = [key for key, right in OF_MEMBERS.items() if role not in MATRIX[right] or (key, role) in BEYOND]
    assert len(refused) >= {"admin": 5, "member": 25}[role]

    def ask(key: str) -> machine.Answer:
        return machine.call(provider, ROUTES[key], RULES[key], INVITED, rules.values(house))

    house.put_back()
    put_in(database, place)
    before = house.dump()
    answers = {key: ask(key) for key in refused}
    assert {key: answer.body for key, answer in answers.items() if (answer.status, answer.code) != rules.RIGHT} == {}
    assert house.dump() == before
    wrong = {}
    for key in set(OF_MEMBERS) - set(refused):
        house.put_back(RULES[key].given)
        put_in(database, place)
        answer = ask(key)
        if answer.status >= 300:
            wrong[key] = answer.body
    assert wrong == {}


def join(house: House, provider, database, role: str) -> dict[str, str]:  # noqa: F811
    """Invited by the owner and joined by the newcomer, over the routes for it; returns table → the row of it."""
    values = rules.values(house)
    invite = rules.Rule("member", body={"email": NEWCOMER.email, "role": role})
    key = "POST client/settings/invitations"
    made = machine.call(provider, ROUTES[key], invite, machine.Caller(OWNER, tenant="tenant"), values)
    assert made.status == 201, made.body
    key = "POST client/session/invitations/{tenant_id}/{invitation_id}"
    offered = {**values, "invitation_id": json.loads(made.body)["id"]}
    taken = machine.call(provider, ROUTES[key], RULES[key], machine.Caller(NEWCOMER), offered)
    assert taken.status == 200, taken.body
    [(person,)] = database.query("SELECT user_id::text FROM users WHERE subject = %s", NEWCOMER.subject)
    rows = {}
    for table in ("users", "memberships"):
        [(rows[table],)] = database.query(f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE user_id = %s", person)
    assert json.loads(rows["memberships"])["role"] == role
    return rows


def put_in(database, rows: dict[str, str]) -> None:
    for table, row in rows.items():
        database.query(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)", row)
