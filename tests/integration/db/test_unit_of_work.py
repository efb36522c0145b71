import contextlib
import socket

import psycopg2
import pytest

from promostack.core import config, http, transactions
from promostack.db import connection
from promostack.db.errors import AlreadyThere, DatabaseUnavailable
from promostack.db.migrate import migrate, schema_version
from promostack.db.uow import unit_of_work
from tests.stopwatch import Stopwatch


def test_a_tenant_sees_only_its_rows(database) -> None:
    mine, other = database.add_tenant(), database.add_tenant()
    with unit_of_work(mine) as tx:
        assert [str(row["tenant_id"]) for row in tx.rows("SELECT tenant_id FROM tenants")] == [mine]
    with unit_of_work(other) as tx:
        assert tx.run("UPDATE tenants SET name = 'x' WHERE tenant_id = %(id)s", id=mine) == 0
    with unit_of_work(None) as tx:
        assert tx.rows("SELECT tenant_id FROM tenants") == []


def test_the_tenant_is_forgotten_at_the_end_of_the_transaction(database, tenant_id: str) -> None:
    with unit_of_work(tenant_id) as tx:
        tx.value("SELECT 1")
    with unit_of_work(None) as tx:
        assert tx.value("SELECT current_tenant()") is None


def test_a_failure_leaves_nothing_behind(database, tenant_id: str) -> None:
    def fail_half_way() -> None:
        with unit_of_work(tenant_id) as tx:
            tx.run("UPDATE tenants SET name = 'half' WHERE tenant_id = %(id)s", id=tenant_id)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail_half_way()
    assert database.query("SELECT count(*) FROM tenants WHERE name = 'half'") == [(0,)]


def test_a_double_is_named_by_its_constraint(database, tenant_id: str) -> None:
    with pytest.raises(AlreadyThere) as refused, unit_of_work(tenant_id) as tx:
        tx.run("INSERT INTO tenants (tenant_id, slug, name) VALUES (%(id)s, 'again', 'Again')", id=tenant_id)
    assert refused.value.constraint == "tenants_pkey"


def test_a_network_call_inside_a_transaction_raises(database, tenant_id: str) -> None:
    with pytest.raises(transactions.NetworkInTransaction), unit_of_work(tenant_id):
        http.get("http://127.0.0.1:9/", params={}, timeout_s=0.1)


def test_a_connection_that_died_while_idle_is_replaced(database, tenant_id: str) -> None:
    with unit_of_work(tenant_id) as tx:
        backend = tx.value("SELECT pg_backend_pid()")
    database.query("SELECT pg_terminate_backend(%s)", backend)
    with unit_of_work(tenant_id) as tx:
        assert tx.value("SELECT 1") == 1


def test_one_that_died_after_a_while_is_replaced_too(database, tenant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is asked first whether it lives: the first statement may take longer than a dead server is waited for."""
    with unit_of_work(tenant_id) as tx:
        backend = tx.value("SELECT pg_backend_pid()")
    monkeypatch.setattr(connection, "FRESH_FOR_S", 0.0)
    database.query("SELECT pg_terminate_backend(%s)", backend)
    with unit_of_work(tenant_id) as tx:
        assert tx.value("SELECT pg_sleep(%(s)s) IS NOT NULL", s=connection.BEGIN_WITHIN_S + 0.2)


def test_an_error_that_somebody_swallows_is_not_taken_for_stored(database, tenant_id: str) -> None:
    def swallow() -> None:
        with unit_of_work(tenant_id) as tx:
            tx.run("UPDATE tenants SET name = 'half' WHERE tenant_id = %(id)s", id=tenant_id)
            with contextlib.suppress(psycopg2.errors.DivisionByZero):
                tx.value("SELECT 1 / 0")

    with pytest.raises(RuntimeError, match="nothing is stored"):
        swallow()
    assert database.query("SELECT count(*) FROM tenants WHERE name = 'half'") == [(0,)]


def test_a_first_statement_that_fails_leaves_the_connection_usable(database, tenant_id: str) -> None:
    with pytest.raises(psycopg2.errors.DivisionByZero), unit_of_work(tenant_id) as tx:
        tx.value("SELECT 1 / 0")
    with unit_of_work(tenant_id) as tx:
        assert tx.value("SELECT count(*) FROM tenants") == 1


@pytest.mark.parametrize("listens", [True, False], ids=["silent", "refused"])
def test_a_database_that_is_down_is_said_within_five_seconds(listens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        monkeypatch.setenv("DATABASE_URL", f"postgresql://promostack_app@127.0.0.1:{silent.getsockname()[1]}/none")
        config.optional.cache_clear()
        connection.discard()
        watch = Stopwatch()
        with pytest.raises(DatabaseUnavailable), unit_of_work(None) as tx:
            tx.value("SELECT 1")
        assert watch.seconds() < 5, "the product's rule: 503 within 5 s"
    connection.discard()


def test_migrations_run_once_and_a_changed_one_is_refused(database) -> None:
    assert migrate(database.owner_dsn) == []
    assert database.query("SELECT max(number) FROM schema_migrations") == [(schema_version(),)]
    database.query("UPDATE schema_migrations SET checksum = 'edited' WHERE number = 1")
    with pytest.raises(RuntimeError, match="has changed since it ran"):
        migrate(database.owner_dsn)


def test_the_reader_only_reads(database, tenant_id: str) -> None:
    reader = psycopg2.connect(database.owner_dsn.replace("postgres@", "promostack_read@"))
    with reader.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant_id,))
        cursor.execute("SELECT count(*) FROM tenants")
        assert cursor.fetchone() == (1,)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("UPDATE tenants SET name = 'x'")
    reader.close()
