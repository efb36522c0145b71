"""client/coupons: own codes with their limits, redeeming and releasing, and where codes are checked."""

from datetime import UTC, datetime, timedelta

import pytest

from promostack.app import services
from promostack.tenants import service as tenants
from tests.integration.people import build_house

ROUTE = "client/coupons"
ORDER = {"order": "order-1", "customer": "ann"}
EUROS = {"budget_minor": 5_000, "currency": "EUR"}
SOON = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
LATER = (datetime.now(UTC) + timedelta(hours=2)).isoformat()


def lines(house) -> list[tuple[str, str, str]]:
    """(who, what, which) of the audit log's lines about codes, oldest first."""
    items = house.owner.caller.get("client/settings/audit").json["items"]
    return [(each["actor"], each["action"], each["target"]) for each in items if each["action"].startswith("code.")][
        ::-1
    ]


def public_status(house, code: str) -> str:
    tenant = tenants.get_tenant(house.tenant_id)
    return services.coupons().check(tenant, code, actor="ip:203.0.113.9").status


def test_a_code_is_added_changed_and_listed_with_lines_in_the_log(house) -> None:
    added = house.admin.caller.post(ROUTE, {"code": " gold 10 ", "most_total": 3, **EUROS})
    assert added.status == 201
    assert (added.json["code"], added.json["redeemed"], added.json["refusal"]) == ("GOLD-10", 0, None)
    changed = house.owner.caller.put(f"{ROUTE}/gold-10", {"is_active": False, "note": "over"})
    assert (changed.json["most_total"], changed.json["budget_minor"], changed.json["refusal"]) == (
        None,
        None,
        "switched_off",
    )
    assert house.member.caller.get(ROUTE).json == {"items": [changed.json], "next": None}
    assert lines(house) == [
        (house.admin.email, "code.added", "GOLD-10"),
        (house.owner.email, "code.changed", "GOLD-10"),
    ]
    house.owner.caller.put(f"{ROUTE}/GOLD-10", {"is_active": False, "note": "over"})
    assert len(lines(house)) == 2, "no change is no line"


def test_codes_are_paged_in_the_order_of_their_text(house) -> None:
    names = [f"CODE-{number:02}" for number in range(7)]
    for name in reversed(names):
        house.admin.caller.post(ROUTE, {"code": name})
    seen, cursor = [], ""
    while cursor is not None:
        page = house.member.caller.get(ROUTE, query=f"limit=3&cursor={cursor}" if cursor else "limit=3").json
        seen, cursor = seen + [each["code"] for each in page["items"]], page["next"]
    assert seen == names
    assert house.member.caller.get(ROUTE, query="cursor=e30=").status == 422


def test_an_order_is_redeemed_once_released_and_not_redeemed_again(house) -> None:
    house.admin.caller.post(ROUTE, {"code": "GOLD", "most_total": 1, **EUROS})
    first = house.member.caller.post(f"{ROUTE}/gold/redeem", {**ORDER, "amount_minor": 1_250})
    again = house.member.caller.post(f"{ROUTE}/gold/redeem", {**ORDER, "amount_minor": 1_250})
    assert first.status == again.status == 200
    assert first.json == again.json
    assert (first.json["order"], first.json["amount_minor"]) == ("order-1", 1_250)
    [told] = house.member.caller.get(ROUTE).json["items"]
    assert (told["redeemed"], told["spent_minor"], told["refusal"]) == (1, 1_250, "used_up")
    full = house.member.caller.post(f"{ROUTE}/GOLD/redeem", {**ORDER, "order": "order-2"})
    assert (full.status, full.error, full.json["error"]["fields"]) == (409, "code_not_redeemable", {"code": "used_up"})

    released = [house.member.caller.post(f"{ROUTE}/GOLD/release", {"order": "order-1"}).json for _ in range(2)]
    assert [each["released"] for each in released] == [True, False]
    spent = house.member.caller.post(f"{ROUTE}/GOLD/redeem", ORDER)
    assert (spent.status, spent.error) == (409, "order_released")
    assert [action for _, action, _ in lines(house)] == ["code.added", "code.redeemed", "code.released"]
    assert "ann" not in house.owner.caller.get("client/settings/audit").body.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"starts_at": LATER, "ends_at": SOON}, "ends_at"),
        ({"starts_at": "2026-01-01T00:00:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"budget_minor": 5}, "currency"),
        ({"currency": "EUR"}, "budget_minor"),
        ({"budget_minor": 5, "currency": "euro"}, "currency"),
        ({"budget_minor": 0, "currency": "EUR"}, "budget_minor"),
        ({"budget_minor": 10**16, "currency": "EUR"}, "budget_minor"),
        ({"most_total": 0}, "most_total"),
        ({"most_total": 2**31}, "most_total"),
        ({"most_total": "3"}, "most_total"),
        ({"most_per_customer": -1}, "most_per_customer"),
        ({"note": "x" * 201}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"redeemed": 5}, "redeemed"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused_in_words(house, body: dict, field: str) -> None:
    answer = house.admin.caller.post(ROUTE, {"code": "GOLD", **body})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, [field])
    assert house.member.caller.get(ROUTE).json["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"order": "x"},
        {"order": "", "customer": "ann"},
        {"order": "\x00", "customer": "ann"},
        {"order": "x" * 201, "customer": "ann"},
        {**ORDER, "amount_minor": -1},
        {**ORDER, "amount_minor": 1.5},
        {**ORDER, "amount_minor": 10**16},
    ],
)
def test_an_order_that_cannot_be_kept_is_refused(house, body: dict) -> None:
    house.admin.caller.post(ROUTE, {"code": "GOLD"})
    assert house.member.caller.post(f"{ROUTE}/GOLD/redeem", body).status == 422
    assert house.member.caller.get(ROUTE).json["items"][0]["redeemed"] == 0


def test_what_stands_against_a_change_is_told(house) -> None:
    house.admin.caller.post(ROUTE, {"code": "GOLD", "most_total": 5})
    house.member.caller.post(f"{ROUTE}/GOLD/redeem", ORDER)
    house.member.caller.post(f"{ROUTE}/GOLD/redeem", {**ORDER, "order": "order-2"})
    low = house.admin.caller.put(f"{ROUTE}/GOLD", {"most_total": 1})
    twice = house.admin.caller.post(ROUTE, {"code": "gold"})
    gone = house.admin.caller.put(f"{ROUTE}/SILVER", {})
    strange = house.admin.caller.post(ROUTE, {"code": "★"})
    assert [(each.status, each.error) for each in (low, twice, gone, strange)] == [
        (409, "limits_below_use"),
        (409, "code_exists"),
        (404, "code_not_found"),
        (422, "invalid_code"),
    ]


def test_members_redeem_but_neither_add_nor_change(house) -> None:
    house.admin.caller.post(ROUTE, {"code": "GOLD"})
    answers = [
        house.member.caller.post(ROUTE, {"code": "MINE"}),
        house.member.caller.put(f"{ROUTE}/GOLD", {"is_active": False}),
        house.member.caller.put(f"{ROUTE}/providers", {"providers": ["local"]}),
    ]
    assert [(each.status, each.error) for each in answers] == [(403, "not_allowed")] * 3
    assert house.member.caller.post(f"{ROUTE}/GOLD/redeem", ORDER).status == 200


def test_places_are_chosen_and_public_checks_follow_at_once(house, database, monkeypatch) -> None:
    monkeypatch.setenv("FUNDERPRO_PRODUCT_ID", "product-1")
    monkeypatch.setenv("FUNDERPRO_API_BASE", "http://127.0.0.1:9")
    stored = '{"coupon_providers": [{"product_ids": ["a"]}], "tells_expired": true}'
    database.query("UPDATE tenants SET settings = %s WHERE tenant_id = %s", stored, house.tenant_id)
    house.admin.caller.post(ROUTE, {"code": "GOLD"})
    assert [each["kind"] for each in places(house) if each["is_on"]] == ["funderpro"]

    chosen = house.owner.caller.put(f"{ROUTE}/providers", {"providers": ["local"]})
    assert [(each["kind"], each["is_on"], each["is_ready"]) for each in chosen.json["providers"]] == [
        ("local", True, True),
        ("funderpro", False, True),
        ("stripe", False, False),
    ]
    assert [public_status(house, code) for code in ("GOLD", "SILVER")] == ["valid", "invalid"]

    # Kept answers of the places before are worth nothing, valid or not.
    house.owner.caller.put(f"{ROUTE}/providers", {"providers": ["funderpro"]})
    assert [public_status(house, code) for code in ("GOLD", "SILVER")] == ["unknown", "unknown"]
    house.owner.caller.put(f"{ROUTE}/providers", {"providers": ["local", "funderpro"]})
    assert public_status(house, "GOLD") == "valid"

    [(settings,)] = database.query("SELECT settings FROM tenants WHERE tenant_id = %s", house.tenant_id)
    assert settings == {
        "tells_expired": True,
        "coupon_providers": [{"kind": "local"}, {"kind": "funderpro", "product_ids": ["a"]}],
    }
    told = [each["data"] for each in house.owner.caller.get("client/settings/audit").json["items"]][:3]
    assert [each["coupon_providers"]["to"] for each in told] == [["local", "funderpro"], ["funderpro"], ["local"]]


def test_a_place_that_is_left_out_keeps_its_settings(house, database) -> None:
    stored = '{"coupon_providers": [{"product_ids": ["a"]}, {"product_ids": ["b"]}]}'
    database.query("UPDATE tenants SET settings = %s WHERE tenant_id = %s", stored, house.tenant_id)
    for wanted in (["local"], ["stripe", "local"], ["local", "funderpro"]):
        house.owner.caller.put(f"{ROUTE}/providers", {"providers": wanted})
        assert [each["kind"] for each in places(house) if each["is_on"]] == wanted
    kept = tenants.get_tenant(house.tenant_id).settings.coupon_providers
    assert [each.product_ids for each in kept if each.kind == "funderpro"] == [("a",), ("b",)]


@pytest.mark.parametrize("wanted", [[], ["local", "local"], ["paypal"], "local", None, ["local"] * 4])
def test_an_order_of_places_that_makes_no_sense_is_refused(house, wanted: object) -> None:
    before = places(house)
    answer = house.owner.caller.put(f"{ROUTE}/providers", {"providers": wanted})
    assert answer.status == 422
    assert places(house) == before


def places(house) -> list[dict]:
    return house.member.caller.get(f"{ROUTE}/providers").json["providers"]


def test_a_limit_is_told_to_the_public_at_once(house) -> None:
    house.owner.caller.put(f"{ROUTE}/providers", {"providers": ["local"]})
    house.admin.caller.post(ROUTE, {"code": "GOLD", "most_total": 1})
    seen = [public_status(house, "GOLD")]
    house.member.caller.post(f"{ROUTE}/GOLD/redeem", ORDER)
    seen.append(public_status(house, "GOLD"))
    house.member.caller.post(f"{ROUTE}/GOLD/release", {"order": "order-1"})
    seen.append(public_status(house, "GOLD"))
    assert seen == ["valid", "invalid", "valid"]


def test_another_tenants_codes_are_not_ours(house, database, issuer) -> None:
    house.admin.caller.post(ROUTE, {"code": "GOLD"})
    other = build_house(database, issuer)
    answers = [
        other.owner.caller.put(f"{ROUTE}/GOLD", {}),
        other.owner.caller.post(f"{ROUTE}/GOLD/redeem", ORDER),
        other.owner.caller.post(f"{ROUTE}/GOLD/release", {"order": "order-1"}),
    ]
    assert [(each.status, each.error) for each in answers] == [(404, "code_not_found")] * 3
    assert other.owner.caller.get(ROUTE).json["items"] == []
