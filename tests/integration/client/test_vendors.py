"""client/vendors: keys that are tried before they are kept, looked at again, replaced and let go."""

from uuid import uuid4

import pytest

from promostack.tenants import secrets

VENDORS = "client/vendors"


def told(house, kind: str) -> dict:
    return next(each for each in house.member.caller.get(VENDORS).json["items"] if each["kind"] == kind)


def look_again(database, house, kind: str) -> dict:
    """A look when the last one is old enough."""
    database.query(
        "UPDATE vendor_checks SET checked_at = now() - interval '1 minute' WHERE tenant_id = %s", house.tenant_id
    )
    answer = house.admin.caller.post(f"{VENDORS}/{kind}/check")
    assert answer.status == 200, answer.body
    return answer.json


OPENAI = ("openai", "sk-local-demo-key")
TWELVE = ("twelve_data", "local-twelve-data-key")


@pytest.mark.parametrize(("kind", "key"), [OPENAI, TWELVE])
def test_a_key_is_tried_kept_looked_at_replaced_and_let_go(database, control, house, kind: str, key: str) -> None:
    path = f"{VENDORS}/{kind}"
    assert (told(house, kind)["is_connected"], told(house, kind)["status"]) == (False, None)
    assert house.admin.caller.post(f"{path}/check").error == "vendor_not_connected"
    wrong = house.admin.caller.put(path, {"key": f"wrong-{uuid4().hex}"})
    assert (wrong.status, wrong.error) == (422, "vendor_key_refused")
    assert "does not know this key" in wrong.json["error"]["fields"]["key"]
    control(kind, "PUT", "mode", {"mode": "503", "times": 1})
    away = house.admin.caller.put(path, {"key": key})
    assert (away.status, away.error) == (503, "vendor_unavailable")
    assert "Try again" in away.json["error"]["message"]
    assert database.query("SELECT count(*) FROM secrets WHERE tenant_id = %s", house.tenant_id) == [(0,)]

    assert house.member.caller.put(path, {"key": key}).status == 403
    kept = house.admin.caller.put(path, {"key": f" {key}\n"})
    assert (kept.status, kept.json["last4"], kept.json["status"]) == (200, key[-4:], "ok")
    assert key not in kept.body.decode()
    assert secrets.read(house.tenant_id, secrets.PURPOSES[f"{kind}.key"], "") == key

    control(kind, "PUT", "mode", {"mode": "500", "times": 1})
    assert look_again(database, house, kind)["status"] == "attention"
    again = house.admin.caller.post(f"{path}/check").json
    assert again["status"] == "attention", "asked once in five seconds"
    assert look_again(database, house, kind)["status"] == "ok"
    gone = house.owner.caller.delete(path)
    assert (gone.status, gone.json["is_connected"], gone.json["checked_at"]) == (200, False, None)
    assert house.owner.caller.delete(path).error == "vendor_not_connected"
    lines = database.query(
        "SELECT action FROM audit_log WHERE tenant_id = %s ORDER BY id DESC LIMIT 2", house.tenant_id
    )
    assert lines == [(f"{kind}.disconnected",), (f"{kind}.connected",)]
    assert key not in str(database.query("SELECT data::text FROM audit_log"))


@pytest.mark.parametrize(
    ("kind", "mode", "status", "words"),
    [
        ("openai", "429", "attention", "quota"),
        ("openai", "html", "broken", "no JSON"),
        ("twelve_data", "429_day", "attention", "credits for the day"),
        ("twelve_data", "403", "broken", "may not read the price of gold"),
        ("twelve_data", "no_values", "broken", "no prices"),
        ("twelve_data", "down", "attention", "does not answer now"),
    ],
)
def test_each_trouble_of_a_service_has_words(database, control, house, kind, mode, status, words) -> None:
    key = dict((OPENAI, TWELVE))[kind]
    house.admin.caller.put(f"{VENDORS}/{kind}", {"key": key})
    control(kind, "PUT", "mode", {"mode": mode})
    found = look_again(database, house, kind)
    assert (found["status"], words in found["problem"]) == (status, True), found
    assert found["next"]


def test_a_key_without_the_right_to_read_models_says_which(control, house) -> None:
    control("openai", "PUT", "keys/sk-narrow-key-0001", {"may_read_models": False})
    refused = house.admin.caller.put(f"{VENDORS}/openai", {"key": "sk-narrow-key-0001"})
    assert refused.status == 422
    assert "Models: Read" in refused.json["error"]["fields"]["key"]


def test_stripe_loses_a_right_and_is_told_then_is_asked_no_more(database, control, house) -> None:
    key = f"rk_live_{uuid4().hex}"
    scopes = ["promotion_code_read", "coupon_read", "product_read", "plan_read", "account_read"]
    control("stripe", "PUT", f"keys/{key}", {"scopes": scopes})
    kept = house.admin.caller.put(f"{VENDORS}/stripe", {"key": key}).json
    assert (kept["mode"], kept["account"]) == ("live", "acct_local")
    house.admin.caller.put("client/coupons/providers", {"providers": ["stripe", "local"]})
    control("stripe", "PUT", f"keys/{key}", {"scopes": scopes[1:]})
    found = look_again(database, house, "stripe")
    assert (found["status"], found["problem"]) == ("broken", "This key may not read “Promotion codes”.")
    assert found["account"] == "acct_local"
    control("stripe", "DELETE", f"keys/{key}")
    assert "does not know this key" in look_again(database, house, "stripe")["problem"]
    house.owner.caller.delete(f"{VENDORS}/stripe")
    places = house.member.caller.get("client/coupons/providers").json["providers"]
    assert [each["kind"] for each in places if each["is_on"]] == ["local"]


def test_funderpro_has_to_refuse_a_code_that_nobody_gave_out(database, control, house) -> None:
    path = f"{VENDORS}/funderpro"
    control("funderpro", "PUT", "mode", {"mode": "503", "times": 2})
    assert house.admin.caller.put(path, {}).error == "vendor_unavailable"
    control("funderpro", "PUT", "mode", {"mode": "odd"})
    control("funderpro", "PUT", "codes/PROMOSTACK-CHECK-0", {"percent": 10, "answer": 200})
    assert house.admin.caller.put(path, {}).error == "vendor_key_refused"
    control("funderpro", "POST", "reset")
    assert house.admin.caller.put(path, {"product_ids": ["a b"]}).status == 422
    kept = house.admin.caller.put(path, {"product_ids": ["gold-1"]}).json
    assert (kept["is_connected"], kept["status"], kept["product_ids"]) == (True, "ok", ["gold-1"])
    places = house.member.caller.get("client/coupons/providers").json["providers"]
    assert [each["kind"] for each in places if each["is_on"]] == ["funderpro"]
    assert control("funderpro", "GET", "calls").json()["calls"][-1]["products"]
    assert house.owner.caller.delete(path).json["is_connected"] is False
    kept = house.admin.caller.put(path, {}).json
    assert (kept["is_connected"], kept["product_ids"]) == (True, [])
