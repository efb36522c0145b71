"""Counters and caches do not wait for the disk; everything else does."""

import pytest

from promostack.db.uow import unit_of_work


@pytest.mark.parametrize(("is_durable", "expected"), [(True, "on"), (False, "off")])
def test_only_a_lazy_unit_of_work_spares_the_wait(database, tenant_id: str, is_durable: bool, expected: str) -> None:
    with unit_of_work(tenant_id, is_durable=is_durable) as tx:
        assert tx.value("SHOW synchronous_commit") == expected


def test_the_next_unit_of_work_on_the_connection_waits_again(database, tenant_id: str) -> None:
    with unit_of_work(tenant_id, is_durable=False):
        pass
    with unit_of_work(tenant_id) as tx:
        assert tx.value("SHOW synchronous_commit") == "on"
