"""Checking codes against the provider's simulator, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from promostack.core.errors import TooManyRequests
from promostack.core.text import InvalidCode
from promostack.coupons.errors import TooManyGuesses
from promostack.coupons.service import Coupons
from promostack.db import connection
from promostack.telegram.desk import CouponDesk
from promostack.telegram.models import Bot, Incoming
from promostack.tenants.models import FunderProSettings, Limits, Tenant, TenantSettings
from tests.integration.coupons.conftest import PROVIDERS
from tests.stopwatch import Stopwatch

DEADLINE_S = 4


@pytest.fixture
def coupons(crm, clock) -> Coupons:
    return Coupons(PROVIDERS, clock=clock)


@pytest.fixture
def tenant(database) -> Tenant:
    return make_tenant(database)


def make_tenant(database, *, provider: FunderProSettings | None = None, **settings) -> Tenant:
    chosen = TenantSettings(coupon_providers=(provider or FunderProSettings(),), **settings)
    tenant_id = database.add_tenant(settings=chosen.model_dump_json())
    return Tenant(tenant_id, "t", "T", chosen)


def status_of(coupons: Coupons, tenant: Tenant, code: str, actor: str = "ip:192.0.2.1") -> str:
    return coupons.check(tenant, code, actor=actor).status


def test_a_known_code_is_valid_and_comes_back_as_it_is_printed(coupons, tenant, crm) -> None:
    check = coupons.check(tenant, "  welcome 30 ", actor="ip:192.0.2.1")
    assert (check.status, check.code, check.reason) == ("valid", "WELCOME-30", "accepted")
    assert crm.calls[0]["coupons"] == ["WELCOME-30"]
    assert crm.calls[0]["products"] == ["product-1"]


@pytest.mark.parametrize("code", ["NOBODY-KNOWS-ME", "EXPIRED-2024"])
def test_expired_and_unknown_codes_are_told_the_same_way(coupons, tenant, code: str) -> None:
    check = coupons.check(tenant, code, actor="ip:192.0.2.1")
    assert (check.status, check.reason) == ("invalid", "not_accepted")


def test_a_tenant_may_tell_why(coupons, database) -> None:
    check = coupons.check(make_tenant(database, tells_expired=True), "EXPIRED-2024", actor="ip:192.0.2.1")
    assert (check.status, check.reason) == ("invalid", "refused")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ({"mode": "429"}, "unknown"),
        ({"mode": "429", "retry_after_s": 1}, "unknown"),
        ({"mode": "429", "retry_after_s": 60}, "unknown"),
        ({"mode": "500"}, "unknown"),
        ({"mode": "502"}, "unknown"),
        ({"mode": "503"}, "unknown"),
        ({"mode": "504"}, "unknown"),
        ({"mode": "slow", "delay_s": 10}, "unknown"),
        ({"mode": "slow", "delay_s": 1}, "valid"),
        ({"mode": "drip", "delay_s": 0.3}, "unknown"),
        ({"mode": "down"}, "unknown"),
        ({"mode": "html"}, "unknown"),
        ({"mode": "odd"}, "unknown"),
        ({"mode": "odd", "shape": "no_body"}, "unknown"),
        ({"mode": "odd", "shape": "broken_json"}, "unknown"),
        ({"mode": "odd", "shape": "strings"}, "valid"),
        ({"mode": "odd", "shape": "wrapped"}, "valid"),
        ({"mode": "odd", "shape": "other_code"}, "invalid"),
        ({"mode": "odd", "shape": "empty_list"}, "invalid"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value,
)
def test_every_mode_of_the_provider_gives_its_answer_in_time(coupons, tenant, crm, mode: dict, expected: str) -> None:
    crm.answer(**mode)
    watch = Stopwatch()
    assert status_of(coupons, tenant, "SUMMER25") == expected
    assert watch.seconds() < DEADLINE_S


def test_a_single_failure_is_tried_again(coupons, tenant, crm) -> None:
    crm.answer("500", times=1)
    assert status_of(coupons, tenant, "SUMMER25") == "valid"
    assert [call["mode"] for call in crm.calls] == ["500", "normal"]


def test_an_answer_of_unknown_shape_is_not_asked_for_again(coupons, tenant, crm) -> None:
    crm.answer("html")
    status_of(coupons, tenant, "SUMMER25")
    assert len(crm.calls) == 1


def test_a_tenant_may_trust_the_status_alone(coupons, database, crm) -> None:
    crm.answer("odd", shape="scalar")
    assert status_of(coupons, make_tenant(database, provider=FunderProSettings(rule="status")), "SUMMER25") == "valid"


def test_a_tenant_without_a_provider_gets_no_verdict(coupons, database) -> None:
    tenant = Tenant(database.add_tenant(), "t", "T", TenantSettings())
    assert status_of(coupons, tenant, "SUMMER25") == "unknown"


@pytest.mark.parametrize(("code", "kept_s"), [("SUMMER25", 60), ("NO-SUCH-CODE", 30)])
def test_answers_are_kept_for_a_while(coupons, tenant, crm, clock, code: str, kept_s: int) -> None:
    for wait_s, calls in ((0, 1), (kept_s - 1, 1), (2, 2)):
        clock.advance(wait_s)
        status_of(coupons, tenant, code)
        assert len(crm.calls) == calls


def test_unknown_is_not_kept(coupons, tenant, crm) -> None:
    crm.answer("html")
    assert status_of(coupons, tenant, "SUMMER25") == "unknown"
    crm.answer("normal")
    assert status_of(coupons, tenant, "SUMMER25") == "valid"


def test_one_tenants_answers_are_not_anothers(coupons, database, crm) -> None:
    mine, other = make_tenant(database), make_tenant(database)
    assert status_of(coupons, mine, "SUMMER25") == status_of(coupons, other, "SUMMER25") == "valid"
    assert len(crm.calls) == 2


def test_text_that_cannot_be_a_code_is_refused_before_anything_else(coupons, tenant, crm) -> None:
    with pytest.raises(InvalidCode):
        coupons.check(tenant, "a\u202eb", actor="ip:192.0.2.1")
    assert crm.calls == []


def test_the_eleventh_check_in_a_minute_is_refused(coupons, tenant, clock) -> None:
    for number in range(10):
        status_of(coupons, tenant, f"WRONG-{number}")
    clock.advance(15)
    with pytest.raises(TooManyRequests) as refused:
        status_of(coupons, tenant, "SUMMER25")
    assert refused.value.retry_after_s == 45
    assert status_of(coupons, tenant, "SUMMER25", actor="ip:192.0.2.2") == "valid"
    clock.advance(45)
    assert status_of(coupons, tenant, "SUMMER25") == "valid"


def test_an_answer_from_the_cache_costs_no_check(coupons, tenant) -> None:
    assert {status_of(coupons, tenant, "SUMMER25") for _ in range(25)} == {"valid"}


def test_checks_without_an_answer_are_given_back(coupons, tenant, crm) -> None:
    crm.answer("html")
    assert {status_of(coupons, tenant, f"CODE-{number}") for number in range(12)} == {"unknown"}


def test_sixty_distinct_misses_in_an_hour_are_guessing(coupons, tenant, clock) -> None:
    for number in range(60):
        status_of(coupons, tenant, f"GUESS-{number}")
        clock.advance(7)
    with pytest.raises(TooManyGuesses) as refused:
        status_of(coupons, tenant, "SUMMER25")
    assert refused.value.retry_after_s == 3600 - 60 * 7
    clock.advance(refused.value.retry_after_s)
    assert status_of(coupons, tenant, "SUMMER25") == "valid"


def test_what_is_typed_inline_uses_up_no_guesses_of_the_chat(coupons, database, clock, crm) -> None:
    tenant = make_tenant(database, limits=Limits(misses_per_hour=3))

    def desk(**inline: str) -> CouponDesk:
        incoming = Incoming(1, 7, 7, text="x", **inline)
        return CouponDesk(Bot(tenant.id, "b", "p", "promo_bot", "active"), incoming,
                          coupons=coupons, renders=None, sender=None)  # fmt: skip

    for typed in ("WRO", "WRON", "WRONG"):
        assert desk(inline_id="q").check_code(typed)[0] == "invalid"
    asked = len(crm.calls)
    with pytest.raises(TooManyGuesses):
        desk(inline_id="q").check_code("WRONG-1")
    assert len(crm.calls) == asked, "typing has limits of its own"
    assert desk().check_code("SUMMER25")[0] == "valid"
    assert desk().check_code("WRONG-2")[0] == "invalid"


def test_the_same_miss_again_is_one_miss(coupons, database, clock) -> None:
    tenant = make_tenant(database, limits=Limits(misses_per_hour=2))
    for _ in range(5):
        assert status_of(coupons, tenant, "WRONG") == "invalid"
        clock.advance(31)
    assert status_of(coupons, tenant, "SUMMER25") == "valid"


def test_one_wrong_code_over_and_over_asks_the_provider_sixty_times_an_hour(coupons, tenant, crm, clock) -> None:
    begun, asked_at = clock.at, []
    while clock.at < begun + timedelta(hours=3):
        try:
            assert status_of(coupons, tenant, "WRONG") == "invalid"
            asked_at.append(clock.at)
        except TooManyGuesses as refused:
            clock.advance(refused.retry_after_s)
        clock.advance(31)
    assert len(crm.calls) == len(asked_at) > 60
    assert all(late - early >= timedelta(hours=1) for early, late in zip(asked_at, asked_at[60:], strict=False))


def test_questions_about_codes_that_are_good_or_without_an_answer_use_up_nothing(coupons, database, crm, clock) -> None:
    tenant = make_tenant(database, limits=Limits(misses_per_hour=1))
    for mode, expected in (("normal", "valid"), ("html", "unknown"), ("normal", "valid")) * 25:
        crm.answer(mode)
        assert status_of(coupons, tenant, "SUMMER25") == expected
        clock.advance(61)
    assert database.query("SELECT FROM coupon_misses WHERE tenant_id = %s", tenant.id) == []


def test_a_miss_told_by_the_cache_counts_for_whoever_asked(coupons, database) -> None:
    tenant = make_tenant(database, limits=Limits(misses_per_hour=1))
    status_of(coupons, tenant, "WRONG", actor="ip:192.0.2.1")
    assert status_of(coupons, tenant, "WRONG", actor="ip:192.0.2.2") == "invalid"
    with pytest.raises(TooManyGuesses):
        status_of(coupons, tenant, "SUMMER25", actor="ip:192.0.2.2")


def test_the_breaker_spares_a_provider_that_is_down(coupons, tenant, crm, clock) -> None:
    crm.answer("500")
    for number in range(5):
        status_of(coupons, tenant, f"CODE-{number}")
    asked = len(crm.calls)
    assert coupons.check(tenant, "SUMMER25", actor="ip:192.0.2.1").reason == "provider_paused"
    assert len(crm.calls) == asked
    clock.advance(31)
    assert status_of(coupons, tenant, "SUMMER25") == "unknown"  # the probe fails: open again
    assert len(crm.calls) == asked + 2
    assert coupons.check(tenant, "SUMMER25", actor="ip:192.0.2.1").reason == "provider_paused"
    clock.advance(31)
    crm.answer("normal")
    assert status_of(coupons, tenant, "SUMMER25") == "valid"
    assert status_of(coupons, tenant, "GOLD-50") == "valid"


def test_failures_over_a_longer_time_leave_the_breaker_closed(coupons, tenant, crm, clock) -> None:
    crm.answer("500")
    for number in range(8):
        assert coupons.check(tenant, f"CODE-{number}", actor="ip:192.0.2.1").reason == "provider_unavailable"
        clock.advance(16)


def test_one_tenants_breaker_is_not_anothers(coupons, database, crm) -> None:
    broken, other = make_tenant(database), make_tenant(database)
    crm.answer("500")
    for number in range(5):
        status_of(coupons, broken, f"CODE-{number}")
    crm.answer("normal")
    assert status_of(coupons, broken, "SUMMER25") == "unknown"
    assert status_of(coupons, other, "SUMMER25") == "valid"


def test_a_half_open_breaker_lets_one_caller_through(coupons, tenant, crm, clock) -> None:
    crm.answer("500")
    for number in range(5):
        status_of(coupons, tenant, f"CODE-{number}")
    clock.advance(31)
    crm.answer("slow", delay_s=1)
    asked = len(crm.calls)

    def check(_: int) -> str:
        try:
            return status_of(coupons, tenant, "SUMMER25")
        finally:
            connection.discard()

    with ThreadPoolExecutor(4) as callers:
        assert sorted(callers.map(check, range(4))) == ["unknown", "unknown", "unknown", "valid"]
    assert len(crm.calls) == asked + 1
