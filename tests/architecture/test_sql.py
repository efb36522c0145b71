"""Tenant scope: every statement names the tenant, and the database would stop one that did not."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from promostack.db.sql import Queries

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "shared" / "promostack"
GLOBAL = re.compile(r"^-- scope: global, because \S", re.M)
# Tables that belong to no tenant; each is listed with its reason.
WITHOUT_TENANT = {
    "schema_migrations": "the schema's own history",
    "users": "a person may belong to several tenants; its own policies show him himself and his colleagues",
    "auth_failures": "a refused caller has no tenant",
    "login_tries": "nobody is signed in yet",
    "admin_epoch": "admin sessions belong to the platform",
    "sender_shifts": "a sender works for all tenants",
    "tenant_deletions": "the tenant is gone; what stays names nobody",
    "periodic_work": "the schedule's turns belong to the platform",
    "bars": "there is one market for all",
    "bar_revisions": "there is one market for all",
    "feeds": "the feed's key is the platform's",
}


def statements() -> dict[str, str]:
    found = {}
    for path in sorted(LIBRARY.rglob("queries.sql")):
        queries = Queries(path.read_text())
        for name in queries.names():
            found[f"{path.parent.name}.{name}"] = getattr(queries, name)
    return found


def scope_problems(sql: str) -> list[str]:
    """What a statement does without naming the tenant; empty when it is in order."""
    if GLOBAL.search(sql):
        touched = set(re.findall(r"\b(?:FROM|INTO|JOIN|^UPDATE) (?!router_)(\w+)", sql, re.M))
        in_order = touched <= set(WITHOUT_TENANT) and (touched or re.search(r"\brouter_\w+\(", sql))
        return [] if in_order else ["a global statement calls none of the router's functions"]
    tree = sqlglot.parse_one(re.sub(r"%\((\w+)\)s", r":\1", sql), dialect="postgres")
    problems = []
    for node in tree.walk():
        if isinstance(node, (exp.Update, exp.Delete)) and not _names_tenant(node.args.get("where")):
            problems.append(f"{type(node).__name__.upper()} without tenant_id in its WHERE")
        if isinstance(node, exp.Insert) and not (_names_tenant(node.this) and _conflict_is_scoped(node)):
            problems.append("INSERT without tenant_id among its columns")
        if isinstance(node, exp.Select):
            problems += _select_problems(node)
    return problems


def _select_problems(select: exp.Select) -> list[str]:
    source = select.args.get("from_") or select.args.get("from")
    problems = []
    if source is not None and _is_table(source.this) and not _names_tenant(select.args.get("where")):
        problems.append(f"SELECT from {source.this.name} without tenant_id in its WHERE")
    for join in select.args.get("joins") or []:
        if _is_table(join.this) and not _names_tenant(join.args.get("on")):
            problems.append(f"JOIN of {join.this.name} without tenant_id")
    return problems


def _is_table(node: exp.Expression) -> bool:
    """A stored table; not a function's rows, a subquery or a CTE (whose inside is looked at by itself)."""
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        return False
    root = node.root()
    return node.name not in {cte.alias for cte in root.find_all(exp.CTE)}


def _names_tenant(node: exp.Expression | None) -> bool:
    names = node.find_all(exp.Column, exp.Identifier) if node is not None else ()
    return any(name.name == "tenant_id" for name in names)


def _conflict_is_scoped(insert: exp.Insert) -> bool:
    conflict = insert.args.get("conflict")
    overwrites = conflict is not None and bool(conflict.expressions)
    return not overwrites or any(key.name == "tenant_id" for key in conflict.args.get("conflict_keys") or [])


@pytest.mark.parametrize(("name", "sql"), statements().items(), ids=statements().keys())
def test_statement_names_its_tenant(name: str, sql: str) -> None:
    assert scope_problems(sql) == [], name


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t WHERE id = %(id)s",
        "SELECT a FROM t",
        "SELECT a FROM t WHERE tenant_id = %(tenant_id)s AND id IN (SELECT id FROM u WHERE x = 1)",
        "SELECT a FROM t JOIN u ON u.id = t.id WHERE t.tenant_id = %(tenant_id)s",
        "UPDATE t SET a = 1 WHERE id = %(id)s",
        "DELETE FROM t WHERE id = %(id)s",
        "INSERT INTO t (id) VALUES (%(id)s)",
        "INSERT INTO t (tenant_id, slug) VALUES (%(t)s, %(s)s) ON CONFLICT (slug) DO UPDATE SET a = excluded.a",
        "-- scope: global, because it is easier\nSELECT a FROM t",
    ],
)
def test_unscoped_statement_is_seen(sql: str) -> None:
    assert scope_problems(sql)


def test_sql_lives_in_named_files_only() -> None:
    statement = re.compile(r"""["'](SELECT|INSERT INTO|UPDATE|DELETE FROM)\s""")
    outside = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(LIBRARY.rglob("*.py"))
        if path.parent.name != "db"  # the ground itself: the tenant's setting, the migrations' table
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if statement.search(line)
    ]
    assert outside == []


def test_every_tenant_table_has_forced_row_level_security(database) -> None:
    tables = database.query(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
        " EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull),"
        " EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid)"
        " FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
    )
    assert len(tables) > 5
    unprotected = {
        name
        for name, forced, has_tenant, has_policy in tables
        if not (forced and has_tenant and has_policy) and name not in WITHOUT_TENANT
    }
    assert unprotected == set()


def test_foreign_keys_between_tenant_tables_carry_the_tenant(database) -> None:
    crossing = database.query(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint AS k"
        " WHERE contype = 'f' AND NOT EXISTS ("
        "   SELECT FROM unnest(k.conkey) AS key JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = key"
        "   WHERE a.attname = 'tenant_id') AND NOT confrelid::regclass::text = ANY(%s)",
        list(WITHOUT_TENANT),
    )
    assert crossing == []


def test_the_app_role_cannot_step_around_row_level_security(database) -> None:
    roles = database.query(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'promostack%%' AND (rolsuper OR rolbypassrls)"
    )
    assert roles == []


def test_the_routers_functions_return_ids_only(database) -> None:
    answers = database.query(
        "SELECT proname, pg_get_function_result(oid) FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert answers
    for name, result in answers:
        types = re.sub(r"TABLE\(|SETOF|\)|\b(tenant_id|bot_id|update_id)\b", "", result).replace(",", " ").split()
        assert set(types) <= {"uuid", "bigint", "record"}, f"{name} returns {result}"
