"""client/templates: where templates are shown, in which order, their use and their versions."""

import pytest

from promostack.templates import service as templates
from tests.integration.people import House, build_house
from tests.integration.public.calls import Answer
from tests.integration.templates.test_templates import document

ROUTE = "client/templates"
VISIBILITY = f"{ROUTE}/visibility"


@pytest.fixture
def house(database, issuer) -> House:
    made = build_house(database, issuer)
    for place, slug in enumerate(("autumn", "spring", "summer", "winter")):
        templates.publish(made.tenant_id, document(slug, name=slug.title()), position=place)
    return made


def shown(house: House, channel: str) -> list[str]:
    return [item.slug for item in templates.list_published(house.tenant_id, channel)]


def listed(house: House) -> list[str]:
    return [item["slug"] for item in house.member.caller.get(ROUTE).json["items"]]


def lines(house: House) -> list[tuple[str, str, str]]:
    """(who, what, which) of the audit log's lines about templates, oldest first."""
    items = house.owner.caller.get("client/settings/audit").json["items"]
    found = [(each["actor"], each["action"], each["target"]) for each in items]
    return [each for each in found if each[1].startswith("template.")][::-1]


def test_switches_act_on_web_and_bot_at_once_and_the_log_says_who(house: House) -> None:
    one = house.admin.caller.post(VISIBILITY, {"slugs": ["summer"], "web": False})
    assert one.json == {"changed": 1}
    assert shown(house, "web") == ["autumn", "spring", "winter"]
    assert shown(house, "bot") == ["autumn", "spring", "summer", "winter"]
    house.owner.caller.post(VISIBILITY, {"slugs": ["summer", "winter"], "archived": True})
    assert shown(house, "bot") == ["autumn", "spring"]
    assert [
        (each["slug"], each["web"], each["bot"], each["archived"])
        for each in house.member.caller.get(ROUTE).json["items"]
    ] == [
        ("autumn", True, True, False),
        ("spring", True, True, False),
        ("summer", False, True, True),
        ("winter", True, True, True),
    ]
    assert lines(house) == [
        (house.admin.email, "template.switched", "summer"),
        (house.owner.email, "template.switched", "summer"),
        (house.owner.email, "template.switched", "winter"),
    ]
    again = house.owner.caller.post(VISIBILITY, {"slugs": ["summer"], "archived": True})
    assert again.json == {"changed": 0}
    assert len(lines(house)) == 3, "no change is no line"


def test_one_unknown_template_changes_none(house: House) -> None:
    answer = house.owner.caller.post(VISIBILITY, {"slugs": ["summer", "nowhere"], "web": False})
    assert (answer.status, answer.error) == (404, "template_not_found")
    assert "summer" in shown(house, "web")
    order = house.owner.caller.put(f"{ROUTE}/order", {"slugs": ["nowhere", "winter"]})
    assert (order.status, order.error) == (404, "template_not_found")
    assert listed(house) == ["autumn", "spring", "summer", "winter"]


def test_the_named_come_first_in_every_gallery(house: House) -> None:
    assert house.admin.caller.put(f"{ROUTE}/order", {"slugs": ["winter", "spring"]}).status == 204
    assert listed(house) == shown(house, "web") == shown(house, "bot") == ["winter", "spring", "autumn", "summer"]
    house.admin.caller.put(f"{ROUTE}/order", {"slugs": ["winter", "spring"]})
    assert [action for _, action, _ in lines(house)] == ["template.ordered"]


@pytest.mark.parametrize(
    "body",
    [
        {"slugs": ["summer"]},
        {"slugs": [], "web": True},
        {"slugs": ["Summer"], "web": True},
        {"slugs": ["summer"], "web": "yes"},
        {"slugs": ["summer"], "web": True, "tenant": "other"},
        {"slugs": ["a"] * 201, "web": True},
    ],
)
def test_what_cannot_be_done_is_refused_in_words(house: House, body: dict) -> None:
    assert house.owner.caller.post(VISIBILITY, body).status == 422
    assert house.owner.caller.put(f"{ROUTE}/order", {"slugs": ["summer", "summer"]}).status == 422
    assert shown(house, "web") == listed(house)


def test_members_look_and_do_not_touch(house: House) -> None:
    calls: list[Answer] = [
        house.member.caller.post(VISIBILITY, {"slugs": ["summer"], "web": False}),
        house.member.caller.put(f"{ROUTE}/order", {"slugs": ["winter"]}),
        house.member.caller.post(f"{ROUTE}/summer/versions/1/restore"),
    ]
    assert {(answer.status, answer.error) for answer in calls} == {(403, "not_allowed")}


def test_lists_are_paged(house: House) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = house.member.caller.get(ROUTE, query=f"limit=3&cursor={cursor}" if cursor else "limit=3").json
        seen, cursor = seen + [each["slug"] for each in page["items"]], page["next"]
    assert seen == ["autumn", "spring", "summer", "winter"]
    assert house.member.caller.get(ROUTE, query="cursor=e30=").status == 422


def test_an_earlier_version_is_restored_and_listed_as_published(house: House) -> None:
    templates.publish(house.tenant_id, document("summer", color="#000000", name="Night"))
    before = house.member.caller.get(f"{ROUTE}/summer/versions").json["items"]
    assert [(each["number"], each["published"]) for each in before] == [(2, True), (1, False)]
    assert house.admin.caller.post(f"{ROUTE}/summer/versions/1/restore").status == 204
    assert templates.get_published(house.tenant_id, "summer", "web").number == 1
    after = house.member.caller.get(f"{ROUTE}/summer/versions").json["items"]
    assert [(each["number"], each["published"]) for each in after] == [(2, False), (1, True)]
    assert lines(house) == [(house.admin.email, "template.restored", "summer")]
    first = house.member.caller.get(f"{ROUTE}/summer/versions", query="limit=1").json
    second = house.member.caller.get(f"{ROUTE}/summer/versions", query=f"limit=1&cursor={first['next']}").json
    assert [each["number"] for each in first["items"] + second["items"]] == [2, 1]


@pytest.mark.parametrize("number", ["3", "0", "-1", "one", "9" * 30, "²"])
def test_a_version_that_is_not_there_is_not_restored(house: House, number: str) -> None:
    answer = house.owner.caller.post(f"{ROUTE}/summer/versions/{number}/restore")
    assert (answer.status, answer.error) == (404, "version_not_found")
    unknown = house.owner.caller.post(f"{ROUTE}/nowhere/versions/1/restore")
    assert (unknown.status, unknown.error) == (404, "template_not_found")
    assert house.member.caller.get(f"{ROUTE}/nowhere/versions").status == 404


def test_pictures_are_counted_for_the_template_that_they_were_made_of(house: House, database) -> None:
    made = templates.get_published(house.tenant_id, "summer", "web")
    for number, age in enumerate(("1 day", "29 days", "31 days")):
        database.query(
            "INSERT INTO renders (tenant_id, render_key, version_id, object_key, sha256, bytes, width, height,"
            " media_type, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 1, 1, 1, 'image/jpeg', now() - %s::interval) RETURNING 1",
            house.tenant_id,
            f"{number}" * 64,
            made.version_id,
            f"renders/{number}",
            f"{number}" * 64,
            age,
        )
    counted = {each["slug"]: each["pictures"] for each in house.member.caller.get(ROUTE).json["items"]}
    assert counted == {"autumn": 0, "spring": 0, "summer": 2, "winter": 0}
