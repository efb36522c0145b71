"""Publishing templates and showing them, on a real database."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from promostack.db import connection
from promostack.templates import service
from promostack.templates.errors import TemplateNotFound


def document(slug: str, *, name: str = "Summer", color: str = "#102030") -> dict:
    background = {"color": color}
    return {
        "schema": 2,
        "slug": slug,
        "name": name,
        "fields": {"headline": {"sample": "Save now", "public": True}, "a": {"sample": ""}},
        "formats": {
            "square": {"width": 1080, "height": 1080, "background": background, "layers": []},
            "story": {"width": 1080, "height": 1920, "background": background, "layers": []},
            "feed": {"width": 1080, "height": 1350, "background": background, "layers": []},
        },
    }


def slugs(tenant_id: str, channel: str = "web", **page) -> list[str]:
    return [item.slug for item in service.list_published(tenant_id, channel, **page)]


def test_a_published_template_is_in_both_galleries_with_its_formats_in_order(tenant_id: str) -> None:
    service.publish(tenant_id, document("summer"), thumbnail_key="thumbnails/summer.jpg")
    for channel in ("web", "bot"):
        [item] = service.list_published(tenant_id, channel)
        assert (item.slug, item.name, item.thumbnail_key) == ("summer", "Summer", "thumbnails/summer.jpg")
        assert [(size.name, size.width, size.height) for size in item.formats] == [
            ("square", 1080, 1080),
            ("story", 1080, 1920),
            ("feed", 1080, 1350),
        ]


def test_the_document_comes_back_as_it_was_given(tenant_id: str) -> None:
    given = document("summer", name="Été ☀️")
    service.publish(tenant_id, given)
    found = service.get_published(tenant_id, "summer", "web").document
    assert found == given
    assert [list(found[part]) for part in ("formats", "fields")] == [["square", "story", "feed"], ["headline", "a"]]


def test_publishing_the_same_again_makes_no_version(tenant_id: str) -> None:
    first = service.publish(tenant_id, document("summer"))
    again = service.publish(tenant_id, document("summer"), thumbnail_key="thumbnails/new.jpg")
    assert again.version_id == first.version_id
    assert service.list_published(tenant_id, "web")[0].thumbnail_key == "thumbnails/new.jpg"


def test_publishing_a_change_makes_the_next_version_and_keeps_the_old_one(database, tenant_id: str) -> None:
    first = service.publish(tenant_id, document("summer"))
    second = service.publish(tenant_id, document("summer", color="#000000", name="Night"))
    assert (first.number, second.number, first.template_id) == (1, 2, second.template_id)
    assert service.get_published(tenant_id, "summer", "web") == second
    kept = database.query("SELECT document FROM template_versions WHERE version_id = %s", first.version_id)
    assert kept == [(document("summer"),)]


def test_parallel_publishing_numbers_versions_one_after_the_other(tenant_id: str) -> None:
    def publish(shade: int) -> int:
        try:
            return service.publish(tenant_id, document("summer", color=f"#0000{shade:02x}")).number
        finally:
            connection.discard()

    with ThreadPoolExecutor(5) as publishers:
        assert sorted(publishers.map(publish, range(5))) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("switches", "web", "bot"),
    [
        ({}, True, True),
        ({"web": False}, False, True),
        ({"bot": False}, True, False),
        ({"archived": True}, False, False),
    ],
)
def test_visibility_acts_on_galleries_and_documents_at_once(tenant_id: str, switches: dict, web: bool, bot: bool):
    service.publish(tenant_id, document("summer"))
    service.set_visibility(tenant_id, "summer", **switches)
    for channel, is_shown in (("web", web), ("bot", bot)):
        assert slugs(tenant_id, channel) == (["summer"] if is_shown else [])
        if is_shown:
            service.get_published(tenant_id, "summer", channel)
        else:
            with pytest.raises(TemplateNotFound):
                service.get_published(tenant_id, "summer", channel)


def test_publishing_again_leaves_the_tenants_choices_alone(tenant_id: str) -> None:
    service.publish(tenant_id, document("summer"))
    service.set_visibility(tenant_id, "summer", bot=False)
    service.publish(tenant_id, document("summer", color="#000000"), position=9)
    assert (slugs(tenant_id, "bot"), service.list_published(tenant_id, "web")[0].position) == ([], 0)


def test_the_gallery_keeps_the_tenants_order_and_pages(tenant_id: str) -> None:
    for slug, position in (("c", 2), ("b", 1), ("a", 1), ("d", 0)):
        service.publish(tenant_id, document(slug), position=position)
    assert slugs(tenant_id) == ["d", "a", "b", "c"]
    assert slugs(tenant_id, limit=2) == ["d", "a"]
    assert slugs(tenant_id, limit=2, after=(1, "a")) == ["b", "c"]


@pytest.mark.parametrize("slug", ["nothing", "", "a\0", "Summer", "../a", "x" * 200])
def test_an_unknown_template_is_not_found(tenant_id: str, slug: str) -> None:
    with pytest.raises(TemplateNotFound):
        service.get_published(tenant_id, slug, "web")


def test_anothers_template_is_not_found(database, tenant_id: str) -> None:
    service.publish(tenant_id, document("summer"))
    other = database.add_tenant()
    with pytest.raises(TemplateNotFound):
        service.get_published(other, "summer", "web")
    with pytest.raises(TemplateNotFound):
        service.set_visibility(other, "summer", archived=True)
    service.publish(other, document("summer", name="Theirs"))
    assert service.get_published(tenant_id, "summer", "web").name == "Summer"
