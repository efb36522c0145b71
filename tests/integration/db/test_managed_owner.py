"""A managed database gives no superuser: the migrations run as an owner who is none."""

from contextlib import closing
from uuid import uuid4

import psycopg2
import pytest

from promostack.core import ids
from promostack.db import migrate as migrating
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
    cursor.execute(f"GRANT promostack_router, promostack_eraser TO {name} WITH ADMIN OPTION")
    cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
    yield postgres.dsn(name, name)
    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    cursor.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
    connection.close()


def test_every_migration_runs_without_a_superuser(managed: str) -> None:
    assert migrate(managed) == [f"{each.number:04d}_{each.name}" for each in migrations()]
    assert migrate(managed) == []


def test_a_slug_that_looks_like_an_id_gets_an_ending(managed: str, monkeypatch) -> None:
    tenant_id, victim = ids.new_id(), ids.new_id()
    earlier = tuple(each for each in migrations() if each.number < 19)
    with monkeypatch.context() as patch:
        patch.setattr(migrating, "migrations", lambda: earlier)
        migrate(managed)
    with closing(psycopg2.connect(managed)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY")
        add = "INSERT INTO tenants (tenant_id, slug, name) VALUES (%s, %s, 'x'), (%s, 'plain', 'y')"
        cursor.execute(add, [tenant_id, victim, victim])
        cursor.execute("ALTER TABLE tenants FORCE ROW LEVEL SECURITY")
    migrate(managed)
    with closing(psycopg2.connect(managed)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT tenant_id::text, slug FROM tenants")
        assert dict(cursor.fetchall()) == {
            victim: "plain",
            tenant_id: f"{victim}-{tenant_id.replace('-', '')[:12]}",
        }
