"""public/render-coupon as a client sees it: real renderer, real store, real database, the provider's simulator."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from PIL import Image

from promostack.app.public import render_coupon
from promostack.core import config
from promostack.db import connection
from promostack.integrations import spaces
from promostack.publishing.gallery import Gallery
from promostack.templates import service as templates
from promostack.tenants import service as tenants
from promostack.tenants.models import FunderProSettings, TenantSettings

ORDER = {"template": "summer", "format": "square", "code": "summer25"}


def document(slug: str = "summer", **background: object) -> dict:
    text = {"type": "text", "x": 40, "width": 280, "height": 100, "max_size": 60}
    layers = [
        {"id": "headline", "y": 30, "text": "{headline}", **text},
        {"id": "code", "y": 140, "text": "{code}", **text},
        {"id": "logo", "type": "logo", "x": 10, "y": 260, "width": 90, "height": 90},
        {"id": "qr", "type": "qr", "x": 200, "y": 250, "width": 100, "height": 100},
    ]
    shape = {"width": 360, "height": 360, "background": background or {"color": "#102030"}, "layers": layers}
    fields = {
        "headline": {"sample": "Save now", "public": True, "max": 20},
        "percent": {"sample": "30", "public": True, "pattern": r"\d{1,2}"},
        "inner": {"sample": "ours"},
    }
    return {"schema": 2, "slug": slug, "name": "Summer", "fields": fields, "formats": {"square": shape}}


@pytest.fixture
def shop(demo) -> str:
    """A tenant with the template `summer`."""
    templates.publish(tenants.get_tenant_id(demo), document())
    return demo


def asset(color: str) -> tuple[str, bytes]:
    """A picture and its key."""
    out = io.BytesIO()
    Image.new("RGB", (360, 360), color).save(out, "PNG")
    data = out.getvalue()
    return f"seed/plain.{hashlib.sha256(data).hexdigest()[:8]}.png", data


def rows(database, slug: str) -> int:
    tenant_id = tenants.get_tenant_id(slug)
    [(count,)] = database.query("SELECT count(*) FROM renders WHERE tenant_id = %s", tenant_id)
    return count


@pytest.mark.parametrize(("output", "kind"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_valid_code_becomes_a_picture_that_everyone_can_fetch(functions, shop, output, kind, scale) -> None:
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER, "output": output, "scale": scale})
    assert answer.status == 200
    assert set(answer.json) == {"url", "width", "height", "bytes", "sha256", "cached"}
    fetched = requests.get(answer.json["url"], timeout=60)
    assert fetched.headers["Content-Type"] == f"image/{output}"
    assert "immutable" in fetched.headers["Cache-Control"]
    assert hashlib.sha256(fetched.content).hexdigest() == answer.json["sha256"]
    assert len(fetched.content) == answer.json["bytes"]
    picture = Image.open(io.BytesIO(fetched.content))
    assert (picture.format, picture.size) == (kind, (answer.json["width"], answer.json["height"]))
    assert picture.size == (360 * scale, 360 * scale)


def test_the_same_order_is_rendered_once(functions, shop, database) -> None:
    first = functions.post("render-coupon", {"tenant": shop, **ORDER}).json
    again = functions.post("render-coupon", {"tenant": shop, **ORDER, "code": " SUMMER25 "}).json
    assert (first["cached"], again["cached"]) == (False, True)
    assert first | {"cached": True} == again
    assert rows(database, shop) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"code": "GOLD-50"},
        {"fields": {"headline": "Now"}},
        {"output": "png"},
        {"scale": 2},
        {"logo": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_order_is_another_picture(functions, shop, database, change: dict) -> None:
    functions.post("render-coupon", {"tenant": shop, **ORDER})
    assert functions.post("render-coupon", {"tenant": shop, **ORDER, **change}).json["cached"] is False
    assert rows(database, shop) == 2


def test_a_new_version_makes_new_pictures_and_leaves_the_old_ones(functions, shop, database) -> None:
    old = functions.post("render-coupon", {"tenant": shop, **ORDER}).json
    templates.publish(tenants.get_tenant_id(shop), document(color="#ffffff"))
    new = functions.post("render-coupon", {"tenant": shop, **ORDER}).json
    assert new["sha256"] != old["sha256"]
    kept = requests.get(old["url"], timeout=60).content
    assert hashlib.sha256(kept).hexdigest() == old["sha256"]


def test_inline_gives_the_picture_itself(functions, shop) -> None:
    by_address = functions.post("render-coupon", {"tenant": shop, **ORDER}).json
    for _ in range(2):
        inline = functions.post("render-coupon", {"tenant": shop, **ORDER, "delivery": "inline"})
        assert inline.headers["Content-Type"] == "image/jpeg"
        assert hashlib.sha256(inline.body).hexdigest() == by_address["sha256"]


def test_a_picture_too_large_for_an_answer_comes_as_an_address(functions, shop, monkeypatch) -> None:
    monkeypatch.setattr(render_coupon, "MOST_INLINE_BYTES", 100)
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER, "delivery": "inline"})
    assert answer.json["url"].endswith(".jpg")


def test_a_picture_that_the_store_lost_is_made_again_for_inline(functions, shop) -> None:
    made = functions.post("render-coupon", {"tenant": shop, **ORDER}).json
    key = made["url"].split("/public/")[1]
    spaces._client().delete_object(Bucket="public", Key=key)
    inline = functions.post("render-coupon", {"tenant": shop, **ORDER, "delivery": "inline"})
    assert hashlib.sha256(inline.body).hexdigest() == made["sha256"]
    assert requests.get(made["url"], timeout=60).status_code == 200


def test_a_cached_answer_of_the_provider_is_enough(functions, shop, crm) -> None:
    functions.post("validate-coupon", {"tenant": shop, "code": "SUMMER25"})
    crm.answer("down")
    assert functions.post("render-coupon", {"tenant": shop, **ORDER}).status == 200
    assert len(crm.calls) == 1


def test_an_invalid_code_is_a_conflict(functions, shop, database) -> None:
    for _ in range(2):  # asked for, then from the cache
        answer = functions.post("render-coupon", {"tenant": shop, **ORDER, "code": "NO-SUCH-CODE"})
        assert (answer.status, answer.error) == (409, "coupon_invalid")
    assert rows(database, shop) == 0


def test_a_code_that_nobody_could_check_is_told_apart(functions, shop, crm) -> None:
    crm.answer("down")
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER})
    assert (answer.status, answer.error) == (503, "coupon_unknown")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("template", ["nothing", "Summer", "", "a\0"])
def test_an_unknown_template_is_not_found(functions, shop, template: str) -> None:
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER, "template": template})
    assert (answer.status, answer.error) == (404, "template_not_found")


def test_a_template_that_the_web_does_not_show_is_not_found(functions, shop) -> None:
    templates.set_visibility(tenants.get_tenant_id(shop), "summer", web=False)
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER})
    assert (answer.status, answer.error) == (404, "template_not_found")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fields": {"inner": "mine"}}, "fields.inner"),
        ({"fields": {"nothing": "x"}}, "fields.nothing"),
        ({"fields": {"code": "GOLD-50"}}, "fields.code"),
        ({"fields": {"headline": "x" * 21}}, "fields.headline"),
        ({"fields": {"headline": "a\x07"}}, "fields.headline"),
        ({"fields": {"percent": "a lot"}}, "fields.percent"),
        ({"fields": {"headline": 5}}, "fields.headline"),
        ({"format": "story"}, "format"),
        ({"code": "💥"}, "code"),
        ({"output": "gif"}, "output"),
        ({"scale": 3}, "scale"),
        ({"scale": True}, "scale"),
        ({"delivery": "post"}, "delivery"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_the_template_does_not_take_is_refused_with_the_field(functions, shop, change: dict, field: str) -> None:
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER, **change})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, [field])


def test_the_thirty_first_picture_in_a_minute_is_refused(functions, shop) -> None:
    statuses = [functions.post("render-coupon", {"tenant": shop, **ORDER}, ip="203.0.113.5") for _ in range(31)]
    assert [answer.status for answer in statuses] == [200] * 30 + [429]
    assert 0 < int(statuses[-1].headers["Retry-After"]) <= 60


def test_guessing_by_rendering_is_limited_too(functions, shop) -> None:
    orders = [{"tenant": shop, **ORDER, "code": f"GUESS-{number}"} for number in range(11)]
    statuses = [functions.post("render-coupon", order, ip="203.0.113.6").status for order in orders]
    assert statuses == [409] * 10 + [429]


@pytest.mark.parametrize("damage", ["missing", "replaced", "no picture"])
def test_a_damaged_asset_stops_its_template_only(functions, shop, damage: str, capsys) -> None:
    tenant_id = tenants.get_tenant_id(shop)
    key, data = asset("#123456") if damage != "no picture" else ("seed/plain.png", b"")
    if damage != "missing":
        spaces.public_bucket().put(
            key, b"not a picture" if damage == "no picture" else data[:50], media_type="image/png"
        )
    templates.publish(tenant_id, document("broken", asset=key))
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER, "template": "broken"})
    assert (answer.status, answer.error) == (503, "template_unavailable")
    assert key in capsys.readouterr().out
    assert functions.post("render-coupon", {"tenant": shop, **ORDER}).status == 200


def test_a_background_from_the_store_is_in_the_picture(functions, shop) -> None:
    key, data = asset("#ff0000")
    spaces.public_bucket().put(key, data, media_type="image/png")
    templates.publish(tenants.get_tenant_id(shop), document("photo", asset=key))
    order = {"tenant": shop, **ORDER, "template": "photo", "output": "png", "delivery": "inline"}
    picture = Image.open(io.BytesIO(functions.post("render-coupon", order).body))
    assert picture.convert("RGB").getpixel((2, 2)) == (255, 0, 0)


def test_a_store_that_is_down_is_told_and_leaves_no_row(functions, shop, database, monkeypatch) -> None:
    functions.post("validate-coupon", {"tenant": shop, "code": "SUMMER25"})
    monkeypatch.setenv("SPACES_ENDPOINT", "http://127.0.0.1:9")
    config.optional.cache_clear()
    spaces._client.cache_clear()
    answer = functions.post("render-coupon", {"tenant": shop, **ORDER})
    assert (answer.status, answer.error) == (503, "storage_unavailable")
    assert rows(database, shop) == 0


def test_processes_that_race_leave_one_row_and_one_picture(functions, shop, database) -> None:
    functions.post("validate-coupon", {"tenant": shop, "code": "SUMMER25"})

    def render(_: int) -> str:
        try:
            return functions.post("render-coupon", {"tenant": shop, **ORDER}).json["sha256"]
        finally:
            connection.discard()

    with ThreadPoolExecutor(4) as clients:
        assert len(set(clients.map(render, range(4)))) == 1
    assert rows(database, shop) == 1


def test_one_tenants_pictures_are_not_anothers(functions, shop, database, crm) -> None:
    other = f"{shop}-2"
    other_id = tenants.ensure_tenant(
        other, name="Other", settings=TenantSettings(coupon_providers=(FunderProSettings(),))
    )
    templates.publish(other_id, document())
    mine = functions.post("render-coupon", {"tenant": shop, **ORDER}).json
    theirs = functions.post("render-coupon", {"tenant": other, **ORDER}).json
    assert theirs["cached"] is False
    assert theirs["url"] != mine["url"]


def test_a_template_is_published_with_a_thumbnail(functions, demo) -> None:
    bucket = spaces.public_bucket()
    gallery = Gallery(store=bucket, assets=spaces.CachedReads(bucket))
    gallery.publish(tenants.get_tenant_id(demo), document())
    [item] = functions.get("templates", tenant=demo).json["items"]
    picture = Image.open(io.BytesIO(requests.get(item["thumbnail_url"], timeout=60).content))
    assert (picture.format, picture.size) == ("JPEG", (360, 360))
