"""What a coupon provider is."""

from typing import Protocol

from promostack.coupons.models import Verdict
from promostack.tenants.models import FunderProSettings


class Provider(Protocol):
    """One place that knows coupons, set up for one tenant."""

    def check(self, code: str, *, timeout_s: float) -> Verdict:
        """Asks once. Raises ProviderUnavailable when asking again may help; `unknown` means that it would not."""


class ProviderFactory(Protocol):
    """Makes the provider that a tenant's settings describe."""

    def __call__(self, settings: FunderProSettings) -> Provider: ...
