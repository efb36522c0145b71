"""client/settings: what a tenant sets, checked in words, seen by its pages at once, and written into the audit log."""

import base64
import json
from uuid import UUID

import pytest

from promostack.db.uow import unit_of_work
from promostack.tenants import settings
from promostack.tenants.audit import Actor
from tests.integration.people import build_house

LINK = "https://shop.example.com/?promo={code}"


def test_settings_are_read_by_everyone_and_written_by_leaders(house) -> None:
    for person in (house.owner, house.admin, house.member):
        answer = person.caller.get("client/settings")
        assert answer.json == {
            "slug": house.slug, "name": house.slug.title(), "state": "active", "referral_link": None, "zone": "UTC",
            "support_email": None, "logo_url": None,
        }  # fmt: skip
    wanted = {"name": "New name", "referral_link": LINK, "zone": "Europe/Berlin", "support_email": "help@example.com"}
    changed = house.admin.caller.put("client/settings", wanted)
    assert changed.status == 200
    assert {**changed.json, **wanted} == changed.json == house.member.caller.get("client/settings").json
    refused = house.member.caller.put("client/settings", {"name": "Mine"})
    assert (refused.status, refused.error) == (403, "not_allowed")


def test_what_is_left_out_stays_and_null_empties(house) -> None:
    house.owner.caller.put("client/settings", {"referral_link": LINK, "support_email": "help@example.com"})
    answer = house.owner.caller.put("client/settings", {"referral_link": None})
    assert (answer.json["referral_link"], answer.json["support_email"]) == (None, "help@example.com")


def test_a_change_is_one_line_of_the_audit_log_and_no_change_is_none(house) -> None:
    house.admin.caller.put("client/settings", {"zone": "Asia/Tokyo", "name": house.slug.title()})
    house.admin.caller.put("client/settings", {"zone": "Asia/Tokyo"})
    lines = house.owner.caller.get("client/settings/audit").json["items"]
    assert [line["action"] for line in lines] == ["settings.changed", *["member.added"] * 4]
    assert lines[0]["data"] == {"zone": {"from": "UTC", "to": "Asia/Tokyo"}}
    assert (lines[0]["actor"], lines[0]["actor_id"]) == (house.admin.email, house.admin.user_id)
    assert lines[0]["request_id"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("referral_link", "http://shop.example.com/{code}", "https://"),
        ("referral_link", "https://shop.example.com/", "put {code}"),
        ("referral_link", "https://shop.example.com/{code}/{code}", "once"),
        ("referral_link", "https://shop.example.com/{name}/{code}", "braces"),
        ("referral_link", "https://{code}.example.com/", "host"),
        ("referral_link", "https://shop.example.com/ {code}", "blanks"),
        ("referral_link", "https://localhost/{code}", "host"),
        ("referral_link", "https://127.0.0.1/{code}", "host"),
        ("referral_link", "https://user:pass@shop.example.com/{code}", "user name"),
        ("referral_link", "https://shop.example.com:99999/{code}", "no address"),
        ("referral_link", "javascript:alert('{code}')", "https://"),
        ("referral_link", "https://shop.example.com/" + "x" * 480 + "{code}", "at most 500"),
        ("referral_link", "https://shop.example.com/\x00{code}", "blanks"),
        ("support_email", "he\x00lp@example.com", "help@example.com"),
        ("zone", "Berlin", "Europe/Berlin"),
        ("zone", "../../etc/passwd", "Europe/Berlin"),
        ("zone", "localtime", "Europe/Berlin"),
        ("zone", "", "Europe/Berlin"),
        ("support_email", "help", "help@example.com"),
        ("support_email", "help@example", "help@example.com"),
        ("support_email", "a@b@example.com", "help@example.com"),
        ("support_email", "x" * 250 + "@example.com", "help@example.com"),
        ("name", "  ", "give a name"),
        ("name", "x" * 121, "at most 120"),
    ],
)
def test_a_wrong_value_is_refused_in_words_and_changes_nothing(house, field: str, value: str, words: str) -> None:
    before = house.owner.caller.get("client/settings").json
    answer = house.owner.caller.put("client/settings", {field: value})
    assert (answer.status, answer.error) == (422, "unprocessable")
    assert list(answer.json["error"]["fields"]) == [field]
    assert words in answer.json["error"]["fields"][field]
    assert house.owner.caller.get("client/settings").json == before


def test_every_wrong_field_is_named_at_once(house) -> None:
    answer = house.owner.caller.put("client/settings", {"zone": "Mars", "referral_link": "x", "name": "Fine"})
    assert set(answer.json["error"]["fields"]) == {"zone", "referral_link"}


@pytest.mark.parametrize(
    "value",
    [
        "https://prop.funderpro.com/buy-challenge/?promo={code}",
        "https://shop.example.com:8443/a/{code}?x=1&y=%20#z",
        "https://bücher.example/{code}",
    ],
)
def test_a_good_link_is_kept_as_it_was_typed(house, value: str) -> None:
    assert house.owner.caller.put("client/settings", {"referral_link": f" {value} "}).json["referral_link"] == value


@pytest.mark.parametrize("body", [{"slug": "mine"}, {"logo_key": "x"}, {"zone": None}, {"name": 5}, [], "x"])
def test_an_unknown_key_or_a_wrong_kind_is_refused(house, body: object) -> None:
    assert house.owner.caller.put("client/settings", body).status == 422


def test_the_public_page_follows_in_the_same_warm_container(house) -> None:
    route, query = "public/templates", f"tenant={house.slug}"
    assert house.owner.caller.get(route, query=query).json["tenant"]["referral_link"] is None
    house.owner.caller.put("client/settings", {"referral_link": LINK, "name": "Renamed"})
    told = house.owner.caller.get(route, query=query).json["tenant"]
    assert (told["referral_link"], told["name"]) == (LINK, "Renamed")


def test_a_logo_is_set_and_taken_away(house) -> None:
    with unit_of_work(house.tenant_id) as tx:
        settings.set_logo(tx, house.tenant_id, "logos/a.png", actor=Actor(house.owner.user_id, may=lambda role: True))
    url = house.member.caller.get("client/settings").json["logo_url"]
    assert url.endswith("/public/logos/a.png")
    assert house.member.caller.delete("client/settings/logo").status == 403
    assert [house.admin.caller.delete("client/settings/logo").status for _ in range(2)] == [204, 204]
    assert house.member.caller.get("client/settings").json["logo_url"] is None
    lines = house.owner.caller.get("client/settings/audit", query="limit=2").json["items"]
    assert [line["data"]["logo_key"]["to"] for line in lines] == [None, "logos/a.png"]


def test_settings_beside_these_stay(house, database) -> None:
    database.query(
        """UPDATE tenants SET settings = '{"tells_expired": true, "of_tomorrow": 1}' WHERE tenant_id = %s""",
        house.tenant_id,
    )
    house.owner.caller.put("client/settings", {"zone": "Asia/Tokyo"})
    [(stored,)] = database.query("SELECT settings FROM tenants WHERE tenant_id = %s", house.tenant_id)
    assert stored == {"tells_expired": True, "of_tomorrow": 1, "zone": "Asia/Tokyo"}


def test_lists_are_paged_and_a_made_up_cursor_is_refused(house) -> None:
    for route, size in (("client/settings/members", 4), ("client/settings/audit", 4)):
        seen, cursor = [], ""
        while cursor is not None:
            page = house.owner.caller.get(route, query=f"limit=3&cursor={cursor}" if cursor else "limit=3").json
            seen += [str(item.get("user_id") or item["id"]) for item in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == size
        for wrong in ("x", "e30=", "WyJ4Il0=", "WzFd" * 50, "%00", "W10="):
            answer = house.owner.caller.get(route, query=f"cursor={wrong}")
            assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["cursor"]), wrong


def test_the_audit_log_is_for_leaders(house) -> None:
    refused = house.member.caller.get("client/settings/audit")
    assert (refused.status, refused.error) == (403, "not_allowed")
    assert house.admin.caller.get("client/settings/audit").status == 200


def test_answers_and_cursors_do_not_tell_how_many_lines_others_have(house, database) -> None:
    page = house.owner.caller.get("client/settings/audit", query="limit=2").json
    plain = base64.urlsafe_b64decode(page["next"]).decode()
    ids = [item["id"] for item in page["items"]]
    assert all(UUID(each).version == 4 for each in ids)
    assert json.loads(plain) == ids[-1:]
    assert not any(isinstance(value, int) for item in page["items"] for value in item.values())


def test_another_tenants_log_is_not_in_ours(house, database, issuer) -> None:
    other = build_house(database, issuer)
    other.owner.caller.put("client/settings", {"name": "Canary"})
    assert "Canary" not in house.owner.caller.get("client/settings/audit").body.decode()
