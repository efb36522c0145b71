"""What the database alone must stop: policies taken away, and statements that name no tenant or the wrong one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.isolation import mutants, samples
from tests.isolation.mutants import MINE, OTHER, STRANGER, Statement, World
from tests.isolation.world import Catalogue, Maker, dump

APP, READER = "promostack_app", "promostack_read"


@dataclass(frozen=True)
class Policy:
    """`using` and `check` are its conditions; `true` lets everything pass."""

    table: str
    name: str
    using: str | None
    check: str | None


@dataclass(frozen=True)
class PolicyMutant:
    """One part of a table's protection, taken away by `ddl`."""

    table: str
    ddl: str

    def __str__(self) -> str:
        return self.ddl


@dataclass(frozen=True)
class Probe:
    """A statement that some role runs in the transaction of tenant `mine`."""

    name: str
    sql: str
    tables: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    role: str = APP


def read_policies(cursor: Any) -> list[Policy]:
    cursor.execute(
        "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
    )
    return [Policy(*row) for row in cursor.fetchall()]


def changeable_columns(cursor: Any) -> dict[str, str]:
    """Table → a column that the app may update."""
    cursor.execute(
        "SELECT c.relname, min(a.attname) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND a.attgenerated = ''"
        " AND a.attidentity = '' AND has_column_privilege('promostack_app', c.oid, a.attnum, 'UPDATE') GROUP BY 1"
    )
    return dict(cursor.fetchall())


def policy_mutants(policies: list[Policy]) -> Iterator[PolicyMutant]:
    """Each table without row-level security, each policy dropped, each of its conditions opened.

    A table that is everybody's is as open with its policy as without row-level security, so only its policies count.
    """
    for table in dict.fromkeys(policy.table for policy in policies if policy.using != "true"):
        yield PolicyMutant(table, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for policy in policies:
        yield PolicyMutant(policy.table, f"DROP POLICY {policy.name} ON {policy.table}")
        for condition, clause in ((policy.using, "USING"), (policy.check, "WITH CHECK")):
            if condition not in (None, "true"):
                yield PolicyMutant(policy.table, f"ALTER POLICY {policy.name} ON {policy.table} {clause} (true)")


def probes(table: str, catalogue: Catalogue, statements: list[Statement], changeable: Mapping[str, str]) -> list[Probe]:
    """Plain statements on the table without any condition, then the library's own, without their filters.

    `changeable` is a column of each table that the app may update. The router's functions touch tables that only their
    bodies name, which is why the global statements are asked for every table.
    """
    maker = Maker(catalogue)
    see = f"SELECT * FROM {table}"
    found = [Probe("see", see, (table,)), Probe("read", see, (table,), role=READER)]
    # The twin's people are mine too, so that a stranger's row is needed to try what keeps people apart.
    for name, whose in (("plant", OTHER), ("plant a stranger's", STRANGER)) if table not in catalogue.filled else ():
        row = maker.rows(whose, [table])[table]
        names, values = ", ".join(row), ", ".join(f"%({column})s" for column in row)
        plant = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})"
        found.append(Probe(name, plant, (table,), row))
    if table in changeable:
        found.append(Probe("change", f"UPDATE {table} SET {changeable[table]} = {changeable[table]}", (table,)))
    found.append(Probe("delete", f"DELETE FROM {table}", (table,)))
    for statement in statements:
        if (statement.is_global or table in statement.tables) and statement.name not in samples.CLOCKED:
            values = mutants.arguments(statement, maker, MINE)
            tables = (table, *statement.tables)
            found.append(Probe(statement.name, mutants.stripped(statement), tables, values))
            if "tenant_id" in values:
                found.append(
                    Probe(f"{statement.name} for the other", found[-1].sql, tables, {**values, "tenant_id": OTHER.id})
                )
    return found


def fill(cursor: Any, catalogue: Catalogue) -> None:
    """Twins with a row in every table, and somebody who belongs to the other only."""
    mutants.fill(cursor, catalogue, list(catalogue.tables), World(), with_other=True)


def ask(cursor: Any, catalogue: Catalogue, probe: Probe) -> tuple[object, dict[str, list[str]]]:
    """What a probe is answered and what it leaves behind; all of it is taken back."""
    cursor.execute("SAVEPOINT probe")
    mutants.number_alike(cursor, catalogue, probe.tables)
    answer = mutants.run(cursor, probe.role, probe.sql, probe.values)
    left = dump(cursor, probe.tables, with_locks=True)
    cursor.execute("ROLLBACK TO SAVEPOINT probe; RELEASE SAVEPOINT probe")
    return answer, left
