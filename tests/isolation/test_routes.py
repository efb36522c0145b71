"""Every function and route of project.yml, as every kind of caller; the rules are written down in `rules.py`.

First the rightful caller succeeds. Then everybody else is refused as the table says, with the very answer that a thing
which does not exist gets, without a trace of the other tenant, and the database is as it was.
"""

import base64
import contextlib
import json
from collections.abc import Iterator, Mapping
from functools import partial

import pytest
import requests

from promostack.app import services
from promostack.auth import keys
from promostack.core import config, crypto
from promostack.integrations import clerk, spaces, telegram_bot
from promostack.tenants import members
from scripts.local import project
from tests.isolation import machine, outside, rules
from tests.isolation.house import ALPHA, BETA, LEADER, OTHER_OWNER, OWNER, PLATFORM, House
from tests.isolation.machine import Answer, Caller
from tests.isolation.outside import Provider
from tests.isolation.rules import RULES, WEAK

ROUTES = {route.key: route for route in machine.routes()}
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CACHES = (
    keys.session_keys,
    config.optional,
    crypto._keys,
    spaces.public_bucket,
    spaces._client,
    services.renders,
    services.coupons,
    services.branding,
    telegram_bot._bot,
)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with outside.running() as made:
        yield made


@pytest.fixture(scope="module")
def surroundings(database, provider: Provider, s3_address: str) -> Mapping[str, str]:
    """What the functions are told."""
    return {
        **outside.variables(provider),
        "FUNDERPRO_API_BASE": f"{provider.address}/funderpro",
        "FUNDERPRO_PRODUCT_ID": "product-1",
        "TELEGRAM_API_BASE": f"{provider.address}/telegram",
        "STRIPE_API_BASE": f"{provider.address}/stripe",
        "TELEGRAM_BOT_TOKEN": f"7654320:{'a-token-' * 4}",
        "TWELVE_DATA_API_BASE": f"{provider.address}/prices",
        "OPENAI_BASE_URL": f"{provider.address}/models",
        "SECRETS_KEYS": "k1:" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
        "SPACES_ENDPOINT": s3_address,
        "SPACES_REGION": "local",
        "SPACES_ACCESS_KEY": "test-access",
        "SPACES_SECRET_KEY": "test-secret",
        "SPACES_PUBLIC_BUCKET": "public",
        "SPACES_PRIVATE_BUCKET": "private",
        "PUBLIC_ASSET_BASE": f"{s3_address}/public",
    }


@pytest.fixture(scope="module")
def built(database, provider: Provider) -> Iterator[House]:
    with contextlib.closing(House(database.owner_dsn, provider)) as made:
        yield made


@pytest.fixture
def house(built: House, surroundings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Two tenants with a row in every table, and functions that are told where everything is."""
    from promostack.app import identity

    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    caches = (*CACHES, identity._verifier)
    for cache in caches:
        cache.cache_clear()
    clerk._kept.clear()
    built.put_back()
    for tenant in (ALPHA, BETA):
        logo = json.loads(built.row(tenant, "tenants")["settings"])["logo_key"]
        spaces.public_bucket().put(logo, PICTURE, media_type="image/png")
    yield built
    for cache in caches:
        cache.cache_clear()


def test_each_route_has_a_rule_and_each_rule_a_route() -> None:
    assert set(ROUTES) == set(RULES)


def test_functions_that_the_web_cannot_reach_are_known_and_have_no_routes() -> None:
    hidden = [function for function in project.read() if function.web is False]
    assert {function.path for function in hidden} == rules.NOT_ON_THE_WEB
    assert not any(machine.has_endpoint(function) for function in hidden)


def test_both_tenants_hold_a_row_in_every_table(house: House) -> None:
    held = house.dump()
    for table in house.catalogue.of_tenants:
        if table in held:
            owners = [tenant.name for tenant in (ALPHA, BETA) if any(tenant.id in row for row in held[table])]
            assert owners == ["alpha", "beta"], table


@pytest.mark.parametrize("key", RULES)
def test_route(house: House, provider: Provider, key: str) -> None:
    route, rule = ROUTES[key], RULES[key]
    ask = partial(machine.call, provider, route, rule)
    house.put_back(rule.given)
    for caller in machine.rightful(route, rule):
        answer = ask(caller, rules.values(house))
        assert 200 <= answer.status < 300, answer.body
        if rule.who != "platform":
            assert traces(answer, house, BETA.name) == []
        house.put_back(rule.given)
    intruders = machine.intruders(rule) if rule.who != "anyone" else {}
    for name, outcome in rule.outcomes().items():
        check_refusal(house, ask, rule, intruders[name], outcome, f"{key} as {name}")
    if rule.crossed is not None:
        check_crossing(house, ask, rule, key)
    if rule.who == "anyone":
        check_indifference(house, ask)


# What may happen to somebody who has just been let in; what he gets is what the access rule would say now.
LOSSES = {
    "removed": f"DELETE FROM memberships WHERE tenant_id = '{ALPHA.id}' AND user_id = '{{who}}'",
    "demoted": "UPDATE memberships SET role = 'member' WHERE user_id = '{who}'",
    "suspended": f"UPDATE tenants SET state = 'suspended', erase_at = NULL WHERE tenant_id = '{ALPHA.id}'",
}
# A file that is finished already, for which tests/integration/uploads has its own; and a look at what would be posted.
WRITES_NOTHING = {"POST client/uploads/{upload_id}/finish", "POST client/posts/preview"}
WRITES = [
    key
    for key, rule in RULES.items()
    if rule.who == "member" and not key.startswith("GET ") and key not in WRITES_NOTHING
]


@pytest.mark.parametrize(
    ("key", "loss"),
    [(key, loss) for key in WRITES for loss in LOSSES if loss != "demoted" or WEAK in RULES[key].outcomes()],
)
def test_what_is_lost_after_the_rule_has_let_in_is_missed_by_the_write(
    house: House, database, provider: Provider, monkeypatch, key: str, loss: str
) -> None:
    real, left = members.find_membership, []
    person = LEADER if LEADER.role in RULES[key].roles else OWNER

    def losing(*asked: object) -> object:
        found = real(*asked)
        if not left:
            database.query(LOSSES[loss].format(who=person.user_id))
            left.append(house.dump())
        return found

    monkeypatch.setattr(members, "find_membership", losing)
    house.put_back(RULES[key].given)
    ask = partial(machine.call, provider, ROUTES[key], RULES[key], Caller(person, tenant="tenant"), rules.values(house))
    late = ask()
    assert house.dump() == left[0]
    afterwards = ask()
    assert late.status in (403, 404), late.body
    assert late.plain({}) == afterwards.plain({})


def test_a_signed_address_opens_only_the_own_name(house: House, provider: Provider) -> None:
    """What alpha's address allows, it allows for one name below alpha's own folder."""
    key = "POST client/uploads"
    answer = machine.call(provider, ROUTES[key], RULES[key], Caller(OWNER), rules.values(house))
    address = json.loads(answer.body)["url"]
    assert f"/private/uploads/{ALPHA.id}/" in address
    headers = {"Content-Type": "image/png"}
    moved = requests.put(address.replace(ALPHA.id, BETA.id), b"x" * 100, headers=headers, timeout=60)
    read = requests.get(address, timeout=60)
    sent = requests.put(address, b"x" * 100, headers=headers, timeout=60)
    assert (moved.status_code, read.status_code, sent.status_code) == (403, 403, 200)


def check_refusal(house: House, ask, rule: rules.Rule, caller: Caller, outcome: rules.Outcome, what: str) -> None:
    before = house.dump()
    asked = rules.values(house)
    answer = ask(caller, asked)
    assert (answer.status, answer.code) == outcome, (what, answer.body)
    assert traces(answer, house, ALPHA.name, asked) == [], what
    # His own tenant's people a member may list; an address that no bot has is told as such, before any secret.
    is_at_home = caller.person is not None and caller.person.tenant == ALPHA
    if not is_at_home and rule.who != "vendor":
        nobodys = rules.made_up(asked)
        assert answer.plain(asked) == ask(caller, nobodys).plain(nobodys), what
    assert house.dump() == before, what


def check_crossing(house: House, ask, rule: rules.Rule, key: str) -> None:
    """Alpha's things, named by beta's owner or at beta's address."""
    caller = Caller(OTHER_OWNER, tenant="tenant") if rule.who in ("person", "member") else Caller()
    before = house.dump()
    asked = rules.crossed_values(house)
    answer = ask(caller, asked)
    assert (answer.status, answer.code) == rule.crossed, (key, answer.body)
    assert traces(answer, house, ALPHA.name, asked) == [], key
    nobodys = rules.made_up(asked, keep=("tenant", "own_code"))
    assert answer.plain(asked) == ask(caller, nobodys).plain(nobodys), key
    assert house.dump() == before, key


def check_indifference(house: House, ask) -> None:
    """What is public does not depend on who asks."""
    asked = rules.values(house)
    ask(Caller(), asked)  # a picture is made once, then found
    expected = ask(Caller(), asked).plain(asked)
    forged = {"x-clerk-user-email": PLATFORM.email, "x-tenant": BETA.canary}
    for caller in (
        Caller(OTHER_OWNER),
        Caller(PLATFORM),
        Caller(headers=forged),
        Caller(host="dash"),
        Caller(host="admin"),
    ):
        assert ask(caller, asked).plain(asked) == expected


def traces(answer: Answer, house: House, tenant: str, sent: Mapping[str, str] | None = None) -> list[str]:
    """What an answer holds of a tenant, but for what the caller had named himself."""
    text = repr(answer.plain(sent or {}))
    return [canary for canary in house.canaries[tenant] if canary in text]
