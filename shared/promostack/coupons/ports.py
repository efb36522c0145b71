"""What a coupon provider is."""

from typing import Protocol

from promostack.coupons.models import Verdict
from promostack.tenants.models import CouponProviderSettings, Tenant


class Provider(Protocol):
    """One place that knows coupons, set up for one tenant."""

    def check(self, code: str, *, timeout_s: float) -> Verdict:
        """Asks once. Raises ProviderUnavailable when asking again may help; `unknown` means that it would not."""


class ProviderFactory(Protocol):
    """Makes the provider that one of the tenant's settings describes; calls nobody."""

    def __call__(self, tenant: Tenant, settings: CouponProviderSettings) -> Provider: ...
