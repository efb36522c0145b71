"""Nobody sees, changes or makes rows of another tenant, in any table of templates, coupons, renders and limits."""

from contextlib import suppress
from uuid import uuid4

import psycopg2
import pytest

from promostack.db.uow import unit_of_work

SHA = "0" * 64
# For each table: a row's columns, in an order that satisfies the foreign keys.
ROWS = {
    "templates": {"template_id": "TEMPLATE", "slug": "summer", "name": "Summer"},
    "template_versions": {
        "template_id": "TEMPLATE", "version_id": "VERSION", "number": 1, "document": "{}", "document_sha256": SHA,
    },
    "renders": {
        "render_key": SHA, "version_id": "VERSION", "object_key": "renders/x.jpg", "sha256": SHA, "bytes": 1,
        "width": 1, "height": 1, "media_type": "image/jpeg",
    },
    "coupon_checks": {
        "code": "A", "status": "valid", "reason": "accepted", "checked_at": "now", "expires_at": "now",
    },
    "coupon_breakers": {"provider": "funderpro"},
    "coupon_misses": {"actor": "ip:192.0.2.1", "code": "A", "missed_at": "now"},
    "rate_limits": {"action": "render", "actor": "ip:192.0.2.1", "window_ends_at": "now", "hits": 1},
}  # fmt: skip


def insert(database, table: str, tenant_id: str, ids: dict[str, str]) -> None:
    row = {"tenant_id": tenant_id} | {name: ids.get(value, value) for name, value in ROWS[table].items()}
    database.query(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", *row.values())


@pytest.fixture(scope="module")
def two_tenants(database) -> tuple[str, str]:
    """Two tenants with one row in every table each."""
    tenants = (database.add_tenant(), database.add_tenant())
    for tenant_id in tenants:
        ids = {"TEMPLATE": str(uuid4()), "VERSION": str(uuid4())}
        for table in ROWS:
            insert(database, table, tenant_id, ids)
    return tenants


@pytest.mark.parametrize("table", ROWS)
def test_only_the_own_rows_are_seen(two_tenants, table: str) -> None:
    for tenant_id in two_tenants:
        with unit_of_work(tenant_id) as tx:
            assert [row["tenant_id"] for row in tx.rows(f"SELECT tenant_id FROM {table}")] == [tenant_id]


@pytest.mark.parametrize("table", ROWS)
def test_without_a_tenant_nothing_is_seen(two_tenants, table: str) -> None:
    with unit_of_work(None) as tx:
        assert tx.rows(f"SELECT tenant_id FROM {table}") == []


@pytest.mark.parametrize("table", ROWS)
def test_anothers_rows_cannot_be_moved_over(database, two_tenants, table: str) -> None:
    mine, other = two_tenants
    # Some tables grant no UPDATE of this column at all; in the others no row of another tenant is found.
    with suppress(psycopg2.errors.InsufficientPrivilege), unit_of_work(mine) as tx:
        move = f"UPDATE {table} SET tenant_id = %(mine)s WHERE tenant_id = %(other)s"
        assert tx.run(move, mine=mine, other=other) == 0
    assert database.query(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", other) == [(1,)]


@pytest.mark.parametrize("table", ROWS)
def test_rows_cannot_be_planted_at_another_tenant(database, two_tenants, table: str) -> None:
    mine, other = two_tenants
    ids = {"TEMPLATE": str(uuid4()), "VERSION": str(uuid4())}
    row = {"tenant_id": other} | {name: ids.get(value, value) for name, value in ROWS[table].items()}
    names, values = ", ".join(row), ", ".join(f"%({name})s" for name in row)
    before = database.query(f"SELECT count(*) FROM {table}")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), unit_of_work(mine) as tx:
        tx.run(f"INSERT INTO {table} ({names}) VALUES ({values})", **row)
    assert database.query(f"SELECT count(*) FROM {table}") == before


@pytest.mark.parametrize("table", ROWS)
def test_the_owner_is_bound_by_the_rules_too(database, table: str) -> None:
    forced = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s"
    assert database.query(forced, table) == [(True,)]


def test_a_version_cannot_hang_on_anothers_template(database, two_tenants) -> None:
    mine, other = two_tenants
    [(template_id,)] = database.query("SELECT template_id FROM templates WHERE tenant_id = %s", other)
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        insert(database, "template_versions", mine, {"TEMPLATE": template_id, "VERSION": str(uuid4())})
