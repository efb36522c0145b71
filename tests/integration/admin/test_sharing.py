"""Templates that the platform gives to all tenants, who keep what is their own."""

import pytest

from promostack.templates import service as templates
from tests.integration.people import House, build_house
from tests.integration.templates.test_templates import document


@pytest.fixture
def other(database, issuer, house: House) -> House:
    return build_house(database, issuer)


def share(platform, house: House, slug: str = "summer"):
    return platform.post(f"admin/tenants/{house.tenant_id}/templates/{slug}/share")


def coloured(colour: str) -> dict:
    made = document("summer")
    made["formats"]["square"] = {**made["formats"]["square"], "background": {"color": colour}}
    return made


def shown(house: House) -> str:
    return templates.get_published(house.tenant_id, "summer", "web").document["formats"]["square"]["background"][
        "color"
    ]


def test_what_is_given_is_shown_and_follows_a_later_version(platform, house: House, other: House) -> None:
    templates.publish(house.tenant_id, coloured("#111111"))
    listed = platform.get(f"admin/tenants/{house.tenant_id}/templates").json["items"]
    assert [(each["slug"], each["version"]) for each in listed] == [("summer", 1)]
    first = share(platform, house)
    assert first.status == 200
    assert first.json["given"] >= 1
    assert shown(other) == "#111111"
    assert share(platform, house).json["given"] >= 1
    assert templates.get_published(other.tenant_id, "summer", "web").number == 1, "given again it is the same version"
    templates.publish(house.tenant_id, coloured("#222222"))
    share(platform, house)
    assert shown(other) == "#222222"


def test_a_tenant_keeps_his_own_what_he_changed_and_what_he_hid(platform, house: House, other: House) -> None:
    templates.publish(other.tenant_id, coloured("#333333"))
    templates.publish(house.tenant_id, coloured("#111111"))
    assert share(platform, house).json["kept"] >= 1
    assert shown(other) == "#333333"


def test_what_was_changed_since_is_kept(platform, house: House, other: House) -> None:
    templates.publish(house.tenant_id, coloured("#111111"))
    share(platform, house)
    templates.set_visibility(other.tenant_id, "summer", bot=False)
    templates.publish(other.tenant_id, coloured("#444444"))
    templates.publish(house.tenant_id, coloured("#222222"))
    share(platform, house)
    assert shown(other) == "#444444"
    assert templates.list_published(other.tenant_id, "bot") == []


def test_what_is_not_published_is_given_to_nobody(platform, house: House) -> None:
    refused = share(platform, house, "nothing")
    assert (refused.status, refused.error) == (404, "template_unpublished")
    assert house.owner.caller.post(f"admin/tenants/{house.tenant_id}/templates/summer/share").status == 403
