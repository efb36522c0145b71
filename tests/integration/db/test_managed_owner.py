"""A managed database gives no superuser: the migrations run as an owner who is none."""

from uuid import uuid4

import psycopg2
import pytest

from promostack.db.migrate import migrate, migrations


@pytest.fixture
def managed(postgres):
    """The address of an empty database for its owner, who may make roles and nothing else."""
    name = f"managed_{uuid4().hex[:8]}"
    connection = psycopg2.connect(postgres.dsn())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"CREATE ROLE {name} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS")
    # In a cluster of its own he would have made this role himself and could hand it on.
    cursor.execute(f"GRANT promostack_router TO {name} WITH ADMIN OPTION")
    cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
    yield postgres.dsn(name, name)
    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    cursor.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
    connection.close()


def test_every_migration_runs_without_a_superuser(managed: str) -> None:
    assert migrate(managed) == [f"{each.number:04d}_{each.name}" for each in migrations()]
    assert migrate(managed) == []
