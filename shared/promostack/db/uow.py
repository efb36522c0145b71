"""A unit of work: one short transaction for one tenant.

The tenant is set with `SET LOCAL`, so row-level security sees it and a pooled connection forgets it at the end. What is
set travels with the first statement: a unit of work costs a round trip for each statement and one for its commit.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from promostack.core import transactions
from promostack.db import connection
from promostack.db.errors import AlreadyThere, DatabaseUnavailable, SchemaOutdated

STATEMENT_TIMEOUT_MS = 4_000
_SETTINGS = (
    "SELECT set_config('app.tenant_id', %(tenant_id)s, true), set_config('app.user_id', %(user_id)s, true),"
    f" set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true)"
)
_NOT_DURABLE = ", set_config('synchronous_commit', 'off', true)"
_BEGIN = "BEGIN; "
_BEGIN_READ_ONLY = "BEGIN READ ONLY; "
_BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; "


class Transaction:
    """Runs named statements inside one transaction; the first of them begins it."""

    def __init__(self, begin: str, settings: Mapping[str, str]) -> None:
        self._begin, self._settings = begin, settings
        self._database: Any = None
        self._cursor: Any = None

    def rows(self, query: str, **params: object) -> list[dict[str, Any]]:
        """All rows of a query as dicts."""
        self._execute(query, params)
        names = [column.name for column in self._cursor.description]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def row(self, query: str, **params: object) -> dict[str, Any] | None:
        """The first row, or None."""
        found = self.rows(query, **params)
        return found[0] if found else None

    def value(self, query: str, **params: object) -> Any:
        """The first column of the first row, or None."""
        self._execute(query, params)
        row = self._cursor.fetchone()
        return row[0] if row else None

    def run(self, query: str, **params: object) -> int:
        """Runs a statement; returns how many rows it touched."""
        self._execute(query, params)
        return int(self._cursor.rowcount)

    def run_many(self, query: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Runs one statement for several sets of parameters, a hundred a round trip."""
        from psycopg2.extras import execute_batch

        if self._cursor is None:
            self._open()
        execute_batch(self._cursor, query, rows)

    def commit(self) -> None:
        """Makes it lasting. Nothing was begun when nothing was run."""
        if self._cursor is None:
            return
        self._cursor.execute("COMMIT")
        if self._cursor.statusmessage != "COMMIT":  # what the server says to a transaction in which something failed
            raise RuntimeError(
                "A statement of this unit of work failed and the error was swallowed; nothing is stored."
            )
        connection.answered()

    def roll_back(self) -> None:
        """Undoes everything; a connection on which even that fails is thrown away."""
        import psycopg2

        if self._cursor is None:
            return
        try:
            self._cursor.execute("ROLLBACK")
        except psycopg2.Error:
            connection.discard()

    def _execute(self, query: str, params: Mapping[str, object]) -> None:
        if self._cursor is None and not connection.is_fresh():
            self._open()
        if self._cursor is None:
            self._open_with(query, params)
        else:
            self._cursor.execute(query, params)

    def _open(self) -> None:
        """Begins. A connection that died or fell silent while it was idle is replaced once: nothing is lost by that."""
        import psycopg2

        for is_last in (False, True):
            try:
                self._send(connection.BEGIN_WITHIN_S)
                return
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                connection.discard()
                if is_last:
                    raise DatabaseUnavailable("The database does not answer; try again in a moment.") from error

    def _open_with(self, query: str, params: Mapping[str, object]) -> None:
        """Begins and runs the first statement in one message, which commits nothing whatever becomes of it."""
        import psycopg2

        try:
            self._send(connection.ANSWER_WITHIN_S, query, params)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            if self._database.is_silent or not self._database.closed:
                raise  # it was waited for long enough, or it lives and refuses the statement
            connection.discard()
            self._open()
            self._cursor.execute(query, params)

    def _send(self, within_s: float, query: str = "", params: Mapping[str, object] | None = None) -> None:
        self._database = connection.current()
        self._database.answers_within_s = within_s
        cursor = self._cursor = self._database.cursor()
        first = b";\n" + cursor.mogrify(query, params) if query else b""
        cursor.execute(cursor.mogrify(self._begin, self._settings) + first)
        self._database.answers_within_s = connection.ANSWER_WITHIN_S


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
    settings = {"tenant_id": tenant_id or "", "user_id": user_id or ""}
    tx = Transaction(_beginning(is_durable=is_durable, is_snapshot=is_snapshot), settings)
    try:
        with transactions.marked_open():
            yield tx
        tx.commit()
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        connection.discard()
        raise DatabaseUnavailable("The database went away; try again in a moment.") from error
    except psycopg2.errors.UniqueViolation as error:
        tx.roll_back()
        raise AlreadyThere(error.diag.constraint_name or "") from error
    except (
        psycopg2.errors.UndefinedTable,
        psycopg2.errors.UndefinedColumn,
        psycopg2.errors.UndefinedFunction,
    ) as error:
        tx.roll_back()
        raise SchemaOutdated("The database is being updated; try again in a moment.") from error
    except BaseException:
        tx.roll_back()
        raise


def _beginning(*, is_durable: bool, is_snapshot: bool) -> str:
    if is_snapshot:
        return _BEGIN_SNAPSHOT + _SETTINGS
    begin = _BEGIN_READ_ONLY if transactions.is_reading_only() else _BEGIN
    return begin + _SETTINGS + ("" if is_durable else _NOT_DURABLE)
