"""A server that takes everything and answers nothing, as a stopped one or a full pooler does."""

import os
import signal

import pytest

from promostack.db import connection
from promostack.db.errors import DatabaseUnavailable
from promostack.db.uow import unit_of_work
from tests.stopwatch import Stopwatch


def backend_of(tenant_id: str) -> int:
    with unit_of_work(tenant_id) as tx:
        return tx.value("SELECT pg_backend_pid()")


def freeze_half_way(tenant_id: str) -> None:
    with unit_of_work(tenant_id) as tx:
        os.kill(tx.value("SELECT pg_backend_pid()"), signal.SIGSTOP)
        tx.value("SELECT 1")


def test_a_kept_connection_that_froze_is_replaced(database, tenant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "FRESH_FOR_S", 0.0)
    frozen = backend_of(tenant_id)
    os.kill(frozen, signal.SIGSTOP)
    try:
        watch = Stopwatch()
        assert backend_of(tenant_id) != frozen
        assert watch.seconds() < 5
    finally:
        os.kill(frozen, signal.SIGCONT)


def test_a_server_that_freezes_within_a_transaction_is_given_up(database, tenant_id: str) -> None:
    frozen = backend_of(tenant_id)
    try:
        watch = Stopwatch()
        with pytest.raises(DatabaseUnavailable):
            freeze_half_way(tenant_id)
        assert watch.seconds() < 5
    finally:
        os.kill(frozen, signal.SIGCONT)
    connection.discard()
    assert backend_of(tenant_id)


def test_a_server_that_stops_altogether_is_told_within_five_seconds(postgres, database, tenant_id: str) -> None:
    frozen = backend_of(tenant_id)
    stopped = [postgres.process.pid, frozen]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        watch = Stopwatch()
        with pytest.raises(DatabaseUnavailable):
            backend_of(tenant_id)
        assert watch.seconds() < 5
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
