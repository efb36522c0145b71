"""A unit of work: one short transaction for one tenant.

The tenant is set with `SET LOCAL`, so row-level security sees it and a pooled connection forgets it at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from promostack.core import transactions
from promostack.db import connection
from promostack.db.errors import AlreadyThere, DatabaseUnavailable, SchemaOutdated

STATEMENT_TIMEOUT_MS = 4_000
_BEGIN = (
    "SELECT set_config('app.tenant_id', %(tenant_id)s, true), set_config('app.user_id', %(user_id)s, true),"
    f" set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true)"
)
_BEGIN_LAZY = _BEGIN + ", set_config('synchronous_commit', 'off', true)"
_READ_ONLY = "SET TRANSACTION READ ONLY; "
_BEGIN_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; " + _BEGIN


class Transaction:
    """Runs named statements inside an open transaction."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def rows(self, query: str, **params: object) -> list[dict[str, Any]]:
        """All rows of a query as dicts."""
        self._cursor.execute(query, params)
        names = [column.name for column in self._cursor.description]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def row(self, query: str, **params: object) -> dict[str, Any] | None:
        """The first row, or None."""
        found = self.rows(query, **params)
        return found[0] if found else None

    def value(self, query: str, **params: object) -> Any:
        """The first column of the first row, or None."""
        self._cursor.execute(query, params)
        row = self._cursor.fetchone()
        return row[0] if row else None

    def run(self, query: str, **params: object) -> int:
        """Runs a statement; returns how many rows it touched."""
        self._cursor.execute(query, params)
        return int(self._cursor.rowcount)

    def run_many(self, query: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Runs one statement for several sets of parameters, a hundred a round trip."""
        from psycopg2.extras import execute_batch

        execute_batch(self._cursor, query, rows)


@contextmanager
def unit_of_work(
    tenant_id: str | None, *, user_id: str | None = None, is_durable: bool = True, is_snapshot: bool = False
) -> Iterator[Transaction]:
    """Opens a transaction that sees only `tenant_id`'s rows (None: no tenant's rows at all, router functions only).

    `user_id` is the signed-in person, who may see and change his own row. `is_durable` false spares the commit's wait
    for the disk: right for counters and caches only, because a crash of the server may undo its last half second.
    `is_snapshot` true only reads, and all its statements see one and the same moment.

    Commits at the end, rolls back on any exception. Raises DatabaseUnavailable when Postgres cannot be reached and
    AlreadyThere when a unique constraint refuses a row; units of work do not nest.
    """
    import psycopg2

    if transactions.is_open():
        raise RuntimeError("A unit of work is already open; pass its transaction on instead of opening another.")
    database = _begin(_beginning(is_durable=is_durable, is_snapshot=is_snapshot), tenant_id, user_id)
    try:
        with transactions.marked_open(), database.cursor() as cursor:
            yield Transaction(cursor)
        database.commit()
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        connection.discard()
        raise DatabaseUnavailable("The database went away; try again in a moment.") from error
    except psycopg2.errors.UniqueViolation as error:
        _roll_back(database)
        raise AlreadyThere(error.diag.constraint_name or "") from error
    except (
        psycopg2.errors.UndefinedTable,
        psycopg2.errors.UndefinedColumn,
        psycopg2.errors.UndefinedFunction,
    ) as error:
        _roll_back(database)
        raise SchemaOutdated("The database is being updated; try again in a moment.") from error
    except BaseException:
        _roll_back(database)
        raise


def _beginning(*, is_durable: bool, is_snapshot: bool) -> str:
    begin = _BEGIN if is_durable else _BEGIN_LAZY
    if is_snapshot:
        return _BEGIN_SNAPSHOT
    return _READ_ONLY + begin if transactions.is_reading_only() else begin


def _begin(begin: str, tenant_id: str | None, user_id: str | None) -> Any:
    """A connection with the transaction begun. One that died while it was idle is replaced once, nothing being lost."""
    import psycopg2

    for is_last in (False, True):
        database = connection.current()
        database.answers_within_s = connection.BEGIN_WITHIN_S
        try:
            with database.cursor() as cursor:
                cursor.execute(begin, {"tenant_id": tenant_id or "", "user_id": user_id or ""})
            database.answers_within_s = connection.ANSWER_WITHIN_S
            return database
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            connection.discard()
            if is_last:
                raise DatabaseUnavailable("The database does not answer; try again in a moment.") from error
    raise AssertionError("unreachable")


def _roll_back(database: Any) -> None:
    """Rolls back; a connection on which even that fails is thrown away."""
    import psycopg2

    try:
        database.rollback()
    except psycopg2.Error:
        connection.discard()
