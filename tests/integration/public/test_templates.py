"""public/templates as a client sees it."""

import pytest

from promostack.templates import service as templates
from promostack.tenants import service as tenants


def document(slug: str) -> dict:
    square = {"width": 1080, "height": 1080, "background": {"color": "#102030"}, "layers": []}
    return {"schema": 2, "slug": slug, "name": slug.title(), "fields": {}, "formats": {"square": square}}


@pytest.fixture
def gallery(demo) -> str:
    """A tenant with the templates `a`, `b` and `c`, of which `b` is not shown on the web."""
    tenant_id = tenants.get_tenant_id(demo)
    for slug in "abc":
        templates.publish(tenant_id, document(slug), thumbnail_key=f"thumbnails/{slug}.jpg")
    templates.set_visibility(tenant_id, "b", web=False)
    return demo


def test_the_gallery_lists_what_is_published_for_the_web(functions, gallery: str, store: str) -> None:
    answer = functions.get("templates", tenant=gallery)
    assert answer.status == 200
    assert answer.json["items"][0] == {
        "slug": "a",
        "name": "A",
        "formats": [{"name": "square", "width": 1080, "height": 1080}],
        "thumbnail_url": f"{store}/thumbnails/a.jpg",
    }
    assert [item["slug"] for item in answer.json["items"]] == ["a", "c"]
    assert answer.json["next"] is None
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_gallery_tells_what_previews_need_of_the_tenant(functions, gallery: str) -> None:
    assert functions.get("templates", tenant=gallery).json["tenant"] == {
        "slug": gallery,
        "name": "Demo",
        "logo_url": None,
        "referral_link": "https://example.com/?promo={code}",
    }


def test_pages_follow_one_another(functions, gallery: str) -> None:
    first = functions.get("templates", tenant=gallery, limit="1").json
    second = functions.get("templates", tenant=gallery, limit="1", cursor=first["next"]).json
    assert [item["slug"] for item in first["items"] + second["items"]] == ["a", "c"]
    assert second["next"] is None


def test_a_document_is_given_as_it_was_published(functions, gallery: str) -> None:
    answer = functions.get("templates", "/a", tenant=gallery)
    assert (answer.status, answer.json) == (200, document("a"))


@pytest.mark.parametrize("slug", ["b", "nothing", "A", "a%00", "..%2fa"])
def test_what_is_not_shown_is_not_found(functions, gallery: str, slug: str) -> None:
    answer = functions.get("templates", f"/{slug}", tenant=gallery)
    assert (answer.status, answer.error) == (404, "template_not_found")


@pytest.mark.parametrize("path", ["", "/a"])
def test_an_unknown_tenant_is_not_found(functions, demo, path: str) -> None:
    answer = functions.get("templates", path, tenant="nobody")
    assert (answer.status, answer.error) == (404, "tenant_not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "tenant"),
        ({"tenant": "demo", "limit": "0"}, "limit"),
        ({"tenant": "demo", "limit": "many"}, "limit"),
        ({"tenant": "DEMO", "cursor": "?"}, "cursor"),
        ({"tenant": "DEMO", "cursor": "AAAA"}, "cursor"),
        ({"tenant": "DEMO", "cursor": "ü"}, "cursor"),
        ({"tenant": "demo", "page": "2"}, "page"),
    ],
)
def test_wrong_queries_are_refused_with_the_field(functions, gallery: str, query: dict, field: str) -> None:
    query = {name: gallery if value == "DEMO" else value for name, value in query.items()}
    answer = functions.get("templates", **query)
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, [field])


def test_other_methods_and_addresses_are_refused(functions, gallery: str) -> None:
    assert functions.post("templates", {}).status == 405
    assert functions.get("templates", "/a/b", tenant=gallery).status == 404
