"""client/onboarding and Stripe's key in client/vendors: each step in its order, and what is refused on the way."""

import io
from uuid import uuid4

import pytest
import requests
from PIL import Image

from promostack.app import services
from promostack.tenants import secrets

PROGRESS, TEMPLATE, STRIPE = "client/onboarding", "client/onboarding/template", "client/vendors/stripe"
NAVY = {"background": "#0B1739", "accent": "#8B7BFF"}
ALL = ["promotion_code_read", "coupon_read", "product_read", "plan_read"]


@pytest.fixture(autouse=True)
def _branding(store):
    services.branding.cache_clear()
    yield
    services.branding.cache_clear()


def have_bot(database, tenant_id: str) -> None:
    """A bot that answers, and a channel in which it may post."""
    bot = str(uuid4())
    database.query(
        "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash, checked_at)"
        " VALUES (%s, %s, %s, %s, 'gold_bot', 'x', now())",
        tenant_id, bot, uuid4().hex, uuid4().int % 2**40,
    )  # fmt: skip
    database.query(
        "INSERT INTO channels (tenant_id, id, bot_id, chat_id, title, connected_by, told_at, told_update)"
        " VALUES (%s, gen_random_uuid(), %s, -1001, 'Deals', 0, now(), 0)",
        tenant_id, bot,
    )  # fmt: skip


def do(house) -> str:
    return house.member.caller.get(PROGRESS).json["next"]["do"]


def test_steps_follow_each_other_and_none_is_taken_before_its_turn(database, house) -> None:
    def early() -> tuple[int, str, str]:
        answer = house.owner.caller.post(TEMPLATE, NAVY)
        return answer.status, answer.error, answer.json["error"]["message"]

    assert early() == (409, "step_out_of_order", "First: Connect your bot.")
    have_bot(database, house.tenant_id)
    assert early() == (409, "step_out_of_order", "First: Choose where codes are checked.")
    assert house.admin.caller.put("client/coupons/providers", {"providers": ["local"]}).status == 200
    assert do(house) == "fill_business"
    house.admin.caller.put("client/settings", {"support_email": "help@example.com"})
    assert do(house) == "make_template"
    assert house.member.caller.post(TEMPLATE, NAVY).status == 403
    made = house.admin.caller.post(TEMPLATE, NAVY)
    assert (made.status, made.json["next"]["do"]) == (201, "post"), made.body
    assert made.json["business"]["template"]["slug"] == "first-coupon"
    picture = requests.get(made.json["business"]["template"]["thumbnail_url"], timeout=60)
    assert Image.open(io.BytesIO(picture.content)).width > 100
    assert [each["state"] for each in made.json["steps"]] == ["done", "done", "done", "next"]
    assert house.admin.caller.post(TEMPLATE, {**NAVY, "accent": "#ffd83d"}).status == 201
    assert database.query("SELECT count(*) FROM templates WHERE tenant_id = %s", house.tenant_id) == [(1,)]


@pytest.mark.parametrize(
    ("colours", "field"),
    [
        ({"background": "#FFFFFF", "accent": "#F5F5F5"}, "accent"),
        ({"background": "navy", "accent": "#F5F5F5"}, "background"),
        ({"background": "#0B1739"}, "accent"),
    ],
)
def test_colours_that_cannot_be_read_are_refused(database, house, colours: dict, field: str) -> None:
    have_bot(database, house.tenant_id)
    house.admin.caller.put("client/coupons/providers", {"providers": ["local"]})
    refused = house.admin.caller.post(TEMPLATE, colours)
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, [field])


def test_a_palette_comes_from_the_logo_and_from_ours_while_it_cannot_be_read(database, house, store) -> None:
    ours = house.admin.caller.get("client/onboarding/palettes").json["items"]
    logo = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 16, 32)).save(logo, "PNG")
    from promostack.integrations import spaces

    key = f"uploads/{house.tenant_id}/x/logo.png"
    spaces.public_bucket().put(key, logo.getvalue(), media_type="image/png")
    settings = '{"logo_key": "' + key + '"}'
    database.query("UPDATE tenants SET settings = %s WHERE tenant_id = %s", settings, house.tenant_id)
    found = house.admin.caller.get("client/onboarding/palettes").json["items"]
    assert found[0]["background"] == "#C81020"
    spaces.public_bucket().delete(key)
    assert house.admin.caller.get("client/onboarding/palettes").json["items"] == ours
    assert house.member.caller.get("client/onboarding/palettes").status == 403


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("sk_live_51abcdefgh", "this is a secret key"),
        ("pk_live_51abcdefgh", "this is a publishable key"),
        ("rk_live_51 abc", "a restricted key starts with rk_live_"),
        ("rk_live_unknownunknown", "Stripe does not know it"),
    ],
)
def test_a_key_that_is_none_of_ours_says_why(control, house, key: str, words: str) -> None:
    refused = house.admin.caller.put(STRIPE, {"key": key})
    assert (refused.status, refused.error) == (422, "stripe_key_refused")
    assert words in refused.json["error"]["fields"]["key"]
    assert key not in refused.body.decode()


def test_a_key_is_kept_when_it_may_read_all_that_is_needed(database, control, house) -> None:
    key = f"rk_live_{uuid4().hex}"
    control("stripe", "PUT", f"keys/{key}", {"scopes": ALL[:1] + ALL[3:]})
    refused = house.admin.caller.put(STRIPE, {"key": key})
    assert refused.json["error"]["fields"]["key"] == (
        "it may not read “Coupons”, “Products”; give it “Read” there, then try again"
    )
    control("stripe", "PUT", f"keys/{key}", {"scopes": ALL})
    control("stripe", "PUT", "mode", {"mode": "503", "times": 1})
    away = house.admin.caller.put(STRIPE, {"key": key})
    assert (away.status, away.error) == (503, "stripe_unavailable")
    control("stripe", "PUT", "mode", {"mode": "html", "times": 1})
    assert house.admin.caller.put(STRIPE, {"key": key}).error == "stripe_unavailable"
    assert database.query("SELECT count(*) FROM secrets WHERE tenant_id = %s", house.tenant_id) == [(0,)]
    assert house.member.caller.put(STRIPE, {"key": key}).status == 403
    kept = house.admin.caller.put(STRIPE, {"key": f" {key}\n"})
    told = {name: kept.json[name] for name in ("last4", "status", "mode", "account")}
    assert told == {"last4": key[-4:], "status": "ok", "mode": "live", "account": None}
    assert secrets.read(house.tenant_id, secrets.STRIPE_KEY, "") == key
    places = {each["kind"]: each for each in house.member.caller.get(PROGRESS).json["codes"]}
    assert (places["stripe"]["is_ready"], places["stripe"]["is_on"]) == (True, False)
    assert key not in str(database.query("SELECT data::text FROM audit_log"))


def test_a_key_of_test_mode_is_only_taken_when_that_is_meant(control, house) -> None:
    key = f"rk_test_{uuid4().hex}"
    control("stripe", "PUT", f"keys/{key}", {"scopes": ALL})
    refused = house.admin.caller.put(STRIPE, {"key": key})
    assert (refused.status, refused.error) == (409, "stripe_test_mode")
    assert house.admin.caller.put(STRIPE, {"key": key, "test": True}).status == 200
