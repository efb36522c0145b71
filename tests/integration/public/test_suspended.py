"""A suspended tenant's public pages are paused, in warm containers too; nothing else about it is told or counted."""

from collections.abc import Callable

import pytest

from promostack.templates import service as templates
from promostack.tenants import oversight
from promostack.tenants import service as tenants
from promostack.tenants.audit import Actor
from tests.integration.public.calls import Answer, Functions
from tests.integration.public.test_render_coupon import document

PLATFORM = Actor("admin:platform@promostack.example")
ORDER = {"template": "summer", "format": "square", "code": "summer25"}

CALLS: dict[str, Callable[[Functions, str], Answer]] = {
    "templates": lambda functions, slug: functions.get("templates", tenant=slug),
    "one template": lambda functions, slug: functions.get("templates", "/summer", tenant=slug),
    "validate-coupon": lambda functions, slug: functions.post("validate-coupon", {"tenant": slug, "code": "summer25"}),
    "render-coupon": lambda functions, slug: functions.post("render-coupon", {"tenant": slug, **ORDER}),
    "render inline": lambda functions, slug: functions.post(
        "render-coupon", {"tenant": slug, **ORDER, "delivery": "inline"}
    ),
}


@pytest.fixture
def shop(demo: str) -> str:
    """The tenant's slug; it shows one template."""
    templates.publish(tenants.get_tenant_id(demo), document())
    return demo


@pytest.mark.parametrize("name", CALLS)
def test_a_route_is_paused_and_comes_back(functions: Functions, shop: str, crm, database, name: str) -> None:
    call, tenant_id = CALLS[name], tenants.get_tenant_id(shop)
    assert call(functions, shop).status == 200
    oversight.suspend(tenant_id, reason="Chargebacks", actor=PLATFORM)
    asked, counted = len(crm.calls), database.query("SELECT * FROM rate_limits WHERE tenant_id = %s", tenant_id)
    refused = call(functions, shop)
    assert (refused.status, refused.error) == (403, "tenant_suspended")
    assert refused.json["error"]["message"] == "This page is paused. Try again another day."
    assert len(crm.calls) == asked
    assert database.query("SELECT * FROM rate_limits WHERE tenant_id = %s", tenant_id) == counted
    oversight.resume(tenant_id, actor=PLATFORM)
    assert call(functions, shop).status == 200


def test_other_tenants_go_on(functions: Functions, shop: str, database) -> None:
    oversight.suspend(database.add_tenant(), reason="Chargebacks", actor=PLATFORM)
    assert all(call(functions, shop).status == 200 for call in CALLS.values())
