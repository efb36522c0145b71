"""The library through a transaction-mode pooler with two server connections; the bench `isolation` in small."""

from uuid import uuid4

import psycopg2
import pytest

from scripts.benches import isolation

OPERATIONS, TENANTS, WORKERS = 300, 10, 4


@pytest.fixture
def fresh_dsn(postgres) -> str:
    """The owner's address of a database that nobody else uses."""
    name = f"pooled_{uuid4().hex[:12]}"
    connection = psycopg2.connect(postgres.dsn())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template_promostack")
        yield postgres.dsn(name)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


@pytest.fixture
def plan() -> list[isolation.Operation]:
    return isolation.make_plan(OPERATIONS, TENANTS, seed=1)


def test_nobody_sees_or_makes_rows_of_another_tenant(fresh_dsn: str, plan) -> None:
    outcome = isolation.measure(fresh_dsn, plan, workers=WORKERS)
    assert (outcome.operations, outcome.leaks, outcome.blind) == (OPERATIONS, 0, 0)
    assert sum(outcome.endings.values()) - outcome.endings["commit"] >= OPERATIONS / 6


def test_a_tenant_that_is_set_for_the_session_leaks(fresh_dsn: str, plan) -> None:
    assert isolation.measure(fresh_dsn, plan, workers=WORKERS, is_session_level=True).leaks > 0
