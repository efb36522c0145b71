"""Finding and making tenants, and counting what their visitors do."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from promostack.core.errors import TooManyRequests
from promostack.db import connection
from promostack.db.uow import unit_of_work
from promostack.tenants import limits, service
from promostack.tenants.errors import TenantNotFound
from promostack.tenants.models import FunderProSettings, LocalCodesSettings, StripeCodesSettings, TenantSettings

SETTINGS = TenantSettings(
    referral_link="https://example.com/?promo={code}", coupon_providers=(FunderProSettings(product_ids=("a", "b")),)
)


def test_a_tenant_is_made_once_and_then_brought_up_to_date(database) -> None:
    made = service.ensure_tenant("acme", name="Acme", settings=TenantSettings())
    again = service.ensure_tenant("acme", name="Acme Inc.", settings=SETTINGS)
    assert made == again == service.get_tenant_id("acme")
    tenant = service.get_tenant(made)
    assert (tenant.name, tenant.settings) == ("Acme Inc.", SETTINGS)
    assert tenant.referral_link("GOLD-50") == "https://example.com/?promo=GOLD-50"


def test_tenants_made_at_the_same_time_are_one(database) -> None:
    def make(_: int) -> str:
        try:
            return service.ensure_tenant("twins", name="Twins", settings=SETTINGS)
        finally:
            connection.discard()

    with ThreadPoolExecutor(6) as makers:
        assert len(set(makers.map(make, range(6)))) == 1


@pytest.mark.parametrize("slug", ["nobody", "", "UPPER", "a\0b", "../x", "x" * 100, "\ud800"])
def test_an_unknown_slug_is_no_tenant(database, slug: str) -> None:
    with pytest.raises(TenantNotFound):
        service.get_tenant_id(slug)


def test_an_unknown_id_is_no_tenant(database) -> None:
    with pytest.raises(TenantNotFound):
        service.get_tenant(str(uuid4()))


def test_settings_of_newer_code_are_read(database) -> None:
    tenant_id = database.add_tenant(settings='{"referral_link": "https://example.com/{code}", "of_tomorrow": 1}')
    assert service.get_tenant(tenant_id).settings.referral_link == "https://example.com/{code}"


def test_every_kind_of_provider_is_read_as_it_was_stored(database) -> None:
    providers = (StripeCodesSettings(), FunderProSettings(), LocalCodesSettings())
    tenant_id = service.ensure_tenant("kinds", name="Kinds", settings=TenantSettings(coupon_providers=providers))
    assert service.get_tenant(tenant_id).settings.coupon_providers == providers


def test_a_provider_that_was_stored_without_its_kind_is_funderpro(database) -> None:
    tenant_id = database.add_tenant(settings='{"coupon_providers": [{"product_ids": ["a"]}, {}]}')
    assert service.get_tenant(tenant_id).settings.coupon_providers == (
        FunderProSettings(product_ids=("a",)), FunderProSettings(),
    )  # fmt: skip


def count(tenant_id: str, clock, *, actor: str = "ip:192.0.2.1") -> None:
    with unit_of_work(tenant_id) as tx:
        limits.count(tx, tenant_id, action="a", actor=actor, limit=3, window_s=60, now=clock.now(), message="Too many.")


def test_a_limit_holds_for_its_window_and_its_actor(tenant_id: str, clock) -> None:
    for _ in range(3):
        count(tenant_id, clock)
    clock.advance(20.5)
    with pytest.raises(TooManyRequests) as refused:
        count(tenant_id, clock)
    assert refused.value.retry_after_s == 40
    count(tenant_id, clock, actor="ip:192.0.2.2")
    clock.advance(40)
    count(tenant_id, clock)


def test_a_limit_counts_every_parallel_call(tenant_id: str, clock) -> None:
    def attempt(_: int) -> bool:
        try:
            count(tenant_id, clock)
        except TooManyRequests:
            return False
        finally:
            connection.discard()
        return True

    with ThreadPoolExecutor(8) as callers:
        assert sum(callers.map(attempt, range(12))) == 3
