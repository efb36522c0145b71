"""A tenant of the test's own, and the public functions."""

from uuid import uuid4

import pytest

from promostack.app import services
from promostack.tenants import service as tenants
from promostack.tenants.models import FunderProSettings, TenantSettings
from tests.integration.public.calls import Functions


@pytest.fixture
def functions(database) -> Functions:
    return Functions()


@pytest.fixture
def demo(database, crm, store) -> str:
    """The slug of a tenant whose codes FunderPro's simulator knows."""
    services.coupons.cache_clear()
    slug = f"demo-{uuid4().hex[:8]}"
    settings = TenantSettings(
        referral_link="https://example.com/?promo={code}", coupon_providers=(FunderProSettings(),)
    )
    tenants.ensure_tenant(slug, name="Demo", settings=settings)
    return slug
