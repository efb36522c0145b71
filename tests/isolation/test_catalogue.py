"""What the database itself says of tenants: asked of its catalogue, so that no migration can forget it."""

import re

import pytest

from tests.isolation.grants import DEFINERS, ERASERS, GRANTS, UNIQUE_EVERYWHERE, WITHOUT_TENANT

ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
ROLES = ("promostack_app", "promostack_read", "promostack_router", "promostack_eraser")


@pytest.fixture(scope="module")
def tables(database) -> set[str]:
    """All tables but the migrations' own."""
    rows = database.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'm')"
    )
    return {name for (name,) in rows} - {"schema_migrations"}


@pytest.fixture(scope="module")
def of_tenants(tables: set[str]) -> set[str]:
    return tables - set(WITHOUT_TENANT)


def test_each_table_belongs_to_tenants_or_says_why_not(database, tables: set[str], of_tenants: set[str]) -> None:
    rows = database.query(
        "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'tenant_id' AND attnotnull"
        " AND format_type(atttypid, atttypmod) = 'uuid'"
    )
    with_tenant = {name for (name,) in rows} & tables
    assert with_tenant == of_tenants
    assert len(of_tenants) > 15


def test_row_level_security_is_on_and_forced(database, of_tenants: set[str]) -> None:
    rows = database.query("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert of_tenants - {name for (name,) in rows} == set()


def test_policies_of_tenant_tables(database, of_tenants: set[str]) -> None:
    """One policy for those who work with rows, by the transaction's tenant; at most one more for the router to read."""
    rows = database.query("SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies")
    own = "(tenant_id = current_tenant())"
    for table in of_tenants:
        policies = {row[1:] for row in rows if row[0] == table}
        assert ("own_tenant", "ALL", "{promostack_app,promostack_read}", own, own) in policies, table
        others = policies - {("own_tenant", "ALL", "{promostack_app,promostack_read}", own, own)}
        assert others <= {("router_reads", "SELECT", "{promostack_router}", "true", None)}, table


def test_foreign_keys_between_tenant_tables_hold_the_tenant(database, of_tenants: set[str]) -> None:
    rows = database.query(
        "SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,"
        " array_agg(a.attname::text), array_agg(b.attname::text)"
        " FROM pg_constraint AS k CROSS JOIN unnest(k.conkey, k.confkey) AS pair (own, other)"
        " JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = pair.own"
        " JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = pair.other"
        " WHERE k.contype = 'f' GROUP BY k.oid, k.conname, k.conrelid, k.confrelid"
    )
    between = [row for row in rows if row[1] in of_tenants and row[2] in of_tenants]
    loose = [row[0] for row in between if ("tenant_id", "tenant_id") not in zip(row[3], row[4], strict=True)]
    assert loose == []
    assert len(between) > 15


def test_what_is_unique_is_unique_per_tenant(database, of_tenants: set[str]) -> None:
    """Else one tenant learns what another has, or takes it; each exception says why it may."""
    rows = database.query(
        "SELECT i.indrelid::regclass::text, array_agg(a.attname::text ORDER BY array_position(i.indkey, a.attnum))"
        " FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
        " WHERE i.indisunique GROUP BY i.indexrelid, i.indrelid"
    )
    everywhere = {(table, tuple(names)) for table, names in rows if table in of_tenants and "tenant_id" not in names}
    assert everywhere == set(UNIQUE_EVERYWHERE)


def test_no_view_steps_around_the_policies(database) -> None:
    rows = database.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' OR relkind = 'v'"
        " AND NOT coalesce(reloptions::text[] @> ARRAY['security_invoker=true'], false))"
    )
    assert rows == []


def test_only_the_listed_functions_work_with_other_rights(database) -> None:
    """Owned by the router or the eraser, with a search path of their own, for the app alone, and answering with ids and
    counts only."""
    rows = database.query(
        "SELECT proname, pg_get_userbyid(proowner), proconfig::text[], pg_get_function_result(oid),"
        " has_function_privilege('promostack_app', oid, 'EXECUTE'), proacl::text FROM pg_proc WHERE prosecdef"
        " AND pronamespace = 'public'::regnamespace"
    )
    assert {row[0] for row in rows} == {*DEFINERS, *ERASERS}
    for name, owner, settings, result, is_for_app, rights in rows:
        wanted = "promostack_eraser" if name in ERASERS else "promostack_router"
        assert (owner, settings, is_for_app) == (wanted, ["search_path=public, pg_temp"], True), name
        assert not re.search(r"[{,]=", rights), f"everybody may execute {name}"
        types = re.sub(r"TABLE\(|SETOF|\)|\b(tenant_id|bot_id|update_id)\b", "", result).replace(",", " ").split()
        assert set(types) <= {"uuid", "bigint"}, name


def test_the_roles_cannot_step_around_the_policies(database) -> None:
    rows = database.query(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)"
        " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        list(ROLES),
    )
    assert {name for (name,) in rows} == set(ROLES)
    owned = database.query(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND pg_get_userbyid(relowner) = ANY (%s)",
        list(ROLES),
    )
    assert owned == []
    joined = database.query(
        "SELECT 1 FROM pg_auth_members WHERE pg_get_userbyid(member) IN ('promostack_app', 'promostack_read')"
    )
    assert joined == []


def test_rights_are_exactly_those_written_down(database, tables: set[str]) -> None:
    written = {(table, role): rights for table, by_role in GRANTS.items() for role, rights in by_role.items()}
    assert {key: rights for key, rights in _rights(database).items() if key[0] in tables} == written


def test_nobody_else_has_rights(database) -> None:
    rows = database.query(
        "SELECT c.relname, entry.grantee::regrole::text FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS entry"
        " WHERE c.relnamespace = 'public'::regnamespace AND entry.grantee <> c.relowner"
    )
    assert {role for _, role in rows} <= set(ROLES)


def test_the_audit_log_can_only_grow(database) -> None:
    assert _rights(database)["audit_log", "promostack_app"] == "SELECT, INSERT"


def _rights(database) -> dict[tuple[str, str], str]:
    """(table, role) → its rights as a GRANT would say them: on the whole table, then on columns."""
    rows = database.query(
        "SELECT c.relname, pg_get_userbyid(entry.grantee), entry.privilege_type, NULL, 0 FROM pg_class AS c"
        " CROSS JOIN aclexplode(c.relacl) AS entry WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " UNION ALL SELECT c.relname, pg_get_userbyid(entry.grantee), entry.privilege_type, a.attname, a.attnum"
        " FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid CROSS JOIN aclexplode(a.attacl) AS entry"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 5"
    )
    columns: dict[tuple[str, str], dict[str, list[str]]] = {}
    for table, role, right, column, _ in rows:
        of_right = columns.setdefault((table, role), {}).setdefault(right, [])
        of_right += [column] if column else []
    return {
        key: ", ".join(
            f"{right} ({', '.join(rights[right])})" if rights[right] else right for right in ORDER if right in rights
        )
        for key, rights in columns.items()
        if key[1] in ROLES
    }
