"""One contract for all providers of coupons: FunderPro, Stripe's promotion codes and the tenant's own codes."""

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest

from promostack.core import crypto
from promostack.coupons import local
from promostack.coupons.errors import ProviderUnavailable
from promostack.coupons.local import LocalCodes, Terms
from promostack.coupons.ports import Provider
from promostack.db.uow import unit_of_work
from promostack.integrations.funderpro import FunderPro
from promostack.integrations.stripe_api import API_VERSION, StripePromotionCodes
from promostack.tenants import secrets
from promostack.tenants.models import FunderProSettings
from tests.integration.coupons.conftest import Stripe

TIMEOUT_S = 2.0
KEY = "rk_test_of_the_tenant_7f3a"


class FunderProWorld:
    """A provider with a way to put codes into it, and to make it fail."""

    can_fail = True

    def __init__(self, crm) -> None:
        self._crm = crm
        self.provider: Provider = FunderPro(FunderProSettings())

    def add(self, code: str) -> None:
        self._crm.know(code, percent=10)

    def add_ended(self, code: str) -> None:
        self._crm.know(code, answer=422)

    def fail(self, mode: str) -> None:
        self._crm.answer(mode, **({"delay_s": 10} if mode == "slow" else {}))


class StripeWorld:
    can_fail = True

    def __init__(self, stripe: Stripe, tenant_id: str) -> None:
        self._stripe = stripe
        stripe.control("PUT", f"keys/{KEY}", scopes=["promotion_code_read"])
        keep_key(tenant_id)
        self.provider: Provider = StripePromotionCodes(tenant_id)

    def add(self, code: str) -> None:
        self._stripe.know(code)

    def add_ended(self, code: str) -> None:
        self._stripe.know(code, expires_at=int(time.time()) - 60)

    def fail(self, mode: str) -> None:
        self._stripe.answer(mode, **({"delay_s": 10} if mode == "slow" else {}))


class LocalWorld:
    can_fail = False

    def __init__(self, tenant_id: str, clock) -> None:
        self._tenant_id, self._clock = tenant_id, clock
        self.provider: Provider = LocalCodes(tenant_id, clock=clock)

    def add(self, code: str) -> None:
        local.add(self._tenant_id, code, Terms())

    def add_ended(self, code: str) -> None:
        local.add(self._tenant_id, code, Terms(ends_at=self._clock.now() - timedelta(seconds=1)))


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS_KEYS", "k1:" + base64.b64encode(b"k" * 32).decode())
    crypto._keys.cache_clear()


@pytest.fixture(params=["funderpro", "stripe", "local"])
def world(request, database, tenant_id, crm, stripe, clock):
    if request.param == "funderpro":
        return FunderProWorld(crm)
    return StripeWorld(stripe, tenant_id) if request.param == "stripe" else LocalWorld(tenant_id, clock)


def keep_key(tenant_id: str, key: str = KEY) -> None:
    with unit_of_work(tenant_id) as tx:
        secrets.put(tx, tenant_id, secrets.STRIPE_KEY, "", key)


def test_a_code_that_is_there_is_valid(world) -> None:
    world.add("SUMMER-26")
    assert world.provider.check("SUMMER-26", timeout_s=TIMEOUT_S).status == "valid"


def test_a_code_that_nobody_made_is_invalid(world) -> None:
    world.add("SUMMER-26")
    verdict = world.provider.check("SUMMER-27", timeout_s=TIMEOUT_S)
    assert (verdict.status, verdict.reason) == ("invalid", "not_found")


def test_a_code_that_has_ended_is_invalid(world) -> None:
    world.add_ended("WINTER-25")
    assert world.provider.check("WINTER-25", timeout_s=TIMEOUT_S).status == "invalid"


@pytest.mark.parametrize("mode", ["429", "500", "503", "slow"])
@pytest.mark.parametrize("world", ["funderpro", "stripe"], indirect=True)
def test_a_failure_that_may_pass_is_worth_another_try(world, mode: str) -> None:
    world.add("SUMMER-26")
    world.fail(mode)
    with pytest.raises(ProviderUnavailable):
        world.provider.check("SUMMER-26", timeout_s=0.5)


@pytest.mark.parametrize("world", ["funderpro", "stripe"], indirect=True)
def test_an_answer_that_cannot_be_read_says_nothing_of_the_code(world) -> None:
    world.add("SUMMER-26")
    world.fail("html")
    assert world.provider.check("SUMMER-26", timeout_s=TIMEOUT_S).status == "unknown"


class TestStripe:
    @pytest.fixture
    def account(self, database, tenant_id, stripe) -> StripeWorld:
        return StripeWorld(stripe, tenant_id)

    def test_it_is_asked_with_the_tenants_key_and_our_version(self, account, stripe) -> None:
        account.provider.check("SUMMER-26", timeout_s=TIMEOUT_S)
        call = stripe.calls[-1]
        assert (call["key"], call["version"], call["query"]["code"]) == (KEY, API_VERSION, "SUMMER-26")

    def test_case_does_not_matter_and_the_end_is_told(self, account, stripe) -> None:
        ends_at = datetime(2030, 1, 1, tzinfo=UTC)
        stripe.know("Summer-26", expires_at=int(ends_at.timestamp()))
        verdict = account.provider.check("SUMMER-26", timeout_s=TIMEOUT_S)
        assert (verdict.status, verdict.valid_until) == ("valid", ends_at)

    @pytest.mark.parametrize(
        ("attributes", "reason"),
        [
            ({"max_redemptions": 5, "times_redeemed": 5}, "used_up"),
            ({"active": False}, "switched_off"),
            ({"promotion": {"type": "coupon", "coupon": "gone"}}, "switched_off"),
            ({"customer": "cus_1"}, "not_found"),
        ],
    )
    def test_what_makes_a_code_invalid_is_told(self, account, stripe, attributes: dict, reason: str) -> None:
        stripe.control("PUT", "objects/coupons/gone", valid=False)
        stripe.know("SUMMER-26", **attributes)
        verdict = account.provider.check("SUMMER-26", timeout_s=TIMEOUT_S)
        assert (verdict.status, verdict.reason) == ("invalid", reason)

    def test_one_of_several_codes_of_that_text_is_enough(self, account, stripe) -> None:
        stripe.know("SUMMER-26", active=False)
        stripe.control("PUT", "objects/promotion_codes/promo_later", code="summer-26")
        assert account.provider.check("SUMMER-26", timeout_s=TIMEOUT_S).status == "valid"

    @pytest.mark.parametrize("scopes", [None, []], ids=["revoked", "without the scope"])
    def test_a_refused_key_says_nothing_of_the_code(self, account, stripe, scopes) -> None:
        stripe.control("DELETE" if scopes is None else "PUT", f"keys/{KEY}", scopes=scopes)
        verdict = account.provider.check("SUMMER-26", timeout_s=TIMEOUT_S)
        assert (verdict.status, verdict.reason) == ("unknown", "provider_refused_key")

    def test_without_a_key_nobody_is_asked(self, database, stripe) -> None:
        verdict = StripePromotionCodes(database.add_tenant()).check("SUMMER-26", timeout_s=TIMEOUT_S)
        assert (verdict.status, verdict.reason) == ("unknown", "provider_not_connected")
        assert stripe.calls == []
