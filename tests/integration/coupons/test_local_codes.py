"""Codes that the tenant keeps here: terms, redeeming, releasing, and many at once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest

from promostack.coupons import local
from promostack.coupons.errors import CodeExists, CodeMissing, CodeNotRedeemable, LimitsBelowUse, OrderReleased
from promostack.coupons.local import LocalCodes, Terms
from promostack.coupons.service import Coupons
from promostack.db import connection
from promostack.tenants.models import LocalCodesSettings, Tenant, TenantSettings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROCESSES = 20


def redeem(tenant_id: str, code: str = "GOLD", *, order: str = "order-1", customer: str = "ann", **more):
    return local.redeem(
        tenant_id,
        code,
        order_key=order,
        customer=customer,
        amount_minor=more.get("amount", 0),
        now=more.get("now", NOW),
    )


def standing(database, tenant_id: str) -> tuple[int, int]:
    """How many redemptions stand and what they cost, counted from their rows."""
    query = (
        "SELECT count(*), coalesce(sum(amount_minor), 0) FROM local_redemptions"
        " WHERE tenant_id = %s AND released_at IS NULL"
    )
    times, amount = database.query(query, tenant_id)[0]
    return times, int(amount)


def counters(tenant_id: str) -> tuple[int, int]:
    code = local.list_codes(tenant_id, most=1)[0]
    return code.redeemed, code.spent_minor


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        (Terms(is_active=False), "switched_off"),
        (Terms(starts_at=NOW + timedelta(seconds=1)), "not_started"),
        (Terms(ends_at=NOW), "expired"),
        (Terms(budget_minor=1_999, currency="EUR"), "budget_spent"),
    ],
)
def test_a_code_outside_its_terms_is_not_redeemed(database, tenant_id, terms: Terms, reason: str) -> None:
    local.add(tenant_id, "GOLD", terms)
    with pytest.raises(CodeNotRedeemable) as refused:
        redeem(tenant_id, amount=2_000)
    assert refused.value.fields == {"code": reason}
    assert standing(database, tenant_id) == (0, 0)


def test_an_order_that_comes_twice_is_redeemed_once(database, tenant_id) -> None:
    local.add(tenant_id, "gold", Terms(most_total=1))
    first, second = redeem(tenant_id), redeem(tenant_id)
    assert first.id == second.id
    assert standing(database, tenant_id) == (1, 0) == counters(tenant_id)


def test_a_customer_has_his_share_and_others_have_theirs(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms(most_per_customer=1))
    redeem(tenant_id)
    with pytest.raises(CodeNotRedeemable, match="as one customer may"):
        redeem(tenant_id, order="order-2")
    redeem(tenant_id, order="order-3", customer="ben")
    assert counters(tenant_id) == (2, 0)


def test_what_is_given_back_can_be_used_by_the_next(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms(most_total=1, budget_minor=500, currency="EUR"))
    redeem(tenant_id, amount=500)
    assert local.release(tenant_id, "GOLD", order_key="order-1", now=NOW)
    assert not local.release(tenant_id, "GOLD", order_key="order-1", now=NOW)
    assert counters(tenant_id) == (0, 0)
    with pytest.raises(OrderReleased):
        redeem(tenant_id, amount=500)
    redeem(tenant_id, order="order-2", amount=500)
    assert standing(database, tenant_id) == (1, 500) == counters(tenant_id)


def test_terms_cannot_fall_below_what_was_used(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms(most_total=3, budget_minor=500, currency="EUR"))
    redeem(tenant_id, amount=300)
    redeem(tenant_id, order="order-2", amount=100)
    for terms in (
        Terms(most_total=1),
        Terms(budget_minor=399, currency="EUR"),
        Terms(budget_minor=500, currency="USD"),
    ):
        with pytest.raises(LimitsBelowUse):
            local.change(tenant_id, "GOLD", terms)
    assert local.change(tenant_id, "GOLD", Terms(most_total=2)).terms == Terms(most_total=2)


def test_what_was_spent_keeps_its_currency_while_a_code_has_no_budget(tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms(budget_minor=50_000, currency="EUR"))
    redeem(tenant_id, amount=40_000)
    local.change(tenant_id, "GOLD", Terms())
    with pytest.raises(LimitsBelowUse, match="nor in another currency"):
        local.change(tenant_id, "GOLD", Terms(budget_minor=45_000, currency="JPY"))
    euros = Terms(budget_minor=45_000, currency="EUR")
    assert local.change(tenant_id, "GOLD", euros).terms == euros
    local.release(tenant_id, "GOLD", order_key="order-1", now=NOW)
    yen = Terms(budget_minor=45_000, currency="JPY")
    assert local.change(tenant_id, "GOLD", yen).terms == yen


def test_a_first_budget_says_what_was_counted_in(tenant_id) -> None:
    local.add(tenant_id, "FREE", Terms())
    redeem(tenant_id, "FREE", amount=100)
    dollars = Terms(budget_minor=200, currency="USD")
    assert local.change(tenant_id, "FREE", dollars).terms == dollars
    with pytest.raises(LimitsBelowUse):
        local.change(tenant_id, "FREE", Terms(budget_minor=200, currency="EUR"))


def test_a_code_is_added_once_and_missing_ones_are_named(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms())
    with pytest.raises(CodeExists):
        local.add(tenant_id, " gold ", Terms())
    for attempt in (
        lambda: redeem(tenant_id, "SILVER"),
        lambda: local.change(tenant_id, "SILVER", Terms()),
        lambda: local.release(tenant_id, "SILVER", order_key="order-1", now=NOW),
        lambda: redeem(database.add_tenant()),
    ):
        with pytest.raises(CodeMissing):
            attempt()


def test_a_change_is_seen_by_the_next_check(database, tenant_id, clock) -> None:
    tenant = Tenant(tenant_id, "t", "T", TenantSettings(coupon_providers=(LocalCodesSettings(),)))
    coupons = Coupons({"local": lambda tenant, _: LocalCodes(tenant.id, clock=clock)}, clock=clock)

    def status() -> str:
        return coupons.check(tenant, "GOLD", actor="ip:192.0.2.1").status

    seen = [status()]
    local.add(tenant_id, "GOLD", Terms(most_total=1))
    seen.append(status())
    redeem(tenant_id, now=clock.now())
    seen.append(status())
    local.release(tenant_id, "GOLD", order_key="order-1", now=clock.now())
    seen.append(status())
    local.change(tenant_id, "GOLD", Terms(is_active=False))
    seen.append(status())
    assert seen == ["invalid", "valid", "invalid", "valid", "invalid"]


def test_two_hundred_at_once_redeem_exactly_the_cap_of_fifty(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms(most_total=50, budget_minor=50 * 7, currency="EUR"))
    together = threading.Barrier(PROCESSES)

    def customers(first: int) -> list[str]:
        together.wait(timeout=60)
        try:
            return [attempt(number) for number in range(first, 200, PROCESSES)]
        finally:
            connection.discard()

    def attempt(number: int) -> str:
        try:
            redeem(tenant_id, order=f"order-{number}", customer=f"customer-{number}", amount=7)
        except CodeNotRedeemable as refused:
            return refused.fields["code"]
        return "redeemed"

    with ThreadPoolExecutor(PROCESSES) as pool:
        outcomes = Counter(outcome for part in pool.map(customers, range(PROCESSES)) for outcome in part)
    assert outcomes == {"redeemed": 50, "used_up": 150}
    assert standing(database, tenant_id) == (50, 350) == counters(tenant_id)


def test_one_order_at_once_from_everywhere_is_one_redemption(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms())

    def attempt(_: int) -> str:
        try:
            return redeem(tenant_id).id
        finally:
            connection.discard()

    with ThreadPoolExecutor(PROCESSES) as pool:
        assert len(set(pool.map(attempt, range(PROCESSES)))) == 1
    assert standing(database, tenant_id) == (1, 0)


def test_the_table_itself_refuses_to_pass_a_limit(database, tenant_id) -> None:
    local.add(tenant_id, "GOLD", Terms(most_total=1))
    with pytest.raises(psycopg2.errors.CheckViolation):
        database.query("UPDATE local_codes SET redeemed = 2 WHERE tenant_id = %s", tenant_id)
