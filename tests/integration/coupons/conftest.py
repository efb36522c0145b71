"""The vendors of coupons, set up for one tenant."""

from collections.abc import Iterator

import pytest
import requests

from promostack.coupons.ports import ProviderFactory
from promostack.integrations.funderpro import FunderPro
from promostack.integrations.stripe_api import StripePromotionCodes
from tests.integration.conftest import free_port, running

PROVIDERS: dict[str, ProviderFactory] = {
    "funderpro": lambda tenant, settings: FunderPro(settings),
    "stripe": lambda tenant, settings: StripePromotionCodes(tenant.id),
}


class Stripe:
    """Stripe's simulator and its control API; see scripts/local/stripe.py."""

    def __init__(self, base: str) -> None:
        self.base = base

    def control(self, method: str, path: str, **body: object) -> None:
        requests.request(method, f"{self.base}/_control/{path}", json=body, timeout=60).raise_for_status()

    def know(self, code: str, **attributes: object) -> None:
        """Puts a promotion code into the account."""
        self.control("PUT", f"objects/promotion_codes/promo_{code}", code=code, **attributes)

    def answer(self, mode: str, **details: object) -> None:
        self.control("PUT", "mode", mode=mode, **details)

    @property
    def calls(self) -> list[dict]:
        return requests.get(f"{self.base}/_control/calls", timeout=60).json()


@pytest.fixture(scope="session")
def _stripe_server() -> Iterator[str]:
    port = free_port()
    with running("scripts.local.stripe", "--port", str(port), ready=f"http://127.0.0.1:{port}/_control/health"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def stripe(_stripe_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    """The vendor as at its start; STRIPE_API_BASE points at it."""
    monkeypatch.setenv("STRIPE_API_BASE", _stripe_server)
    simulator = Stripe(_stripe_server)
    simulator.control("POST", "reset")
    yield simulator
    simulator.control("POST", "reset")
