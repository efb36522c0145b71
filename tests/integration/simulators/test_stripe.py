"""Stripe's stand-in, asked by Stripe's own library: what it reads, and how it is refused."""

from collections.abc import Iterator

import pytest
import requests
import stripe

from promostack.integrations.stripe_api import API_VERSION
from tests.integration.simulators.conftest import running

KEY, READS_CODES = "sk_test_local", "rk_test_reads_codes"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running("scripts.local.stripe") as address:
        yield address


@pytest.fixture
def account(base: str) -> stripe.StripeClient:
    requests.post(f"{base}/_control/reset", timeout=60).raise_for_status()
    put(base, f"keys/{READS_CODES}", scopes=["promotion_code_read"])
    return client(base, KEY)


def client(base: str, key: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key, base_addresses={"api": base}, stripe_version=API_VERSION, http_client=stripe.RequestsClient()
    )


def put(base: str, path: str, **body: object) -> None:
    requests.put(f"{base}/_control/{path}", json=body, timeout=60).raise_for_status()


def test_our_version_is_the_librarys() -> None:
    assert stripe.api_version == API_VERSION


def test_the_library_pages_through_all_codes(base, account) -> None:
    for number in range(25):
        put(base, f"objects/promotion_codes/promo_{number}", code=f"CODE-{number}")
    listed = account.v1.promotion_codes.list({"limit": 10})
    assert [each.code for each in listed.auto_paging_iter()] == [f"CODE-{number}" for number in range(25)]
    assert len(listed.data) == 10
    assert listed.has_more


def test_a_code_is_found_in_any_case_and_leads_to_its_coupon(base, account) -> None:
    put(base, "objects/coupons/quarter", percent_off=25.0)
    put(base, "objects/promotion_codes/promo_1", code="Summer", promotion={"type": "coupon", "coupon": "quarter"})
    found = account.v1.promotion_codes.list({"code": "SUMMER"}).data[0]
    assert account.v1.coupons.retrieve(found.promotion.coupon).percent_off == 25.0
    assert account.v1.promotion_codes.list({"code": "WINTER"}).data == []


def test_prices_have_the_intervals_that_revenue_needs(base, account) -> None:
    put(base, "objects/prices/price_1", unit_amount=1_200, recurring={"interval": "year", "interval_count": 2})
    price = account.v1.prices.retrieve("price_1")
    assert (price.unit_amount, price.recurring.interval, price.recurring.interval_count) == (1_200, "year", 2)


def test_a_restricted_key_reads_only_what_its_scopes_name(base, account) -> None:
    restricted = client(base, READS_CODES)
    assert restricted.v1.promotion_codes.list().data == []
    with pytest.raises(stripe.PermissionError, match="rak_coupon_read") as refused:
        restricted.v1.coupons.list()
    assert refused.value.http_status == 403
    assert READS_CODES not in str(refused.value)


def test_an_unknown_key_is_refused_without_being_repeated(base, account) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        client(base, "rk_test_a_key_that_was_revoked").v1.promotion_codes.list()
    assert "key_that_was" not in str(refused.value)


@pytest.mark.parametrize(
    ("mode", "raised"), [("429", stripe.RateLimitError), ("500", stripe.APIError), ("503", stripe.APIError)]
)
def test_failures_are_those_that_the_library_knows(base, account, mode: str, raised: type[Exception]) -> None:
    put(base, "mode", mode=mode, times=1)
    with pytest.raises(raised):
        account.v1.promotion_codes.list(options={"max_network_retries": 0})
    assert account.v1.promotion_codes.list().data == []


@pytest.mark.parametrize("wrong", [{"limit": 101}, {"starting_after": "promo_none"}, {"colour": "red"}])
def test_wrong_questions_are_refused(account, wrong: dict) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.promotion_codes.list(wrong)
