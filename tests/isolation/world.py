"""Tenants with a row in every table, made from the catalogue: a new table is filled without anybody remembering it.

A value comes from the referenced row for a foreign key, from `samples.py` for a column whose constraint the catalogue
cannot tell, from the list that a CHECK allows, else from the column's type.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from tests.isolation import samples

PAST, FUTURE = "2026-01-02T03:04:05+00:00", "2100-01-02T03:04:05+00:00"
# Tables without a tenant that tenants' rows refer to.
SHARED = ("users",)

Row = dict[str, Any]
Rows = dict[str, Row]


@dataclass(frozen=True)
class Column:
    """`allowed`: what a CHECK (… IN …) lists. `is_made`: the database makes the value of new rows."""

    name: str
    type: str
    is_nullable: bool
    is_made: bool
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`references`: column → (table, column). `unique`: the columns of each unique index."""

    name: str
    columns: tuple[Column, ...]
    references: Mapping[str, tuple[str, str]]
    unique: tuple[tuple[str, ...], ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def is_of_tenants(self) -> bool:
        return "tenant_id" in self.by_name

    def is_unique_everywhere(self, column: str) -> bool:
        return any("tenant_id" not in index and column in index for index in self.unique)


@dataclass(frozen=True)
class Catalogue:
    """`filled`: tables that the migrations fill, which are everybody's. `known`: samples and keys worked out before."""

    tables: Mapping[str, Table]
    filled: frozenset[str]
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def of_tenants(self) -> list[str]:
        return [name for name, table in self.tables.items() if table.is_of_tenants]

    def with_parents(self, names: Iterable[str]) -> list[str]:
        """The tables and, first, all that their foreign keys need."""
        found: list[str] = []

        def add(name: str) -> None:
            if name in pending or name in self.filled:
                return
            pending.add(name)
            for parent, _ in self.tables[name].references.values():
                add(parent)
            found.append(name)

        pending: set[str] = set()
        for name in names:
            add(name)
        return found


@dataclass(frozen=True)
class Tenant:
    """Who owns rows. Its canary stands in every text that the schema leaves free, its number in every free bigint.

    Twins have the same ids, codes and keys in all their rows, wherever the schema lets them: what separates them is
    nothing but the tenant.
    """

    name: str
    number: int
    is_twin: bool = False

    @property
    def canary(self) -> str:
        return f"canary-{self.name}"

    @cached_property
    def id(self) -> str:
        return str(uuid5(NAMESPACE_OID, f"tenant {self.name}"))


@dataclass(frozen=True)
class Maker:
    """Makes rows of tenants; `changes` sets single columns of single tables."""

    catalogue: Catalogue
    changes: Mapping[tuple[str, str], Any] = field(default_factory=dict)

    def rows(self, tenant: Tenant, tables: Iterable[str]) -> Rows:
        """Table → its row; the tables' parents come first."""
        return {
            name: {column.name: self.value(tenant, name, column.name) for column in self.catalogue.tables[name].columns}
            for name in self.catalogue.with_parents(tables)
        }

    def value(self, tenant: Tenant, table: str, name: str) -> Any:
        if (table, name) in self.changes:
            return self.changes[table, name]
        if name == "tenant_id":
            return tenant.id
        known = self.catalogue.known
        if (table, name) not in known:
            known[table, name] = self._home(table, name)
        if known[table, name] != (table, name):
            return self.value(tenant, *known[table, name])
        if (tenant, table, name) not in known:
            known[tenant, table, name] = self._own_value(tenant, self.catalogue.tables[table], name)
        return known[tenant, table, name]

    def _home(self, table: str, name: str) -> tuple[str, str]:
        """Where foreign keys say that this value comes from; of tables that refer to each other the first by name."""
        seen = [(table, name)]
        while (step := self.catalogue.tables[seen[-1][0]].references.get(seen[-1][1])) is not None:
            if step in seen:
                return min(seen[seen.index(step) :])
            seen.append(step)
        return seen[-1]

    def _own_value(self, tenant: Tenant, table: Table, name: str) -> Any:
        # Twins share their people: one person may belong to several tenants.
        is_own = not tenant.is_twin or (table.is_unique_everywhere(name) and table.name not in SHARED)
        mark = tenant.canary if is_own else "twin"
        if (table.name, name) in samples.COLUMNS:
            sample = samples.COLUMNS[table.name, name]
            return sample(tenant, mark) if callable(sample) else sample
        column = table.by_name[name]
        if column.allowed:
            return column.allowed[0]
        return _by_type(column, f"{mark} {table.name}.{name}", tenant.number if is_own else 1)


def _by_type(column: Column, text: str, number: int) -> Any:
    makers = {
        "uuid": lambda: str(uuid5(NAMESPACE_OID, text)),
        "text": lambda: text,
        "boolean": lambda: True,
        "smallint": lambda: 1,
        "integer": lambda: 1,
        "integer[]": lambda: [1],
        "bigint": lambda: number,
        "numeric": lambda: 1,
        "date": lambda: PAST[:10],
        "json": lambda: json.dumps({"note": text}),
        "jsonb": lambda: json.dumps({"note": text}),
        "timestamp with time zone": lambda: PAST,
        "timestamp with time zone[]": lambda: f"{{{PAST}}}",
        "text[]": lambda: [text],
    }
    if column.type not in makers:
        raise AssertionError(f"no sample for a column of type {column.type}; teach tests/isolation/world.py")
    return makers[column.type]()


def read_catalogue(cursor: Any) -> Catalogue:
    """All tables of the schema `public` but the migrations' ledger."""
    allowed = _allowed(cursor)
    columns: dict[str, list[Column]] = {}
    cursor.execute(_COLUMNS)
    for table, name, kind, is_nullable, is_made in cursor.fetchall():
        column = Column(name, kind, is_nullable, is_made, allowed.get((table, name), ()))
        columns.setdefault(table, []).append(column)
    cursor.execute(_REFERENCES)
    references: dict[str, dict[str, tuple[str, str]]] = {}
    for table, name, parent, column in cursor.fetchall():
        references.setdefault(table, {}).setdefault(name, (parent, column))
    cursor.execute(_UNIQUE)
    unique: dict[str, list[tuple[str, ...]]] = {}
    for table, names in cursor.fetchall():
        unique.setdefault(table, []).append(tuple(names))
    tables = {
        name: Table(name, tuple(found), references.get(name, {}), tuple(unique.get(name, ())))
        for name, found in columns.items()
        if name != "schema_migrations"
    }
    return Catalogue(tables, frozenset(name for name in tables if _has_rows(cursor, name)))


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
    return bool(cursor.fetchone()[0])


def _allowed(cursor: Any) -> dict[tuple[str, str], tuple[str, ...]]:
    cursor.execute(_CHECKS)
    return {
        (table, column): tuple(re.findall(r"'([^']*)'::text", definition))
        for table, column, definition in cursor.fetchall()
        if re.search(r"= (ANY \(ARRAY\[|')", definition)
    }


def insert(cursor: Any, rows: Rows) -> None:
    """Puts the rows in as they are; their order does not matter, because their keys fit by construction."""
    parts = ["SET LOCAL session_replication_role = replica"]
    for table, row in rows.items():
        values = cursor.mogrify(", ".join(["%s"] * len(row)), list(row.values())).decode()
        parts.append(f"INSERT INTO {table} ({', '.join(row)}) OVERRIDING SYSTEM VALUE VALUES ({values})")
    cursor.execute("; ".join([*parts, "SET LOCAL session_replication_role = origin"]))


def dump(cursor: Any, tables: Iterable[str], *, with_locks: bool = False) -> dict[str, list[str]]:
    """Table → its rows as JSON, sorted. With locks, a row that somebody has locked differs from one left alone."""
    lock = " || jsonb_build_object('is_free', t.xmax = 0)" if with_locks else ""
    row = f"SELECT '{{0}}', (to_jsonb(t){lock})::text FROM {{0}} AS t"
    found: dict[str, list[str]] = {table: [] for table in tables}
    if found:
        cursor.execute(" UNION ALL ".join(map(row.format, found)) + " ORDER BY 1, 2")
        for table, text in cursor.fetchall():
            found[table].append(text)
    return found


_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, a.attidentity <> ''
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""
_REFERENCES = """
SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, b.attname
FROM pg_constraint AS k
CROSS JOIN unnest(k.conkey, k.confkey) AS pair (own, other)
JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = pair.own
JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = pair.other
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
ORDER BY k.conrelid, array_length(k.conkey, 1), k.oid
"""
_UNIQUE = """
SELECT i.indrelid::regclass::text, array_agg(a.attname::text)
FROM pg_index AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
JOIN pg_class AS c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
WHERE i.indisunique
GROUP BY i.indexrelid, i.indrelid
"""
_CHECKS = """
SELECT k.conrelid::regclass::text, a.attname, pg_get_constraintdef(k.oid)
FROM pg_constraint AS k
JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'c' AND array_length(k.conkey, 1) = 1 AND k.connamespace = 'public'::regnamespace
"""
