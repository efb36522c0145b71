"""Every statement of the library, its tenant filters, and what it does to two tenants.

A filter is a comparison of a `tenant_id` that holds rows back. The filters of one statement are removed one by one, or
all of them (`stripped`). `observe` runs a statement as tenant `mine` with or without the rows of a twin beside it: both
must come to the same, and the twin must be as it was.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import psycopg2

from promostack.db.sql import Queries
from tests.isolation import samples
from tests.isolation.world import FUTURE, PAST, SHARED, Catalogue, Maker, Rows, Tenant, dump, insert

LIBRARY = Path(__file__).resolve().parents[2] / "shared" / "promostack"
MINE, OTHER = Tenant("mine", 1, is_twin=True), Tenant("other", 2, is_twin=True)
# Somebody who has to do with the other tenant only.
STRANGER = Tenant("other", 3)

_PARAMETER = re.compile(r"%\((\w+)\)s")
_FILTER = re.compile(r"(?:\w+\.)?tenant_id = (?:%\(tenant_id\)s(?:::uuid)?|\w+\.tenant_id)")
_MENTION = re.compile(r"(?:\w+\.)?tenant_id\s*(?:=|<>|!=|IN\b|IS\b|ANY\b)", re.I)


@dataclass(frozen=True)
class Statement:
    """One named query; `tables` are those of the schema that it mentions, in its order."""

    name: str
    sql: str
    tables: tuple[str, ...]

    @property
    def is_global(self) -> bool:
        return "-- scope: global" in self.sql

    @property
    def parameters(self) -> list[str]:
        return list(dict.fromkeys(_PARAMETER.findall(self.sql)))


@dataclass(frozen=True)
class Mutant:
    """A statement without one of its filters."""

    statement: Statement
    removed: str
    sql: str

    def __str__(self) -> str:
        return f"{self.statement.name} without {self.removed!r}"


@dataclass(frozen=True)
class World:
    """`changes` holds for both tenants, `my_changes` for mine; `mine_lacks` is a table that has the twin's row only.

    `asks_for_other`: I name what is the other's alone, such as the number of its bot. Not `is_twin`: the other's rows
    have ids of their own.
    """

    changes: tuple[tuple[str, str, Any], ...] = ()
    mine_lacks: str | None = None
    my_changes: tuple[tuple[str, str, Any], ...] = ()
    asks_for_other: bool = False
    is_twin: bool = True


@dataclass(frozen=True)
class Observation:
    """What a statement answered (rows, or the error), and what it left of both tenants."""

    answer: object
    mine: Mapping[str, list[str]]
    other: Mapping[str, list[str]]
    other_before: Mapping[str, list[str]]


def statements(catalogue: Catalogue) -> list[Statement]:
    """All named queries of the library."""
    found = []
    for path in sorted(LIBRARY.rglob("queries.sql")):
        queries = Queries(path.read_text("utf-8"))
        for name in queries.names():
            sql = getattr(queries, name)
            words = re.findall(r"\b\w+\b", "\n".join(line for line in sql.splitlines() if not line.startswith("--")))
            tables = tuple(dict.fromkeys(word for word in words if word in catalogue.tables))
            found.append(Statement(f"{path.parent.relative_to(LIBRARY).as_posix()}.{name}", sql, tables))
    return found


def filters(sql: str) -> list[list[re.Match[str]]]:
    """The filters of a statement; one that is written twice in one SELECT is one filter.

    A filter of a conflict's update is none: the conflict's own key holds the tenant, so no other row can meet it.
    """
    unknown = len(_MENTION.findall(sql)) - len(_FILTER.findall(sql))
    if unknown:
        raise AssertionError(f"tenant_id is compared in a way that the mutants do not know:\n{sql}")
    groups: dict[tuple[int, str], list[re.Match[str]]] = {}
    for match in _FILTER.finditer(sql):
        scope, depth = _scope(sql, match.start())
        conflict = sql.find("ON CONFLICT")
        if not (0 <= conflict < match.start() and depth == 0):
            groups.setdefault((scope, match[0]), []).append(match)
    return list(groups.values())


def mutants(statement: Statement) -> Iterator[Mutant]:
    """The statement with each of its filters removed."""
    for group in filters(statement.sql):
        yield Mutant(statement, group[0][0], _without(statement.sql, group))


def stripped(statement: Statement) -> str:
    """The statement without any filter."""
    return _without(statement.sql, [match for group in filters(statement.sql) for match in group])


def arguments(statement: Statement, maker: Maker, tenant: Tenant) -> dict[str, Any]:
    """A value for each parameter; raises AssertionError naming one for which there is none."""
    found: dict[str, Any] = {}
    for name in statement.parameters:
        specific = f"{statement.name}.{name}"
        column = next((table for table in statement.tables if name in maker.catalogue.tables[table].by_name), None)
        if specific not in samples.ARGUMENTS and (column or name == "tenant_id"):
            found[name] = maker.value(MINE if name == "tenant_id" else tenant, column or "tenants", name)
        elif (known := next((each for each in (specific, name) if each in samples.ARGUMENTS), None)) is not None:
            found[name] = _resolved(samples.ARGUMENTS[known], maker, tenant)
        elif pattern := next((each for each in samples.NAMED if re.fullmatch(each, name)), None):
            found[name] = samples.NAMED[pattern]
        else:
            raise AssertionError(f"no argument for {specific}; add one to tests/isolation/samples.py")
    return found


def _resolved(sample: Any, maker: Maker, tenant: Tenant) -> Any:
    if isinstance(sample, list):
        return [_resolved(each, maker, tenant) for each in sample]
    table, _, column = sample.partition(".") if isinstance(sample, str) else ("", "", "")
    is_reference = table in maker.catalogue.tables and column in maker.catalogue.tables[table].by_name
    return maker.value(tenant, table, column) if is_reference else sample


def simple_worlds(statement: Statement) -> Iterator[World]:
    """Twins that are alike, one that asks for what is the other's, and twins of which one lacks a row.

    An INSERT of what is the other's alone may fail: what is unique everywhere, such as a slug, is known to be taken.
    """
    yield World()
    if "INSERT INTO" not in statement.sql:
        yield World(asks_for_other=True)
    yield from (World(mine_lacks=table) for table in statement.tables)


def worlds(statement: Statement, catalogue: Catalogue) -> Iterator[World]:
    """From simple worlds to twins that differ in a column that can decide something."""
    choices = [
        (table, column.name, value)
        for table in statement.tables
        for column in catalogue.tables[table].columns
        for value in _alternatives(table, column, statement)
    ]
    yield from simple_worlds(statement)
    singles = [(each,) for each in choices]
    pairs = [pair for pair in combinations(choices, 2) if pair[0][:2] != pair[1][:2]]
    for both in ([()], singles, pairs):
        yield from (World(changes) for changes in both)
        yield from (World(changes, mine_lacks=table) for changes in both for table in statement.tables)
        for changes in both:
            mine = [(each,) for each in choices if each not in changes]
            yield from (World(changes, my_changes=each) for each in mine)
            yield from (World(changes, my_changes=each, is_twin=False) for each in mine if len(changes) < 2)


def observe(
    cursor: Any,
    catalogue: Catalogue,
    statement: Statement,
    sql: str,
    *,
    world: World,
    role: str,
    with_other: bool = True,
) -> Observation:
    """Runs `sql` as `role` in the transaction of tenant `mine`, and takes all of it back."""
    cursor.execute("SAVEPOINT before")
    try:
        tables = [name for name in statement.tables if name in catalogue.tables]
        fill(cursor, catalogue, tables, world, with_other=with_other)
        number_alike(cursor, catalogue, tables)
        before = by_tenant(dump(cursor, tables, with_locks=True), is_other=True)
        values = arguments(statement, Maker(catalogue), OTHER if world.asks_for_other else MINE)
        answer = run(cursor, role, sql, values)
        after = dump(cursor, tables, with_locks=True)
        return Observation(answer, by_tenant(after, is_other=False), by_tenant(after, is_other=True), before)
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT before; RELEASE SAVEPOINT before")


def fill(cursor: Any, catalogue: Catalogue, tables: list[str], world: World, *, with_other: bool) -> None:
    """Puts the world's rows in."""
    both = {(table, column): value for table, column, value in world.changes}
    own = {(table, column): value for table, column, value in world.my_changes}
    # The other's first: a statement that stops at the first row it finds must not find mine by chance.
    if with_other:
        other = OTHER if world.is_twin else STRANGER
        insert(cursor, _leave_out(Maker(catalogue, both).rows(other, tables), set(SHARED)))
        insert(cursor, Maker(catalogue).rows(STRANGER, SHARED))
    insert(cursor, _leave_out(Maker(catalogue, {**both, **own}).rows(MINE, tables), {world.mine_lacks}))


def number_alike(cursor: Any, catalogue: Catalogue, tables: Iterable[str]) -> None:
    """A sequence goes on after a rollback; two runs that are compared must number alike."""
    made = [(name, column.name) for name in tables for column in catalogue.tables[name].columns if column.is_made]
    if made:
        cursor.execute("SELECT " + ", ".join(f"setval(pg_get_serial_sequence('{t}', '{c}'), 1000)" for t, c in made))


def _leave_out(rows: Rows, names: Collection[str | None]) -> Rows:
    return {name: row for name, row in rows.items() if name not in names}


def run(cursor: Any, role: str, sql: str, values: Mapping[str, Any]) -> object:
    cursor.execute(
        "SAVEPOINT statement; SELECT set_config('app.tenant_id', %s, true), set_config('app.user_id', %s, true);"
        f" SET LOCAL ROLE {role}",
        (MINE.id, samples.user_id(MINE)),
    )
    try:
        cursor.execute(sql, values)
        answer: object = (cursor.rowcount, sorted(map(repr, cursor.fetchall())) if cursor.description else None)
    except psycopg2.Error as error:
        answer = f"{error.pgcode} {error.diag.message_primary}"
        cursor.execute("ROLLBACK TO SAVEPOINT statement; RELEASE SAVEPOINT statement")
    cursor.execute("RESET ROLE")
    return answer


def by_tenant(tables: Mapping[str, list[str]], *, is_other: bool) -> dict[str, list[str]]:
    def belongs(row: str) -> bool:
        return OTHER.id in row or OTHER.canary in row

    return {name: [row for row in rows if belongs(row) == is_other] for name, rows in tables.items()}


def _alternatives(table: str, column: Any, statement: Statement) -> list[Any]:
    """Other values of a column that the statement mentions and on which it may depend."""
    if not re.search(rf"\b{column.name}\b", statement.sql):
        return []
    if told := samples.ALTERNATIVES.get((table, column.name)):
        return told
    if column.allowed:
        return list(column.allowed)
    listed = " ".join(re.findall(rf"\b{column.name} (?:= '[^']*'|IN \('[^)]*\))", statement.sql))
    if literals := re.findall(r"'([^']*)'", listed):
        return list(dict.fromkeys(literals))
    if column.type == "boolean":
        return [False]
    if column.type == "integer":
        return [0]
    if column.type == "timestamp with time zone":
        return [PAST, FUTURE, *([None] if column.is_nullable else [])]
    if column.is_made:
        return [2]  # twins are numbered alike; this row came after the other's
    return [None] if column.is_nullable else []


def _without(sql: str, matches: list[re.Match[str]]) -> str:
    for match in sorted(matches, key=lambda each: each.start(), reverse=True):
        sql = f"{sql[: match.start()]}true{sql[match.end() :]}"
    return sql


def _scope(sql: str, position: int) -> tuple[int, int]:
    """(where the SELECT around the position begins, how many parentheses are open)."""
    opened: list[int] = []
    for index, character in enumerate(sql[:position]):
        if character == "(":
            opened.append(index)
        elif character == ")":
            opened.pop()
    selects = [index for index in opened if sql[index + 1 :].lstrip().startswith("SELECT")]
    return (selects[-1] if selects else 0), len(opened)
