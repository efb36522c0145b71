"""Somebody of the platform inside a tenant, on every route of the product: he can read there, and write nowhere."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.isolation import machine, rules
from tests.isolation.house import ALPHA, BETA, PLATFORM, House
from tests.isolation.rules import RULES
from tests.isolation.test_routes import ROUTES, built, house, provider, surroundings, traces  # noqa: F401  # fixtures

ENDED = {("visits", "ended_at"): "2026-01-02T03:04:05+00:00"}
EXPIRED = {("visits", "expires_at"): "2026-01-02T03:04:05+00:00"}
OF_PEOPLE = {"person", "member"}
READS = [key for key, rule in RULES.items() if rule.who in OF_PEOPLE and key.startswith("GET ")]
WRITES = [key for key, rule in RULES.items() if rule.who in OF_PEOPLE and not key.startswith("GET ")]
# What is nobody's business with a visit: the platform's own routes, and the one that ends it.
ELSEWHERE = [key for key, rule in RULES.items() if rule.who == "platform"]


def ask(provider, house: House, key: str, caller: machine.Caller) -> machine.Answer:  # noqa: F811
    return machine.call(provider, ROUTES[key], RULES[key], caller, rules.values(house))


@pytest.mark.parametrize("key", READS)
def test_a_visitor_reads(house: House, provider, key: str) -> None:  # noqa: F811
    house.put_back(RULES[key].given)
    before = house.dump()
    for caller in (machine.visitor(ALPHA), machine.visitor(ALPHA, named="tenant")):
        answer = ask(provider, house, key, caller)
        assert answer.status == 200, answer.body
        assert traces(answer, house, BETA.name) == []
    assert house.dump() == before
    foreign = ask(provider, house, key, machine.visitor(BETA, named="tenant"))
    assert (foreign.status, foreign.code) == rules.FOREIGN


@pytest.mark.parametrize("key", WRITES)
def test_a_visitor_writes_nothing(house: House, provider, key: str) -> None:  # noqa: F811
    house.put_back(RULES[key].given)
    before = house.dump()
    answer = ask(provider, house, key, machine.visitor(ALPHA, named="tenant"))
    assert (answer.status, answer.code) == (403, "read_only"), answer.body
    assert house.dump() == before


@pytest.mark.parametrize("key", ELSEWHERE)
def test_a_visit_opens_nothing_of_the_platform(house: House, provider, key: str) -> None:  # noqa: F811
    house.put_back(RULES[key].given)
    before = house.dump()
    answer = ask(provider, house, key, machine.visitor(ALPHA))
    assert (answer.status, answer.code) == rules.ANONYMOUS, answer.body
    assert house.dump() == before


@pytest.mark.parametrize("over", [ENDED, EXPIRED], ids=["ended", "expired"])
def test_a_visit_that_is_over_opens_nothing(house: House, provider, over) -> None:  # noqa: F811
    house.put_back(over)
    for key in (*READS, *WRITES, "DELETE client/session/visit"):
        answer = ask(provider, house, key, machine.visitor(ALPHA))
        assert (answer.status, answer.code) == rules.ANONYMOUS, (key, answer.body)


def test_a_suspended_tenant_is_looked_into_too(house: House, provider) -> None:  # noqa: F811
    house.put_back({("tenants", "state"): "suspended"})
    assert ask(provider, house, "GET client/settings", machine.visitor(ALPHA)).status == 200


def test_a_write_behind_a_read_is_stopped_by_the_database(house: House, provider, monkeypatch) -> None:  # noqa: F811
    """A GET whose code would write after all."""
    from promostack.tenants import audit, settings
    from promostack.tenants.audit import Actor

    real = settings.read_settings

    def writing(tenant_id: str):
        with settings.unit_of_work(tenant_id) as tx:
            audit.record(tx, tenant_id, Actor("system"), "slipped")
        return real(tenant_id)

    monkeypatch.setattr(settings, "read_settings", writing)
    before = house.dump()
    assert ask(provider, house, "GET client/settings", machine.visitor(ALPHA)).status == 500
    assert house.dump() == before


def test_a_visit_lasts_half_an_hour_and_is_written_down(house: House, provider) -> None:  # noqa: F811
    key = "POST admin/tenants/{tenant_id}/visits"
    answer = ask(provider, house, key, machine.Caller(PLATFORM))
    made = json.loads(answer.body)
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=29) < lasts <= timedelta(minutes=30)
    token = made["url"].rpartition("/")[2]
    held = house.dump()
    assert not any(token in row for rows in held.values() for row in rows), "only its hash is kept"
    assert any("visit.started" in row and "codes are refused" in row for row in held["audit_log"])
    caller = machine.Caller(headers={"authorization": f"Bearer {token}"})
    seen = json.loads(ask(provider, house, "GET client/session", caller).body)
    assert (seen["visit"]["admin"], seen["current"]["id"]) == (PLATFORM.email, ALPHA.id)
    assert ask(provider, house, "DELETE client/session/visit", caller).status == 204
    assert ask(provider, house, "GET client/session", caller).status == 401
